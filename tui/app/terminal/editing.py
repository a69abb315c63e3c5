"""The person's editor at a place: in the terminal, which the screen gives up meanwhile, or in a window of its own."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from tui.app.messages import EditPlace
from tui.app.notices import Notice
from tui.text import printable

if TYPE_CHECKING:
    from tui.app.terminal.driver import Terminal
    from tui.building.editor import EditorCommand


class Lender(Protocol):
    """Who has the terminal, and can lend it."""

    @property
    def is_web(self) -> bool:
        """Whether it is a page in a browser, behind which there is no terminal."""

    @property
    def terminal(self) -> Terminal | None:
        """The terminal that we own; None in a browser, and in tests that need none."""

    def suspend(self) -> AbstractContextManager[None]:
        """Leave the terminal for a while. Raises SuspendNotSupported."""

    def draw_again(self) -> None:
        """It was another's for a while: draw all of it."""

    def say(self, notice: Notice) -> None:
        """Something to tell the person."""


class Editing:
    """Opens the person's editor, and knows the one that has the terminal."""

    def __init__(self, app: Lender, setting: str, edited: Callable[[list[Path]], None]) -> None:
        self.app = app
        self.setting = setting  # the editor as the settings name it
        self.edited = edited  # told which files those were, afterwards
        self._editor: subprocess.Popen[bytes] | None = None  # the one that has the terminal now
        self._told: set[str] = set()  # editors of which was said that they get no line number

    def edit(self, place: EditPlace, others: Sequence[Path] = ()) -> None:
        """Open the editor there and on these files; in the terminal, the screen makes room and comes back."""
        notice = self._open(place, others)
        if notice is not None:
            self.app.say(notice)
        self.edited([place.path, *others])

    def end(self) -> None:
        """Tell the editor that has the terminal that we are ending; called from another thread than the waiting one."""
        editor = self._editor
        if editor is not None:
            editor.send_signal(signal.SIGHUP)

    def _open(self, place: EditPlace, others: Sequence[Path]) -> Notice | None:
        """What to say of it, or None for nothing."""
        from tui.building.editor import editor_command

        path = place.path
        if not path.parent.is_dir():
            return Notice(f"{path.parent} is gone", "error")
        command = editor_command(path, place.line, place.column, setting=self.setting)
        if isinstance(command, str):
            return Notice(command, "error", "Editor")
        command = replace(command, argv=(*command.argv, *(str(other) for other in others)))
        if not command.takes_terminal:
            return _in_window(command, path, self._without_line(command))
        if self.app.is_web:
            said = f"no editor in a browser: edit {path} on the machine that serves this page"
            return Notice(said, "warning", "Editor")
        return self._in_terminal(command) or self._without_line(command)

    def _without_line(self, command: EditorCommand) -> Notice | None:
        """Once for each editor: that it was not given the line, which ones are, and how it can be."""
        name = Path(command.argv[0]).name
        if command.at_place or name in self._told:
            return None
        self._told.add(name)
        known = "vim, nano, emacs, hx, micro, kak, VS Code, Zed, Sublime Text, JetBrains' and their kin are given it"
        how = f'for another, name it in the setting: editor = "{name} +{{line}} {{file}}"'
        return Notice(f"how {name} takes a line is not known: {known}; {how}", "information", "Editor")

    def _in_terminal(self, command: EditorCommand) -> Notice | None:
        """Run it in the terminal, and come back. Nothing may be awaited meanwhile: Textual would deadlock."""
        from textual.app import SuspendNotSupported

        try:
            code = self._lend(command)
        except SuspendNotSupported:
            return Notice("this terminal cannot be given to an editor", "warning", "Editor")
        except OSError as error:
            return _cannot(command, error)
        self.app.draw_again()
        if code:
            return Notice(f"{Path(command.argv[0]).name} ended with exit code {code}", "warning", "Editor")
        return None

    def _lend(self, command: EditorCommand) -> int:
        """Its exit code. What is typed while it has the terminal is its own."""
        terminal = self.app.terminal
        with self.app.suspend(), terminal.lent() if terminal is not None else nullcontext():
            try:
                with subprocess.Popen(command.argv, executable=command.program) as self._editor:
                    return self._editor.wait()
            finally:
                self._editor = None


def _in_window(command: EditorCommand, path: Path, besides: Notice | None) -> Notice:
    """Start it, and go on. `besides`: what there is to say of it."""
    try:
        subprocess.Popen(
            command.argv,
            executable=command.program,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            cwd=path.parent,
        )
    except OSError as error:
        return _cannot(command, error)
    return besides or Notice(f"opened {printable(path.name)} in {Path(command.argv[0]).name}")


def _cannot(command: EditorCommand, error: OSError) -> Notice:
    return Notice(f"{command.argv[0]} cannot be started: {error.strerror or error}", "error", "Editor")
