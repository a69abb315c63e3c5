"""Between the screen and the terminal: what is written to it, read from it, and given up to an editor."""
