"""The line above the list in which its filter is typed."""

from __future__ import annotations

from textual.widgets import Input


class FilterInput(Input):
    """One line, without a border. Down and up leave it for the list."""

    DEFAULT_CSS = """
    FilterInput, FilterInput:focus {
        height: 1; border: none; padding: 0 1; background: $boost; color: $foreground;
    }
    """

    def __init__(self, value: str) -> None:
        super().__init__(value, placeholder="/ words in the name", compact=True, select_on_focus=False)

    def key_down(self) -> None:
        """Into the list."""
        self.screen.focus_next()
