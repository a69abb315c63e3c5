"""The log of a build."""
