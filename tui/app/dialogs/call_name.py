"""The name under which a call is kept in calls.yaml."""

from __future__ import annotations

from typing import Final

from textual import on
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from tui.app.colours.roles import style_of
from tui.app.dialogs.dialog import Dialog, hint
from tui.app.dialogs.field import Field
from tui.app.keys.handlers import Handlers
from tui.app.rows.glyphs import Glyphs
from tui.running.calls.keep import LONGEST_NAME
from tui.text import printable

EXPLAINED: Final = "keeps the last call with what came of it: output, status, logs, host calls."


class CallNameScreen(Dialog[str]):
    """Answers the name."""

    DEFAULT_CSS = """
    CallNameScreen #said { height: auto; margin: 1 0 0 0; }
    """

    def __init__(self, path: str, glyphs: Glyphs) -> None:
        super().__init__(f"Keep a call of {path}", glyphs, hint(("open", "keeps it"), ("back", "closes")))
        self._typed = Field("Name", glyphs, placeholder="greets a caller")
        words = f"{EXPLAINED} {glyphs.key('test')} runs all kept calls."
        self._said = Static(Content.styled(glyphs.text(printable(words)), style_of("muted")), id="said")

    def body(self) -> list[Widget]:
        """The name, and what is kept."""
        return [self._typed, self._said]

    def handlers(self) -> Handlers:
        """Letters are for the name."""
        return {"back": self.action_leave, "open": self.done}

    def on_mount(self) -> None:
        """Type at once."""
        self._typed.input.max_length = LONGEST_NAME
        self._typed.input.focus()

    @on(Input.Submitted)
    def done(self) -> None:
        """Answer with what was typed; say so where nothing was."""
        name = self._typed.input.value.strip()
        if name:
            self.dismiss(name)
        else:
            self._said.update(Content.styled("it needs a name, by which it is found again", style_of("error")))
