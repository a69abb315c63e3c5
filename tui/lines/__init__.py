"""Styled lines and glyphs: one model for the screen and for what commands print."""
