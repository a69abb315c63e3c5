"""What is said to the person: one sentence in the last line for a while, and all of them in a list, one key away."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field
from typing import Final

from tui.facts import Fact
from tui.text import printable

KEPT: Final = 300  # sentences
SECONDS: Final = {"information": 6.0, "warning": 12.0, "error": 12.0}  # for which one stands in the last line
_LINES: Final = 40  # of one sentence
_LONGEST: Final = 500  # characters of one line


class Notice(Fact):
    """What to say. `text` is shown as it is, never as markup; severity: information, warning, error."""

    text: str
    severity: str = "information"
    title: str = ""


class Said(Fact):
    """One of them, and when it was said."""

    at: float  # POSIX time
    severity: str
    title: str
    lines: tuple[str, ...]  # printable

    @property
    def first(self) -> str:
        """What stands in the last line, where there is room for one."""
        more = len(self.lines) - 1
        head = f"{self.title}: {self.lines[0]}" if self.title else self.lines[0]
        return f"{head} (+{more} more)" if more else head


@dataclass(slots=True)
class Notices:
    """All that was said, oldest first; a bounded number."""

    said: deque[Said] = field(default_factory=lambda: deque(maxlen=KEPT))

    def add(self, notice: Notice, now: float | None = None) -> Said:
        """Keep one: each line printable, none of them endless."""
        lines = tuple(printable(line, _LONGEST) for line in notice.text.split("\n")[:_LINES] if line.strip())
        severity = notice.severity if notice.severity in SECONDS else "information"
        one = Said(time.time() if now is None else now, severity, printable(notice.title, 60), lines or ("",))
        self.said.append(one)
        return one

    @property
    def last(self) -> Said | None:
        """The newest."""
        return self.said[-1] if self.said else None
