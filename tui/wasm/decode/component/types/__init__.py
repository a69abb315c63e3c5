"""The types of components: how they are written, what they are, and when one may stand for another."""
