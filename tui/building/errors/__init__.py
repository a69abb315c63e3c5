"""From a compiler's output to diagnostics with places, fixes and plain words."""
