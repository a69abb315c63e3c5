"""The builds from the first that was asked for until none is left: how many ended, how many failed, what is to come."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tui.building.events import BuildEnded, BuildQueued, BuildStarted, BuildWaiting
from tui.lines.ahead import Ahead

if TYPE_CHECKING:
    from tui.app.desk.record import FunctionRecord
    from tui.building.events import BuildEvent
    from tui.lines.progress import Progress

Usual = Callable[["FunctionRecord"], float | None]


class UnderWay:
    """Counts what the queue tells of. `usual` says how long a function's build takes, where that is known."""

    def __init__(self, usual: Usual) -> None:
        self._usual = usual
        self._waiting = Ahead()
        self._running: dict[str, tuple[float, float | None]] = {}  # path -> time.monotonic() at its start, usual
        self._ended = 0
        self._failed = 0

    def handle(self, path: str, event: BuildEvent | BuildQueued, record: FunctionRecord | None) -> None:
        """Take in what became of the build of a function; `record` is None where it is gone from disk."""
        from time import monotonic

        if isinstance(event, BuildQueued):
            if not self._waiting and not self._running:
                self._ended = self._failed = 0
            self._waiting.add(path, self._usual(record) if record is not None else None)
        elif isinstance(event, BuildStarted):
            self._running[path] = (monotonic(), self._waiting.take(path))
        elif isinstance(event, BuildWaiting):
            if path in self._running:  # the machine that it ran on has gone
                self._waiting.add(path, self._running.pop(path)[1])
        elif isinstance(event, BuildEnded):
            if self._running.pop(path, None) is None:
                self._waiting.take(path)
            self._ended += 1
            self._failed += event.result.status == "failed"

    def progress(self, jobs: int, now: float) -> Progress | None:
        """How far they have come; None where there are none."""
        if not self._waiting and not self._running:
            return None
        from tui.lines.progress import Progress

        running = [(now - began, usual) for began, usual in self._running.values()]
        left = self._waiting.left(running, jobs)
        total = self._ended + len(self._waiting) + len(self._running)
        return Progress(self._ended, total, self._failed, left)
