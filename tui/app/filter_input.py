"""The line above the list in which its filter is typed."""

from __future__ import annotations

from textual import on
from textual.widgets import Input

from tui.app.messages import FilterKept, FilterTyped


class FilterInput(Input):
    """One line, without a border. Down leaves it for the list."""

    DEFAULT_CSS = """
    FilterInput, FilterInput:focus {
        height: 1; border: none; padding: 0 1; background: $boost; color: $foreground;
    }
    """

    def __init__(self, value: str) -> None:
        super().__init__(value, placeholder="/ words in the name", compact=True, select_on_focus=False)

    @on(Input.Changed)
    def tell(self, message: Input.Changed) -> None:
        """Say what is typed."""
        message.stop()
        self.post_message(FilterTyped(message.value))

    @on(Input.Submitted)
    def leave(self, message: Input.Submitted) -> None:
        """Back into the list, which stays narrowed."""
        message.stop()
        self.post_message(FilterKept(message.value))

    def key_down(self) -> None:
        """Into the list."""
        self.post_message(FilterKept(self.value))
