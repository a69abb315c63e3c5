"""Where a module's bytes go: packages, functions, what calls retain."""
