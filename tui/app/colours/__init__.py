"""Themes, and the style of each role that a piece of text has."""
