"""What an engine has and lacks: WebAssembly features and what shows them."""
