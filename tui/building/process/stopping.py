"""A build's way to its end when it is told to stop: a polite signal first, then harder ones, each with its time."""

from __future__ import annotations

import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tui.building.events import BuildCancelling


@dataclass(frozen=True, slots=True)
class Step:
    """A signal, and how many seconds it gets."""

    number: signal.Signals
    grace: float | None


LADDER: Final = (Step(signal.SIGINT, 2.0), Step(signal.SIGTERM, 3.0), Step(signal.SIGKILL, None))


class Stopping:
    """Which signal is due when. Times are those of time.monotonic()."""

    def __init__(self, ladder: tuple[Step, ...] = LADDER) -> None:
        self._ladder = ladder
        self._next: float | None = None  # None: not stopping, or nothing harder is left
        self._step = 0
        self.begun = False

    def begin(self, now: float) -> None:
        """Start; no effect when under way."""
        if not self.begun:
            self.begun = True
            self._next = now

    def hasten(self, now: float) -> None:
        """Go to the last step at once."""
        self.begun = True
        if self._step < len(self._ladder):
            self._step = len(self._ladder) - 1
            self._next = now

    @property
    def due(self) -> float | None:
        """When the next signal is to be sent; None if there is none."""
        return self._next

    def step(self, now: float, directory: Path) -> tuple[signal.Signals, BuildCancelling] | None:
        """The signal to send now, with the event that tells of it; None while its time has not come."""
        if self._next is None or now < self._next:
            return None
        step = self._ladder[self._step]
        self._step += 1
        self._next = None if step.grace is None else now + step.grace
        return step.number, BuildCancelling(directory, step.number.name, step.grace)
