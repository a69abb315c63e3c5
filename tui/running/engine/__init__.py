"""wasmtime, held to what the gateway's engine does. Imported only when something is to be run."""
