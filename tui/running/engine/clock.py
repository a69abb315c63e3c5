"""Deadlines: one thread that interrupts whatever code runs when its time is over."""

from __future__ import annotations

import threading
from collections.abc import Callable
from math import inf
from time import monotonic, sleep
from typing import Final

TICK: Final = 0.02  # seconds between two looks while something runs


class Clock:
    """Calls `interrupt` when the time that is set runs out, and again until it is taken back.

    One run at a time sets it; one inside another sets its own and puts back what was there before. `interrupt` is
    called under the lock, so none comes late and meets the next run.
    """

    def __init__(self, interrupt: Callable[[], None]) -> None:
        self._interrupt = interrupt
        self._changed = threading.Condition()
        self._due = inf
        self._resting = False
        self._thread: threading.Thread | None = None

    def set(self, due: float) -> float:
        """Interrupt at `due` (of time.monotonic, inf: never); gives what was set before."""
        with self._changed:
            before, self._due = self._due, due
            if due != inf:
                self._rouse()
        return before

    def _rouse(self) -> None:
        """Wake the thread where it rests; while it looks every 20 ms this costs nothing."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="deadlines", daemon=True)
            self._thread.start()
        elif self._resting:
            self._resting = False
            self._changed.notify()

    def _run(self) -> None:
        while True:
            with self._changed:
                while self._due == inf:
                    self._resting = True
                    self._changed.wait()
                left = self._due - monotonic()
                if left <= 0:
                    self._interrupt()
            sleep(min(TICK, left) if left > 0 else TICK)
