"""The colours of our own: a dark and a light theme, and the terminal's own colours."""

from __future__ import annotations

from dataclasses import replace
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
    variables={
        "border": "#8fa8f8",
        "border-blurred": "#343b4d",
        "block-cursor-background": "#2a3350",
        "block-cursor-foreground": "#f2f5fc",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": "#20252f",
        "block-cursor-blurred-foreground": "#cdd3e0",
        "block-cursor-blurred-text-style": "none",
        "scrollbar": "#343b4d",
        "scrollbar-hover": "#4a5470",
        "scrollbar-active": "#8fa8f8",
        "scrollbar-background": "#12141b",
        "scrollbar-background-hover": "#12141b",
        "scrollbar-background-active": "#12141b",
        "scrollbar-corner-color": "#12141b",
        "footer-background": "#12141b",
        "footer-key-foreground": "#8fa8f8",
        "input-selection-background": "#8fa8f8 35%",
    },
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
    variables={
        "border": "#3a55b4",
        "border-blurred": "#c6cad4",
        "block-cursor-background": "#dbe2f8",
        "block-cursor-foreground": "#161a26",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": "#eceef3",
        "block-cursor-blurred-foreground": "#262b38",
        "block-cursor-blurred-text-style": "none",
        "scrollbar": "#c6cad4",
        "scrollbar-hover": "#a9b0c0",
        "scrollbar-active": "#3a55b4",
        "scrollbar-background": "#fbfbf9",
        "scrollbar-background-hover": "#fbfbf9",
        "scrollbar-background-active": "#fbfbf9",
        "scrollbar-corner-color": "#fbfbf9",
        "footer-background": "#fbfbf9",
        "footer-key-foreground": "#3a55b4",
    },
)

# What our styles use and Textual's themes of sixteen colours lack: badges keep the terminal's background.
SIXTEEN: Final = {
    "foreground-disabled": "ansi_bright_black",
    "primary-muted": "ansi_default",
    "success-muted": "ansi_default",
    "warning-muted": "ansi_default",
    "error-muted": "ansi_default",
}
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
    variables={
        **BUILTIN_THEMES["ansi-dark"].variables,
        **SIXTEEN,
        "ansi-background": "ansi_default",
        "ansi-foreground": "ansi_default",
        "border": "ansi_blue",
        "border-blurred": "ansi_bright_black",
        "text-muted": "ansi_bright_black",
        "text-disabled": "ansi_bright_black",
        "foreground-muted": "ansi_bright_black",
        "block-cursor-foreground": "ansi_default",
        "block-cursor-background": "ansi_default",
        "block-cursor-text-style": "reverse",
        "block-cursor-blurred-foreground": "ansi_default",
        "block-cursor-blurred-background": "ansi_default",
        "block-cursor-blurred-text-style": "bold",
        "scrollbar": "ansi_bright_black",
        "scrollbar-background": "ansi_default",
        "scrollbar-background-hover": "ansi_default",
        "scrollbar-background-active": "ansi_default",
        "input-selection-background": "ansi_blue",
        "screen-selection-background": "ansi_blue",
        "footer-key-foreground": "ansi_blue",
    },
)

_COMPLETED: Final = tuple(
    replace(theme, variables={**theme.variables, **SIXTEEN}) for theme in BUILTIN_THEMES.values() if theme.ansi
)
OURS: Final = (DARK, LIGHT, TERMINAL)
REGISTERED: Final = (*OURS, *_COMPLETED)


def theme_names() -> list[str]:
    """Every theme, ours first."""
    ours = [theme.name for theme in OURS]
    return ours + sorted(set(BUILTIN_THEMES) - set(ours))
