"""All that was said so far, newest first: when, and every word of it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Final

from textual.widget import Widget

from tui.app.colours.roles import Line, Part
from tui.app.dialogs.dialog import Dialog, hint
from tui.app.dialogs.dialog_rows import DialogRows
from tui.app.keys.handlers import Handlers
from tui.app.notices import Said
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import line_of, wrap
from tui.app.rows.pane_rows import text_row
from tui.app.rows.table import Row

_SIGNS: Final = {"information": ("info", "accent"), "warning": ("warn", "warn"), "error": ("error", "error")}


def message_rows(said: Sequence[Said], glyphs: Glyphs, width: int) -> list[Row]:
    """A row for each, newest first."""
    if not said:
        return [text_row("none", (Part("nothing was said yet", "muted"),), width)]
    return [_row(one, number, glyphs, width) for number, one in reversed(list(enumerate(said)))]


def _row(said: Said, number: int, glyphs: Glyphs, width: int) -> Row:
    sign, role = _SIGNS[said.severity]
    clock = time.strftime("%H:%M:%S", time.localtime(said.at))
    lead = line_of(Part(f"{clock}  ", "muted"), Part(f"{glyphs[sign]} ", role))
    title = (Part(f"{glyphs.text(said.title)}  ", "title"),) if said.title else ()
    first, *rest = said.lines
    lines: list[Line] = wrap((*title, Part(glyphs.text(first))), width, lead)
    for text in rest:
        lines += wrap((Part(glyphs.text(text)),), width, (Part(" " * (len(clock) + 4)),))
    return Row(str(number), lines=tuple(lines), copy="\n".join(said.lines), what="the message")


class MessagesScreen(Dialog[None]):
    """The list; y copies one."""

    DEFAULT_CSS = """
    MessagesScreen > #dialog { width: 110; }
    MessagesScreen #dialog-body { max-height: 1fr; }
    """

    def __init__(self, said: Sequence[Said], glyphs: Glyphs) -> None:
        super().__init__("Messages", glyphs, hint(("copy", "copies"), ("back", "closes")))
        self.said = tuple(said)
        self.rows = DialogRows(glyphs=glyphs, id="messages")

    def handlers(self) -> Handlers:
        """The list's, copying, and the key that opened it."""
        return {**super().handlers(), "copy": self.rows.copy, "messages": self.action_leave}

    def body(self) -> list[Widget]:
        """The rows."""
        return [self.rows]

    def on_mount(self) -> None:
        """Fill them."""
        self.rows.fill(lambda width: message_rows(self.said, self.glyphs, width))
        self.rows.focus()
