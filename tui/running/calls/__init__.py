"""calls.yaml: calls of a function that are kept beside it, with what is expected of each."""
