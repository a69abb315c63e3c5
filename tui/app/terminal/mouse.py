"""Whose the mouse is: ours, or the terminal's, to select text its way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from tui.app.keys.actions import action_by_id, key_word
from tui.app.notices import Notice

if TYPE_CHECKING:
    from tui.app.keys.keymap import Keymap
    from tui.app.terminal.driver import Terminal


class MouseOwner(Protocol):
    """The app, as far as the mouse goes."""

    @property
    def is_web(self) -> bool:
        """Whether it is a page in a browser."""

    @property
    def keymap_read(self) -> Keymap:
        """The actions with the person's keys."""

    @property
    def terminal(self) -> Terminal | None:
        """The terminal that we own."""

    def say(self, notice: Notice) -> None:
        """Something to tell the person."""


class Mouse:
    """Ours or the terminal's."""

    def __init__(self, app: MouseOwner, *, ours: bool) -> None:
        self.app = app
        self.ours = ours

    def toggle(self) -> None:
        """Leave the mouse to the terminal, or take it back."""
        if self.app.is_web:
            self.app.say(Notice("in a browser the mouse works here; with shift it selects text"))
            return
        self.ours = not self.ours
        if self.app.terminal is not None:
            self.app.terminal.use_mouse(self.ours)
        self.app.say(
            Notice("the mouse works here again" if self.ours else f"the mouse is the terminal's{self._way_back()}")
        )

    def _way_back(self) -> str:
        """The key that holds."""
        action = action_by_id("mouse", self.app.keymap_read.actions)
        return f": {key_word(action.keys[0])} takes it back" if action is not None else ""

    def use(self, *, ours: bool) -> None:
        """Do as settings want that were agreed to just now."""
        if ours != self.ours:
            self.toggle()
