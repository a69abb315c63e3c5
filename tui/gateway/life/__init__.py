"""The life of a function as the host drives it: stations, words, picture."""
