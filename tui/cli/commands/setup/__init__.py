"""What one begins with: a function, the sample workspace, completions, settings."""
