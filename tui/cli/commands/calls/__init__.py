"""`fn-tui test`: the calls that are kept beside functions, run and compared."""
