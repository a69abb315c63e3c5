"""Pane 9: a function run here. What is sent, what came back, and what it did in between."""
