"""From bytes to a Module."""
