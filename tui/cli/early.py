"""The first frame before the toolkit: whether this start may have one, and which. Imports next to nothing.

It is drawn where the same words, in the same surroundings, have opened this workspace before, and that screen has left
what the next first frame would be.
"""

# ruff: noqa: PTH100, PTH116 (pathlib is slow to load)

from __future__ import annotations

import os
import stat

from tui import __version__
from tui.cli import COMMANDS
from tui.cli.words import split

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Final

    from tui.app.terminal.early.kept import Opening

# What a screen's look hangs on, besides what fn-tui's own variables say, and Textual's.
_VARIABLES: Final = (
    *("TERM", "COLORTERM", "TERM_PROGRAM", "NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"),
    *("LANG", "LC_ALL", "LC_CTYPE", "PYTHONUTF8", "PYTHONIOENCODING", "HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"),
)
_PREFIXES: Final = ("FN_TUI_", "TEXTUAL_")
_CANNOT: Final = ("", "dumb", "unknown")  # values of TERM


def begin(words: Sequence[str]) -> None:
    """Draw a first frame where there is one, and have what the next one needs known to the screen."""
    from tui.app.terminal.early.stage import STAGE

    opening = STAGE.opening = opening_of(words)
    if opening is None or not is_drawable():
        return
    from tui.app.terminal.early.kept import drawn

    size = os.get_terminal_size(1)
    lines = opening.frames().get((size.columns, size.lines))
    frame = drawn(lines, (size.columns, size.lines)) if lines is not None else None
    if frame is not None:
        STAGE.take(frame)


def end() -> None:
    """Give the terminal back, where the first frame stands on it still: whatever is printed now is to be seen."""
    from tui.app.terminal.early.stage import STAGE

    STAGE.give_back()


def is_drawable() -> bool:
    """Whether there is a terminal that can be drawn on."""
    can = os.environ.get("TERM", "") not in _CANNOT and not os.environ.get("TEXTUAL_ALLOW_SIGNALS")
    return can and os.isatty(0) and os.isatty(1)


def opening_of(words: Sequence[str]) -> Opening | None:
    """What a command line opens; None where it may be anything but a screen."""
    asked = split(words)
    if asked is None or asked[1] in COMMANDS or not os.path.isdir(asked[1]):
        return None
    options, named = asked
    from tui.app.terminal.early.kept import Opening
    from tui.settings.xdg import cache_folder

    workspace = os.path.abspath(named)
    looks = [__version__, workspace, *options, *_surroundings(options, workspace)]
    return Opening(workspace, looks, f"{cache_folder()}/frames")


def _surroundings(options: Sequence[str], workspace: str) -> Iterator[str]:
    """What a screen's look hangs on besides its command line."""
    from tui.settings.workspace_file import named_workspace_file
    from tui.settings.xdg import config_folder

    for name, value in sorted(os.environ.items()):
        if name in _VARIABLES or name.startswith(_PREFIXES):
            yield f"{name}={value}"
    files = [f"{config_folder()}/settings.toml", named_workspace_file(workspace)]
    files += [word.partition("=")[2] or word for word in options]  # of which some name files
    for file in filter(None, files):
        yield _state_of(file)


def _state_of(path: str) -> str:
    """What tells a file from the one that it is after a change."""
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return "-"
    return f"{status.st_ino} {status.st_size} {status.st_mtime_ns}" if stat.S_ISREG(status.st_mode) else "-"
