"""The table of actions, and which keys call them."""
