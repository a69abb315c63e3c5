"""A line to type into, in a frame with a label."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Container
from textual.widgets import Input

from tui.app.rows.glyphs import Glyphs


class Field(Container):
    """An input; its frame has colour while it has the keys."""

    DEFAULT_CSS = """
    Field { height: 3; border: round $border-blurred; border-title-color: $text-muted; padding: 0 1; }
    Field:focus-within { border: round $border; border-title-color: $text-primary; }
    Field.-ascii { border: ascii $border-blurred; }
    Field.-ascii:focus-within { border: ascii $border; }
    Field Input, Field Input:focus {
        border: none; height: 1; padding: 0; background: transparent; background-tint: transparent;
    }
    """

    def __init__(self, label: str, glyphs: Glyphs, *, placeholder: str = "") -> None:
        super().__init__(classes="-ascii" if glyphs.ascii else None)
        self.border_title = label
        self.input = Input(placeholder=placeholder, compact=True)

    def compose(self) -> ComposeResult:
        """The input."""
        yield self.input
