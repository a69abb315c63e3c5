"""From bytes to a Module: decoding, names, sizes. Knows nothing of functions or hosts."""
