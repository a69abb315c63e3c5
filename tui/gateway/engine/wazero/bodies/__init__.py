"""wazero's validation of function bodies, instruction by instruction."""
