"""A text that was cut, whole: scrolled, selected, copied."""

from __future__ import annotations

from typing import Final

from textual.widget import Widget

from tui.app.colours.roles import Part
from tui.app.dialogs.dialog import Dialog, hint
from tui.app.dialogs.dialog_rows import DialogRows
from tui.app.keys.handlers import Handlers
from tui.app.messages import CopyRequested
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import wrap
from tui.app.rows.table import Row
from tui.text import printable

SHOWN: Final = 200_000  # characters; copying takes all


class TextScreen(Dialog[None]):
    """The text, escaped, line by line."""

    DEFAULT_CSS = """
    TextScreen #dialog { width: 90%; }
    TextScreen #dialog-body { height: auto; max-height: 1fr; }
    """

    def __init__(self, title: str, text: str, glyphs: Glyphs) -> None:
        super().__init__(title, glyphs, hint(("copy", "copies"), ("back", "closes")))
        self.text = text
        self.rows = DialogRows(glyphs=glyphs)

    def body(self) -> list[Widget]:
        """The text."""
        return [self.rows]

    def handlers(self) -> Handlers:
        """Scrolling, copying all of it; what opened it closes it."""
        return {**super().handlers(), "copy": self.copy, "open": self.action_leave}

    def on_mount(self) -> None:
        """Fill it in."""
        self.rows.fill(self._rows_for)
        self.rows.focus()

    def _rows_for(self, width: int) -> list[Row]:
        """Each line of it, wrapped; none of them is stood on."""
        text = self.text[:SHOWN]
        lines = (wrap((Part(self.glyphs.text(printable(line))),), width) for line in text.split("\n"))
        return [Row(str(number), lines=tuple(each), selectable=False) for number, each in enumerate(lines)]

    def copy_target(self) -> CopyRequested:
        """The whole text."""
        return CopyRequested(self.text, self.dialog_title)

    def copy(self) -> None:
        """Copy it."""
        self.post_message(self.copy_target())
