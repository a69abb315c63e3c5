"""`fn-tui run`: a function answers here."""
