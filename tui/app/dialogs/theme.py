"""The colours: every theme, tried while the cursor is on it."""

from __future__ import annotations

from typing import Final

from tui.app.dialogs.choice import Choice, ChoiceScreen
from tui.app.rows.glyphs import Glyphs
from tui.app.shell.themes import DEFAULT_THEME, TERMINAL_THEME, theme_names

_HELP: Final = {DEFAULT_THEME: "our own, dark", "fn-tui-light": "our own, light", TERMINAL_THEME: "your terminal's own"}


class ThemeScreen(ChoiceScreen):
    """Shows each theme as the cursor passes; leaving without choosing brings the old one back."""

    def __init__(self, before: str, glyphs: Glyphs) -> None:
        """`before`: the theme in use."""
        choices = [Choice(name, name, _HELP.get(name, "")) for name in theme_names()]
        self._before = before
        super().__init__("Theme", choices, glyphs, chosen=before, preview=self._try)

    def _try(self, name: str) -> None:
        self.app.theme = name

    def action_leave(self) -> None:
        """Close, and take back what was tried."""
        if not self.answered:
            self.app.theme = self._before
        super().action_leave()
