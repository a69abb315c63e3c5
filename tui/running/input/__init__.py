"""What comes in: who calls, frames of a connection, and what a trigger puts into a function."""
