"""The frame below the log where a search, a filter or a file name is typed. What is wrong with it stands beside it.

Its title says what is typed; where rows are short it is a line, and the title stands before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final, Literal

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from tui.app.colours.roles import style_of
from tui.app.keys.handlers import TYPING

Purpose = Literal["search", "only", "save"]
_LABELS: Final[dict[Purpose, str]] = {"search": "Search", "only": "Only matching", "save": "Save to"}
_HINTS: Final[dict[Purpose, str]] = {
    "search": "text, or /regular expression/",
    "only": "keep lines with this text, or /regular expression/",
    "save": "",
}


class LogBar(Horizontal):
    """Hidden until `ask`; tells what is typed and when it is done."""

    DEFAULT_CSS = """
    LogBar { height: 3; display: none; border: round $border; border-title-color: $text-primary; padding: 0 1; }
    LogBar.-ascii { border: ascii $border; }
    LogBar.-line { height: 1; border: none; }
    LogBar > .prompt { display: none; }
    LogBar.-line > .prompt { display: block; }
    LogBar > .prompt { width: auto; }
    LogBar > Input { width: 1fr; height: 1; border: none; padding: 0; background: transparent; }
    LogBar > .note { width: auto; max-width: 60%; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Leave", show=False)]

    @dataclass
    class Typed(Message):
        """The text changed."""

        purpose: Purpose
        text: str

    @dataclass
    class Done(Message):
        """Enter was pressed."""

        purpose: Purpose
        text: str

    class Left(Message):
        """Escape was pressed."""

    def __init__(self, *, ascii_only: bool = False) -> None:
        super().__init__(classes="-ascii" if ascii_only else None)
        self._purpose: Purpose = "search"
        self._prompt = Static(classes="prompt", markup=False)
        self._field = Input(compact=True, classes=TYPING)
        self._note = Static(classes="note", markup=False)

    def compose(self) -> ComposeResult:
        """Prompt, input, note."""
        yield self._prompt
        yield self._field
        yield self._note

    def ask(self, purpose: Purpose, text: str) -> None:
        """Show the bar for one purpose, with a text to start from."""
        self._purpose = purpose
        label = _LABELS[purpose]
        self.border_title = Content(label)
        self._prompt.update(Content.styled(f"{label} ", style_of("title")))
        self.say("")
        field = self._field
        field.placeholder = _HINTS[purpose]
        self.display = True
        field.value = text
        field.cursor_position = len(text)
        if self.is_attached:
            self.screen.set_focus(field)  # now: the next key may be on its way
        else:
            self.call_later(field.focus)  # the log itself was asked for in the same moment, and is not furnished yet

    def say(self, note: str, *, is_error: bool = False) -> None:
        """Put a word beside what is typed."""
        note = f" {note}" if note else ""
        self._note.update(Content.styled(note, style_of("error" if is_error else "muted")))

    def leave(self) -> None:
        """Hide the bar."""
        self.display = False

    def action_leave(self) -> None:
        """Escape."""
        self.post_message(self.Left())

    def on_input_changed(self, event: Input.Changed) -> None:
        """Pass on what is typed."""
        event.stop()
        if self.display:
            self.post_message(self.Typed(self._purpose, event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Pass on that it is done."""
        event.stop()
        self.post_message(self.Done(self._purpose, event.value))
