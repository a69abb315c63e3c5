"""The colours: every theme, tried while the cursor is on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from tui.app.colours.themes import DEFAULT_THEME, TERMINAL_THEME, theme_names
from tui.app.dialogs.choices.choice import Choice, ChoiceScreen
from tui.app.rows.glyphs import Glyphs

_HELP: Final = {DEFAULT_THEME: "our own, dark", "fn-tui-light": "our own, light", TERMINAL_THEME: "your terminal's own"}


def theme_screen(before: str, try_theme: Callable[[str], None], glyphs: Glyphs) -> ChoiceScreen:
    """The dialog: it tries each theme as the cursor passes. `before`: the theme in use."""
    choices = [Choice(name, name, _HELP.get(name, "")) for name in theme_names()]
    return ChoiceScreen("Theme", choices, glyphs, chosen=before, preview=try_theme)
