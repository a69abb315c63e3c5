"""A module, and the difference of two, as text for people."""
