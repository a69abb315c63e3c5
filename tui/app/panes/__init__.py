"""What the detail shows of one function, a pane a thought."""
