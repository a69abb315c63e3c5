"""A sample workspace, shipped with the package."""
