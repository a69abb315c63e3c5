"""Builds behind the screen: asked for by a person or by watch, told in one sentence, recalled after a restart."""
