"""The diagnostics of the last build, with the lines of source that they are about."""
