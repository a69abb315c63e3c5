"""Colours and glyphs of what commands print: those of the screen where stdout is a terminal that shows them."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Final

from tui.cli.output import write_text
from tui.facts import Fact
from tui.lines.canvas import ASCII, UNICODE, Glyphs, Line, Role
from tui.lines.states import STATES, State
from tui.text import printable

if TYPE_CHECKING:
    import argparse

_SGR: Final[dict[Role, str]] = {
    "present": "32", "wrong": "1;31", "missing": "1;31", "unknown": "2", "warning": "33", "arrow": "36", "box": "36",
    "broken": "1;31", "muted": "2", "label": "1", "mode": "1;36", "note": "31", "error": "31", "good": "32",
    "remedy": "1;33",
}  # fmt: skip
# The roles of state signs, in those of a line.
STATE_ROLES: Final[dict[str, Role]] = {
    "ok": "present", "warn": "warning", "error": "missing", "muted": "unknown", "accent": "arrow",
}  # fmt: skip


class Paint(Fact):
    """How lines are printed."""

    glyphs: Glyphs
    colour: bool

    @property
    def ascii_only(self) -> bool:
        """Whether no glyph outside ASCII may be printed."""
        return self.glyphs is ASCII

    def sign(self, state: State) -> str:
        """The mark of a state."""
        sign = STATES[state]
        return sign.ascii if self.ascii_only else sign.glyph

    def text(self, line: Line) -> str:
        """The line as it is printed, harmless for the terminal."""
        return "".join(self._painted(printable(text), role) for text, role in line).rstrip()

    def say(self, *lines: Line) -> None:
        """Print lines on stdout."""
        write_text("".join(self.text(line) + "\n" for line in lines))

    def _painted(self, text: str, role: Role) -> str:
        code = _SGR.get(role) if self.colour else None
        return f"\x1b[{code}m{text}\x1b[0m" if code is not None and text else text


PLAIN: Final = Paint(UNICODE, colour=False)


def role_of(state: State) -> Role:
    """The role in which a state is printed."""
    return STATE_ROLES[STATES[state].role]


def paint_for(args: argparse.Namespace) -> Paint:
    """What the arguments and stdout come to."""
    return Paint(glyphs_for(bool(args.ascii)), wants_colour())


def glyphs_for(ascii_only: bool) -> Glyphs:
    """The character set for stdout: ASCII where asked for, or where the encoding has no box drawing."""
    encoding = (sys.stdout.encoding or "utf-8").lower().replace("-", "")
    return ASCII if ascii_only or encoding not in ("utf8", "cp65001") else UNICODE


def wants_colour() -> bool:
    """Whether stdout is a terminal that takes colours, and nobody asked for none (https://no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and _has_colours(os.environ.get("TERM", ""))


def _has_colours(terminal: str) -> bool:
    """Whether the terminal of that name has colours. What nobody knows is given a try."""
    if terminal in ("", "dumb", "unknown"):
        return False
    try:
        import curses
    except ImportError:  # a Python that was built without it
        return True
    try:
        curses.setupterm(terminal, sys.stdout.fileno())
    except (OSError, curses.error):
        return True
    return curses.tigetnum("colors") >= 8
