"""Rows drawn line by line: cursor, filter, columns."""
