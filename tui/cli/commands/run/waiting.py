"""The line of a terminal that says what a call waits for: compiling a large module takes seconds, the first time."""

from __future__ import annotations

import os
import sys

from tui.cli.output import ERASE, START_OF_LINE, write_stderr
from tui.running.answer import Phase, Target
from tui.text import human_bytes, printable


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
            write_stderr(self._words)
            self._stands = True

    def erase(self) -> None:
        """Leave an empty line, where it stands."""
        if self._stands:
            self._stands = False
            write_stderr(f"{START_OF_LINE}{ERASE}")
