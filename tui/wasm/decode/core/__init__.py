"""Core modules: their sections read one by one into a draft, and a Module made of it."""
