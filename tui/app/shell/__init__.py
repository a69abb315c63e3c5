"""The frame of the screen: the application, the main screen with its boxes, its first and last line."""
