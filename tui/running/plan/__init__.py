"""What the gateway's engine makes of a module, decided before anything runs, and the bytes that wasmtime is given."""
