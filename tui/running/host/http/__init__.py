"""Fetches: made for real, within what the gateway allows, or answered from a file."""
