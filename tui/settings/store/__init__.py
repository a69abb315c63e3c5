"""What is worth keeping between runs: tables of values, kept in files, or in a database where they are many."""
