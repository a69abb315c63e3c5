"""The three lives of a function: what the gateway calls, in which order, and what it says when it goes wrong."""
