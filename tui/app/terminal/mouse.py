"""Whose the mouse is: ours, or the terminal's, to select text its way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from tui.app.shell.toast import Toast

if TYPE_CHECKING:
    from tui.app.terminal.driver import Terminal


class MouseOwner(Protocol):
    """The app, as far as the mouse goes."""

    @property
    def is_web(self) -> bool:
        """Whether it is a page in a browser."""

    @property
    def terminal(self) -> Terminal | None:
        """The terminal that we own."""

    def say(self, toast: Toast) -> None:
        """Something to tell the person."""


class Mouse:
    """Ours or the terminal's."""

    def __init__(self, app: MouseOwner, *, ours: bool) -> None:
        self.app = app
        self.ours = ours

    def toggle(self) -> None:
        """Leave the mouse to the terminal, or take it back."""
        if self.app.is_web:
            self.app.say(Toast("in a browser the mouse works here; with shift it selects text"))
            return
        self.ours = not self.ours
        if self.app.terminal is not None:
            self.app.terminal.use_mouse(self.ours)
        said = "the mouse works here again" if self.ours else "the mouse is the terminal's: F10 takes it back"
        self.app.say(Toast(said))

    def use(self, *, ours: bool) -> None:
        """Do as settings want that were agreed to just now."""
        if ours != self.ours:
            self.toggle()
