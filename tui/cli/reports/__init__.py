"""What commands print: text for people, and formats that other programs read."""
