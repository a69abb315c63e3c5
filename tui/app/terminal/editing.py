"""The person's editor at a place: in the terminal, which the screen gives up meanwhile, or in a window of its own."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from tui.app.rows.table import EditPlace
from tui.app.shell.toast import Toast
from tui.text import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.building.editor import EditorCommand


class Lender(Protocol):
    """Who has the terminal, and can lend it."""

    @property
    def is_web(self) -> bool:
        """Whether it is a page in a browser, behind which there is no terminal."""

    def lend_terminal(self, argv: Sequence[str], program: str) -> int:
        """Run a program in it; its exit code. Raises OSError, SuspendNotSupported."""

    def draw_again(self) -> None:
        """It was another's for a while: draw all of it."""


def open_editor(app: Lender, setting: str, place: EditPlace, others: Sequence[Path] = ()) -> Toast | None:
    """Open the editor there, and these files besides; what to say of it, or None for nothing.

    `setting`: the editor as the settings name it.
    """
    from tui.building.editor import editor_command

    path = place.path
    if not path.parent.is_dir():
        return Toast(f"{path.parent} is gone", "error")
    command = editor_command(path, place.line, place.column, setting=setting)
    if isinstance(command, str):
        return Toast(command, "error", "Editor")
    command = replace(command, argv=(*command.argv, *(str(other) for other in others)))
    if not command.takes_terminal:
        return _in_window(command, path)
    if app.is_web:
        return Toast(f"no editor in a browser: edit {path} on the machine that serves this page", "warning", "Editor")
    return _in_terminal(app, command)


def _in_window(command: EditorCommand, path: Path) -> Toast:
    """Start it, and go on."""
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
    return Toast(f"opened {printable(path.name)} in {Path(command.argv[0]).name}")


def _in_terminal(app: Lender, command: EditorCommand) -> Toast | None:
    """Run it in the terminal, and come back. Nothing may be awaited meanwhile: Textual would deadlock."""
    from textual.app import SuspendNotSupported

    try:
        code = app.lend_terminal(command.argv, command.program)
    except SuspendNotSupported:
        return Toast("this terminal cannot be given to an editor", "warning", "Editor")
    except OSError as error:
        return _cannot(command, error)
    app.draw_again()
    if code:
        return Toast(f"{Path(command.argv[0]).name} ended with exit code {code}", "warning", "Editor")
    return None


def _cannot(command: EditorCommand, error: OSError) -> Toast:
    return Toast(f"{command.argv[0]} cannot be started: {error.strerror or error}", "error", "Editor")
