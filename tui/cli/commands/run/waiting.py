"""The line of a terminal that says what a call waits for: compiling a large module takes seconds, the first time."""

from __future__ import annotations

import os
import sys

from tui.running.answer import Phase, Target
from tui.text import human_bytes, printable

_START_OF_LINE, _ERASE = "\r", "\x1b[K"


def has_line(*, json: bool) -> bool:
    """Whether there is a terminal, beside the output, that can erase a line again."""
    return not json and sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM", "dumb") != "dumb"


class WaitingLine:
    """Says that a module is compiled while it is. Whatever is printed next stands in its place."""

    def __init__(self, target: Target) -> None:
        self._words = f"compiling {printable(target.name, 60)} ({human_bytes(len(target.wasm))})"
        self._stands = False

    def tell(self, phase: Phase) -> None:
        """Say it, or take it away."""
        self.erase()
        if phase == "compiling":
            self._write(self._words)
            self._stands = True

    def erase(self) -> None:
        """Leave an empty line, where it stands."""
        if self._stands:
            self._stands = False
            self._write(f"{_START_OF_LINE}{_ERASE}")

    def _write(self, text: str) -> None:
        encoding = sys.stderr.encoding or "utf-8"
        try:
            sys.stderr.write(text.encode(encoding, "backslashreplace").decode(encoding))
            sys.stderr.flush()
        except OSError:
            return  # the terminal went away: the call goes on
