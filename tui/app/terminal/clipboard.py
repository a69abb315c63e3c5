"""Copying: by the terminal itself (OSC 52) and by a program where there is one; a file where nothing else is sure."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tui.building.compilers.locate import find_program
from tui.text import printable

# (program, argv, the environment variable without which it cannot work)
PROGRAMS: Final[tuple[tuple[tuple[str, ...], str | None], ...]] = (
    (("wl-copy",), "WAYLAND_DISPLAY"),
    (("xclip", "-selection", "clipboard"), "DISPLAY"),
    (("xsel", "--clipboard", "--input"), "DISPLAY"),
    (("pbcopy",), None),
)
OSC52_MOST: Final = 74_994  # bytes; xterm and tmux drop longer ones without a word
# Terminals known to take OSC 52, by TERM or TERM_PROGRAM.
OSC52_TERMINALS: Final = (
    "xterm",
    "tmux",
    "screen",
    "foot",
    "kitty",
    "alacritty",
    "wezterm",
    "iterm",
    "ghostty",
    "contour",
)
PROGRAM_SECONDS: Final = 2.0


def clipboard_program(environment: Mapping[str, str]) -> tuple[str, ...] | None:
    """The argv of a clipboard program that is there and can work, or None."""
    for argv, needs in PROGRAMS:
        found = find_program(argv[0], environment)
        if found is not None and (needs is None or environment.get(needs)):
            return (found, *argv[1:])
    return None


def terminal_takes(text: str, environment: Mapping[str, str]) -> bool:
    """Whether the terminal can be expected to take this text by OSC 52."""
    name = f"{environment.get('TERM', '')} {environment.get('TERM_PROGRAM', '')}".lower()
    short = len(text.encode("utf-8", "surrogateescape")) * 4 // 3 < OSC52_MOST
    return short and any(known in name for known in OSC52_TERMINALS)


def _by_program(argv: tuple[str, ...], text: str) -> bool:
    try:
        done = subprocess.run(
            argv,
            input=text.encode("utf-8", "surrogateescape"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=PROGRAM_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _to_file(text: str) -> Path | None:
    from tui.files import replace_file
    from tui.settings.xdg import state_home

    path = state_home() / "copied" / f"{time.strftime('%Y%m%d-%H%M%S')}.txt"
    return path if replace_file(path, text.encode("utf-8", "surrogateescape")) is None else None


def copy_text(text: str, what: str, environment: Mapping[str, str] | None = None) -> str:
    """Copy by a program, or trust the terminal (the caller sent OSC 52), or save; what was done, in a sentence."""
    environment = os.environ if environment is None else environment
    argv = clipboard_program(environment)
    name = printable(what, 60)
    if argv is not None and _by_program(argv, text):
        return f"copied {name}"
    if terminal_takes(text, environment):
        return f"copied {name} (by the terminal)"
    path = _to_file(text)
    return f"no clipboard here: saved {name} to {path}" if path is not None else f"{name} could not be copied"
