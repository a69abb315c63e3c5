"""What is worth keeping between runs: one typed interface, and the files that stand behind it for now."""
