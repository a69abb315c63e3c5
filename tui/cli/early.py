"""The first frame before the toolkit: whether this start may have one, and which. Imports next to nothing.

It is drawn where the same words, in the same surroundings, have opened this workspace before, and that screen has left
what the next first frame would be.
"""

# ruff: noqa: PTH100, PTH116 (pathlib is slow to load)

from __future__ import annotations

import os
import stat
import sys

from tui import __version__
from tui.cli import COMMANDS
from tui.cli.words import split

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Final

    from tui.app.terminal.early.kept import Look, Opening, Row, Size

# What a screen's look hangs on, besides what fn-tui's own variables say, and Textual's.
_VARIABLES: Final = (
    *("TERM", "COLORTERM", "TERM_PROGRAM", "NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"),
    *("LANG", "LC_ALL", "LC_CTYPE", "PYTHONUTF8", "PYTHONIOENCODING", "HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"),
)
_OWN: Final = "FN_TUI_"
_PREFIXES: Final = (_OWN, "TEXTUAL_")
_CANNOT: Final = ("", "dumb", "unknown")  # values of TERM


def begin(words: Sequence[str], *, parsed: bool = False) -> None:
    """Draw a first frame where there is one, and have what the next one needs known to the screen. `parsed`: the words
    are known to open it, and name no theme and no settings.
    """
    from tui.app.terminal.early.stage import STAGE

    opening = STAGE.opening = opening_of(words)
    if opening is None or not is_drawable():
        return
    from tui.app.terminal.early.kept import LEAST, drawing, rows_of

    size = os.get_terminal_size(1)
    columns, height = size.columns, size.lines
    frames = opening.frames()
    lines = frames.get((columns, height))
    rows: Sequence[Row] | None = rows_of(lines, height) if lines is not None else None
    if rows is None and columns >= LEAST[0] and height >= LEAST[1]:
        rows = _plainer(opening, frames, words, (columns, height), parsed)
    if rows is not None:
        STAGE.take(drawing(rows))


def _plainer(
    opening: Opening, frames: Mapping[Size, Sequence[str]], words: Sequence[str], size: Size, parsed: bool
) -> Sequence[Row] | None:
    """What can be drawn where nothing is kept for this size: what stands in the same place at all of them."""
    from tui.app.frame.plain import put_in_place, unknown
    from tui.app.terminal.early.kept import BARE, rows_of

    bare = next((lines for (columns, _), lines in frames.items() if columns == BARE), None)
    if bare is not None:
        rows = rows_of(bare, len(bare) - 1)
        return put_in_place(rows, size, from_top=False) if rows and rows[0] else None
    look = opening.look() or _usual_look(words, opening.workspace, parsed)
    if look is None or frames:
        return None
    return put_in_place(unknown(opening.workspace, look), size, from_top=True)


def _usual_look(words: Sequence[str], workspace: str, parsed: bool) -> Look | None:
    """How it is drawn without anything known: in the terminal's own colours. None where settings may say otherwise, or
    that there is no screen.
    """
    from tui.cli.words import PLAIN
    from tui.settings.workspace_file import named_workspace_file
    from tui.settings.xdg import config_folder

    asked = split(words)
    if asked is None or not (parsed or PLAIN.issuperset(asked[0])):
        return None
    if any(name.startswith(_OWN) for name in os.environ):
        return None
    if os.path.lexists(f"{config_folder()}/settings.toml") or named_workspace_file(workspace) is not None:
        return None
    if cannot_draw(os.environ.get("TERM", ""), 1):
        return None
    utf8 = (sys.stdout.encoding or "utf-8").lower().replace("-", "") == "utf8"
    look = {"": "", "title": "1", "strong": "1", "muted": "", "muted strong": "1"}
    return look if utf8 and "--ascii" not in words else look | {"ascii": ""}


def cannot_draw(name: str, descriptor: int) -> str | None:
    """Why the terminal that TERM names cannot show a screen, or None. What nobody knows is given a try."""
    if not name:
        return "TERM is not set"
    words = f"TERM={name} is a terminal that cannot move its cursor"
    try:
        import curses

        curses.setupterm(name, descriptor)
        move = curses.tigetstr("cup")
    except (ImportError, curses.error):
        return words if name in _CANNOT else None
    return None if move is not None and move.startswith(b"\x1b[") else words


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
    from tui.settings.workspace_file import named_workspace_file
    from tui.settings.xdg import frames_folder

    workspace = os.path.abspath(named)
    own = named_workspace_file(workspace)
    looks = [__version__, *options, *_surroundings(options, own)]
    return Opening(workspace, looks, frames_folder(), [workspace])


def _surroundings(options: Sequence[str], own: str | None) -> Iterator[str]:
    """What a screen's look hangs on besides its command line. `own`: the file of the workspace's settings."""
    from tui.settings.xdg import config_folder

    for name, value in sorted(os.environ.items()):
        if name in _VARIABLES or name.startswith(_PREFIXES):
            yield f"{name}={value}"
    files = [f"{config_folder()}/settings.toml", own]
    files += [word.partition("=")[2] or word for word in options]  # of which some name files
    for file in filter(None, files):
        yield _state_of(file)
    if own is not None:
        yield own  # it may be asked about, and then there is no frame: only where it was agreed to here


def _state_of(path: str) -> str:
    """What tells a file from the one that it is after a change."""
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return "-"
    return f"{status.st_ino} {status.st_size} {status.st_mtime_ns}" if stat.S_ISREG(status.st_mode) else "-"
