"""How far many builds have come, in one line: `▓▓▓░░░░░ 17/60 · 0:42 left · ✗ 2`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil
from typing import Final

from tui.lines.ahead import Ahead
from tui.lines.states import STATES

BAR_CELLS: Final = 8
_UNICODE: Final = ("▓", "░", " · ")
_ASCII: Final = ("#", "-", "  ")


@dataclass(frozen=True, slots=True)
class Progress:
    """Builds that were asked for together; those that ended are done, however they ended."""

    done: int
    total: int
    failed: int
    seconds_left: float | None  # None: not known

    def words(self, ascii_only: bool = False, cells: int = BAR_CELLS) -> str:
        """The line, with a bar of `cells` columns."""
        told = (self.bar(ascii_only, cells), self.left(), self.failures(ascii_only))
        return (_ASCII if ascii_only else _UNICODE)[2].join(part for part in told if part)

    def bar(self, ascii_only: bool = False, cells: int = BAR_CELLS) -> str:
        """`▓▓▓░░░░░ 17/60`; without cells the counts alone."""
        full, empty, _ = _ASCII if ascii_only else _UNICODE
        filled = cells * self.done // self.total if self.total else cells
        return f"{full * filled}{empty * (cells - filled)} {self.done:,}/{self.total:,}".strip()

    def left(self) -> str:
        """`0:42 left`; "" where that is not known."""
        return f"{clock(self.seconds_left)} left" if self.seconds_left is not None else ""

    def failures(self, ascii_only: bool = False) -> str:
        """`✗ 2`; "" where none failed."""
        failed = STATES["failed"]
        return f"{failed.ascii if ascii_only else failed.glyph} {self.failed:,}" if self.failed else ""


def clock(seconds: float) -> str:
    """A time to wait as a clock shows it: `0:42`, `12:05`, `1:02:03`; rounded up, for it is waited to its end."""
    whole = max(ceil(seconds), 0)
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{left:02d}" if hours else f"{minutes}:{left:02d}"


def seconds_left(
    waiting: Iterable[float | None], running: Iterable[tuple[float, float | None]], jobs: int
) -> float | None:
    """The seconds until the last of some builds has ended, as `Ahead.left` tells them.

    `waiting`: what each that waits took the last time; `running`: how long each has run, and what it took then.
    """
    ahead = Ahead()
    for number, usual in enumerate(waiting):
        ahead.add(str(number), usual)
    return ahead.left(list(running), jobs)
