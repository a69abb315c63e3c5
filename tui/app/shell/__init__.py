"""The application, and the main screen: what is asked of it, where one looks, and what it says."""
