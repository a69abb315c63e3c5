"""Out of a workspace: to the shell, or on to another one. It is asked about only while something builds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from tui.app.desk.builds.builds import Builds
from tui.app.keys.actions import Action
from tui.app.options import shown_folder
from tui.app.rows.glyphs import Glyphs

if TYPE_CHECKING:
    from textual.screen import Screen, ScreenResultCallbackType
    from textual.widget import AwaitMount

    from tui.app.terminal.driver import Terminal


class Left(Protocol):
    """The app, as it is left."""

    @property
    def terminal(self) -> Terminal | None:
        """The terminal that it owns."""

    def end(self, code: int) -> None:
        """Leave, without asking."""

    def push_screen(self, screen: Screen[Any], callback: ScreenResultCallbackType[Any]) -> AwaitMount:
        """Show a dialog."""


class Leaving:
    """Asks, ends the app, and knows where the person goes from there."""

    def __init__(self, app: Left, builds: Builds, glyphs: Glyphs, table: Sequence[Action]) -> None:
        self._app = app
        self._builds = builds
        self._glyphs = glyphs
        self._table = tuple(table)
        self._asking = False
        self.following: Path | None = None  # the workspace that is opened when this one is left

    def ask_to_quit(self) -> None:
        """Quit; ask only while something builds."""
        self._ask(None)

    def go_on_to(self, workspace: Path) -> None:
        """Leave this workspace for another one; ask only while something builds."""
        self._ask(workspace)

    def _ask(self, following: Path | None) -> None:
        if self._asking:
            return
        count = self._builds.busy
        if not count:
            self._leave(following)
            return
        from tui.app.dialogs.quitting import QuitScreen

        def answered(leave: bool | None) -> None:
            self._asking = False
            if leave:
                self._leave(following)

        self._asking = True
        dialog = QuitScreen(count, self._glyphs, "" if following is None else shown_folder(following))
        dialog.table = self._table
        self._app.push_screen(dialog, answered)

    def _leave(self, following: Path | None) -> None:
        self._app.end(0)
        self.following = following

    def make_way(self) -> int | None:
        """After the app's end: let another screen have the terminal. Gives the exit code where a signal said meanwhile
        that all is to end.
        """
        return self._app.terminal.ending.call_off() if self._app.terminal is not None else None
