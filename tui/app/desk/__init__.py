"""What runs behind the screen, without a widget: finding, reading, watching, building, and the records of it."""
