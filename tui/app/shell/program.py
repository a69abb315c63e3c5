"""What the parts of the screen may ask of the program: its narrow face, so that none of them knows the app."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from tui.app.rows.table import EditPlace
from tui.app.shell.toast import Sayings, Toast


class Program(Protocol):
    """The application, as its screens see it."""

    @property
    def theme(self) -> str:
        """The theme in use."""

    @property
    def sayings(self) -> Sayings:
        """All that was said so far."""

    def say(self, toast: Toast) -> None:
        """A sentence in the last line; never read as markup."""

    def tell_terminal(self, title: str) -> None:
        """The terminal's title."""

    def copy(self, text: str, what: str) -> None:
        """Copy a text, and say what it was."""

    def edit(self, place: EditPlace, others: Sequence[Path] = ()) -> None:
        """Open the person's editor there, with these files besides."""

    def try_theme(self, name: str) -> None:
        """Use a theme for now."""

    def theme_chosen(self, name: str) -> None:
        """Use a theme from now on."""

    def remember_sizes(self, sizes: Mapping[str, int]) -> None:
        """Keep the sizes of panes for the next time."""

    def toggle_mouse(self) -> None:
        """Leave the mouse to the terminal, or take it back."""

    def ask_to_quit(self) -> None:
        """Quit; ask only while something builds."""

    def fail(self, fault: BaseException) -> None:
        """A fault of ours, wherever it happened: end, and let the command line's boundary report it."""
