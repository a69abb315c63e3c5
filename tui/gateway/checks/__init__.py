"""The checks, a file for each thing that they look at, and the table of all of them."""
