"""The export mode: the life of a function as the host will drive it."""
