"""What panes ask of the app. Panes never reach sideways: they post one of these."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from textual.message import Message

from tui.facts import Fact


class EditPlace(Fact):
    """Where enter opens the editor. Lines and columns 1-based."""

    path: Path
    line: int | None = None
    column: int | None = None


@dataclass
class EditRequested(Message):
    """Open a file in the person's editor."""

    place: EditPlace


@dataclass
class CopyRequested(Message):
    """Copy `text`; `what` names it for the notice ("the planned argv")."""

    text: str
    what: str


@dataclass
class FullTextRequested(Message):
    """Show a text that was cut, whole, in a dialog."""

    title: str
    text: str


@dataclass
class ActionRequested(Message):
    """Run an action of the action table, as if its key had been pressed."""

    action: str


@dataclass
class TabChosen(Message):
    """A tab was clicked."""

    key: str


@dataclass
class TabTurned(Message):
    """The pane before this one in its box (-1), or after it (1), is wanted."""

    step: int


@dataclass
class StateChosen(Message):
    """The functions of one state are to be shown alone."""

    state: str  # "": all


@dataclass
class FilterTyped(Message):
    """The list's filter is being typed."""

    needle: str


@dataclass
class FilterKept(Message):
    """The list's filter was typed; the list has the keys again."""

    needle: str


@dataclass
class FunctionRequested(Message):
    """Bring another function before the eyes (an error of another function was chosen)."""

    path: str  # FunctionRecord.path
