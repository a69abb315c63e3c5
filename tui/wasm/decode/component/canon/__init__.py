"""Canonical functions: what lifts, lowers and builds in, with the core functions that these are."""
