"""The last line of a terminal while many functions build: how far they have come, and what builds now."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from shutil import get_terminal_size
from time import monotonic

from tui.building.events import (
    BuildEnded,
    BuildQueued,
    BuildResult,
    BuildStarted,
    BuildWaiting,
    QueueChanged,
    QueueEvent,
)
from tui.cli.output import ERASE, START_OF_LINE, write_stderr
from tui.cli.reports.build import Reporter, named
from tui.lines.canvas import ASCII, UNICODE, clip
from tui.lines.progress import Progress, seconds_left
from tui.text import printable

INTERVAL = 0.5  # seconds between two drawings while nothing happens: the time that is left runs on


class ProgressBar:
    """A reporter that prints what another one prints, above a line that it draws anew after each event.

    `usual`: each function that is to be built, with the seconds that it took the last time, None where that is not
    known. The line goes to stderr, which must be a terminal.
    """

    def __init__(self, inner: Reporter, usual: Mapping[Path, float | None], jobs: int, *, ascii_only: bool) -> None:
        self._inner = inner
        self._waiting = dict(usual)
        self._usual = usual
        self._jobs = jobs
        self._ascii = ascii_only
        self._began: dict[Path, float] = {}
        self._ended: dict[Path, BuildResult] = {}
        self._rests = False

    def handle(self, event: QueueEvent) -> None:
        """Tell of one event, and draw what it comes to."""
        self.erase()
        self._rests = False
        if isinstance(event, BuildQueued):
            if self._ended.pop(event.directory, None) is not None:  # what a cluster left is built once more
                self._waiting[event.directory] = self._usual.get(event.directory)
        elif isinstance(event, BuildStarted):
            self._waiting.pop(event.directory, None)
            self._began[event.directory] = monotonic()
        elif isinstance(event, BuildWaiting):
            if self._began.pop(event.directory, None) is not None:
                self._waiting[event.directory] = self._usual.get(event.directory)
        elif isinstance(event, QueueChanged):
            self._jobs = event.jobs
        elif isinstance(event, BuildEnded):
            self._waiting.pop(event.result.directory, None)
            self._began.pop(event.result.directory, None)
            self._ended[event.result.directory] = event.result
        self._inner.handle(event)
        self.draw()

    def finish(self, results: Sequence[BuildResult], seconds: float) -> None:
        """Tell how it all ended, in place of the line."""
        self.erase()
        self._inner.finish(results, seconds)

    def draw(self) -> None:
        """Draw the line over the one that is there."""
        if self._rests:
            return
        columns = get_terminal_size().columns - 1  # a line that is full would wrap in some terminals
        ellipsis = (ASCII if self._ascii else UNICODE).ellipsis
        write_stderr(f"{START_OF_LINE}{clip(self.line(), columns, ellipsis)}{ERASE}")

    def line(self) -> str:
        """The line: `▓▓░░░░░░ 17/60 · 0:42 left · ✗ 2   chat, dunning`."""
        now = monotonic()
        failed = sum(result.status == "failed" for result in self._ended.values())
        running = [(now - began, self._usual.get(directory)) for directory, began in self._began.items()]
        left = seconds_left(self._waiting.values(), running, self._jobs)
        told = Progress(len(self._ended), len(self._usual), failed, left).words(self._ascii)
        return printable(f"{told}   {', '.join(named(directory) for directory in self._began)}".rstrip())

    def erase(self) -> None:
        """Leave an empty line for what is printed next."""
        write_stderr(f"{START_OF_LINE}{ERASE}")

    def rest(self) -> None:
        """Leave the terminal to somebody else, who asks something, until the next event."""
        self.erase()
        self._rests = True


def terminal_for_a_bar() -> bool:
    """Whether what is printed and what is drawn below it meet on a terminal that can erase a line."""
    import os

    return sys.stdout.isatty() and sys.stderr.isatty() and os.environ.get("TERM", "dumb") != "dumb"
