"""The hues of our own: a dark and a light theme, and the terminal's own colours. `readable` makes the rest of them."""

from __future__ import annotations

from typing import Final

from textual.theme import BUILTIN_THEMES, Theme

DEFAULT_THEME: Final = "fn-tui-dark"
TERMINAL_THEME: Final = "terminal"

# Ink, paper, and one accent; green, amber and red are kept for what is well, doubtful and wrong.
DARK: Final = Theme(
    name=DEFAULT_THEME,
    primary="#8fa8f8",
    secondary="#6f86cf",
    accent="#8fa8f8",
    success="#86c79a",
    warning="#e3b66a",
    error="#ee7d84",
    foreground="#cdd3e0",
    background="#12141b",
    surface="#171a23",
    panel="#1d212c",
    boost="#232836",
    dark=True,
)

LIGHT: Final = Theme(
    name="fn-tui-light",
    primary="#3a55b4",
    secondary="#5b73c6",
    accent="#3a55b4",
    success="#2f7d4b",
    warning="#9a6a00",
    error="#b93640",
    foreground="#262b38",
    background="#fbfbf9",
    surface="#f4f4f1",
    panel="#eceCe8",
    boost="#e2e4ea",
    dark=False,
)

# The sixteen colours of the terminal, on its own background: a person's own scheme, light or dark, stays as it is.
TERMINAL: Final = Theme(
    name=TERMINAL_THEME,
    ansi=True,
    primary="ansi_blue",
    secondary="ansi_cyan",
    warning="ansi_yellow",
    error="ansi_red",
    success="ansi_green",
    accent="ansi_blue",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    boost="ansi_default",
    dark=True,
)

OURS: Final = (DARK, LIGHT, TERMINAL)


def theme_names() -> list[str]:
    """Every theme, ours first."""
    ours = [theme.name for theme in OURS]
    return ours + sorted(set(BUILTIN_THEMES) - set(ours))
