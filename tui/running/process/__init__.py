"""Guests in a process of their own: whatever becomes of it, who asked goes on."""
