"""The boxes of the main screen, the lines around them, and what stands in their edges."""
