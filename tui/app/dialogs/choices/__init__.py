"""Lists to choose from, narrowed while one types."""
