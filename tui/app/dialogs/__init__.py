"""What lies over the main screen when it is asked for."""
