"""What the parts of the screen may ask of the program: its narrow face, so that none of them knows the app."""

from __future__ import annotations

from typing import Protocol

from tui.app.notices import Notice, Notices
from tui.app.shell.leaving import Leaving
from tui.app.shell.memory import Memory
from tui.app.shell.recent import RecentWorkspaces
from tui.app.terminal.copying import Copying
from tui.app.terminal.curtain import Curtain
from tui.app.terminal.editing import Editing
from tui.app.terminal.mouse import Mouse


class Program(Protocol):
    """The application, as its screens see it."""

    @property
    def theme(self) -> str:
        """The theme in use."""

    @property
    def notices(self) -> Notices:
        """All that was said so far."""

    @property
    def copying(self) -> Copying:
        """What copies a text, and says what it was."""

    @property
    def editing(self) -> Editing:
        """What opens the person's editor."""

    @property
    def memory(self) -> Memory:
        """What is kept for the next time."""

    @property
    def leaving(self) -> Leaving:
        """The ways out of this workspace."""

    @property
    def recent(self) -> RecentWorkspaces:
        """The workspaces that were open before."""

    @property
    def mouse(self) -> Mouse:
        """Whose the mouse is."""

    @property
    def curtain(self) -> Curtain:
        """What is before the screen until the names are on it."""

    def has_begun(self) -> None:
        """The main screen and what it is furnished with are there."""

    def say(self, notice: Notice) -> None:
        """A sentence in the last line; never read as markup."""

    def tell_terminal(self, title: str) -> None:
        """The terminal's title."""

    def try_theme(self, name: str) -> None:
        """Use a theme for now."""

    def theme_chosen(self, name: str) -> None:
        """Use a theme from now on."""

    def fail(self, fault: BaseException) -> None:
        """A fault of ours, wherever it happened: end, and let the command line's boundary report it."""
