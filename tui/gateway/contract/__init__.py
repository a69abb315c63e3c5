"""A host's contract as data: its file, its fields, its records."""
