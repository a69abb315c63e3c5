"""The list of functions: rows, filter, states."""
