"""Asks before quitting, only while something builds."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Static

from tui.app.colours.roles import Part, content
from tui.app.dialogs.dialog import Dialog, hint
from tui.app.keys.handlers import Handlers
from tui.app.rows.glyphs import Glyphs
from tui.text import plural, printable


class QuitScreen(Dialog[bool]):
    """Answers True to leave."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y,ctrl+q,ctrl+c", "quit_now", "Quit", show=False, priority=True),
        Binding("n,enter", "leave", "Stay", show=False),
    ]

    def __init__(self, count: int, glyphs: Glyphs, following: str = "") -> None:
        """`following`: the workspace that is opened then; not escaped."""
        title = f"Open {glyphs.text(printable(following, 60))}?" if following else "Quit?"
        super().__init__(title, glyphs, hint(("y", "leaves" if following else "quits"), ("n enter", "stays")))
        self.count = count
        self.leaving = "Leaving" if following else "Quitting"

    def handlers(self) -> Handlers:
        """The key that asked quits, asked again."""
        return {"back": self.action_leave, "quit": self.action_quit_now}

    def body(self) -> list[Widget]:
        """What would be stopped."""
        verb = "is" if self.count == 1 else "are"
        line = (
            Part(f"{plural(self.count, 'build')} {verb} under way. {self.leaving} stops "),
            Part("it" if self.count == 1 else "them"),
            Part("; the modules that were there before stay."),
        )
        return [Static(content([line]), markup=False)]

    def action_quit_now(self) -> None:
        """Quit."""
        self.dismiss(True)
