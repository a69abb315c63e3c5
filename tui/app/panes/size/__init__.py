"""Where the code bytes go: a treemap and a list."""
