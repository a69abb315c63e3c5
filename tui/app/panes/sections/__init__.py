"""What a module is made of, section by section."""
