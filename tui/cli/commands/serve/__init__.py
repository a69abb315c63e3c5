"""`fn-tui serve`: the screen in a browser."""
