"""A text that was cut, whole: scrolled, selected, copied."""

from __future__ import annotations

from typing import ClassVar, Final

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from tui.app.dialogs.dialog import Dialog, hint
from tui.app.rows.glyphs import Glyphs
from tui.app.shell.messages import CopyRequested
from tui.text import printable

SHOWN: Final = 200_000  # characters; copying takes all


class TextScreen(Dialog[None]):
    """The text, escaped, line by line."""

    DEFAULT_CSS = """
    TextScreen #dialog { width: 90%; }
    TextScreen VerticalScroll { height: auto; max-height: 1fr; scrollbar-size-vertical: 1; background: $surface; }
    TextScreen #dialog-body { height: auto; max-height: 1fr; }
    TextScreen Static { height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "copy", "Copy", show=False),
        Binding("j", "scroll(1)", show=False),
        Binding("k", "scroll(-1)", show=False),
        Binding("ctrl+d", "scroll(10)", show=False),
        Binding("ctrl+u", "scroll(-10)", show=False),
        Binding("q,enter", "leave", show=False),
    ]

    def __init__(self, title: str, text: str, glyphs: Glyphs) -> None:
        super().__init__(title, glyphs, hint(("y", "copies"), ("esc", "closes")))
        self.text = text
        self._scroll = VerticalScroll(Static(Content(self._shown()), markup=False), can_focus=True)

    def body(self) -> list[Widget]:
        """The text."""
        return [self._scroll]

    def _shown(self) -> str:
        return "\n".join(self.glyphs.text(printable(line)) for line in self.text[:SHOWN].split("\n"))

    def copy_target(self) -> CopyRequested:
        """The whole text."""
        return CopyRequested(self.text, self.dialog_title)

    def action_copy(self) -> None:
        """Copy it."""
        self.post_message(self.copy_target())

    def action_scroll(self, lines: int) -> None:
        """Scroll."""
        self._scroll.scroll_relative(y=lines, animate=False)
