"""Schedules as the gateway reads them: 5 fields, or 6 with seconds first; UTC; numbers only; both days must fit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

_FIELDS: Final = (
    ("second", 0, 59),
    ("minute", 0, 59),
    ("hour", 0, 23),
    ("day", 1, 31),
    ("month", 1, 12),
    ("weekday", 0, 7),
)
FARTHEST: Final = 366 * 41  # days that are looked ahead: 29 February on a certain weekday may be forty years away


class ScheduleError(ValueError):
    """Words that are no schedule. The text says why."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """The moments at which something is due."""

    seconds: frozenset[int]
    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]  # Sunday is 0

    def after(self, moment: float) -> float | None:
        """The first due moment after a POSIX time; None where there is none within forty years."""
        now = datetime.fromtimestamp(int(moment), UTC) + timedelta(seconds=1)
        day = now.replace(hour=0, minute=0, second=0)
        for _ in range(FARTHEST):
            if self._fits(day):
                found = self._on(max(day, now))
                if found is not None:
                    return found.timestamp()
            day += timedelta(days=1)
        return None

    def _fits(self, day: datetime) -> bool:
        return day.month in self.months and day.day in self.days and day.isoweekday() % 7 in self.weekdays

    def _on(self, start: datetime) -> datetime | None:
        """The first due moment from `start` on, on its day."""
        for hour in sorted(one for one in self.hours if one >= start.hour):
            for minute in sorted(self.minutes):
                for second in sorted(self.seconds):
                    found = start.replace(hour=hour, minute=minute, second=second)
                    if found >= start:
                        return found
        return None


def read_schedule(text: str) -> Schedule:
    """The schedule of a text. Raises ScheduleError."""
    words = text.split()
    if len(words) not in (5, 6):
        raise ScheduleError(f"{text!r} has {len(words)} fields: a schedule has 5, or 6 with seconds first")
    fields = words if len(words) == 6 else ["0", *words]
    sets = [_values(word, *bounds) for word, bounds in zip(fields, _FIELDS, strict=True)]
    sets[5] = frozenset(0 if day == 7 else day for day in sets[5])
    return Schedule(*sets)


def _values(word: str, name: str, least: int, most: int) -> frozenset[int]:
    """The numbers of one field: `*`, `5`, `1-5`, `*/10`, `10-40/5`, and lists of those."""
    found: set[int] = set()
    for part in word.split(","):
        span, slash, step_text = part.partition("/")
        step = _number(step_text, name, 1, most) if slash else 1
        if span == "*":
            first, last = least, most
        else:
            low, dash, high = span.partition("-")
            first = _number(low, name, least, most)
            last = _number(high, name, least, most) if dash else most if slash else first
        if last < first:
            raise ScheduleError(f"{name} {part!r} ends before it begins")
        found.update(range(first, last + 1, step))
    return frozenset(found)


def _number(text: str, name: str, least: int, most: int) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 4):
        raise ScheduleError(f"{name} {text!r} is no number: the gateway takes *, numbers, ranges, steps and lists")
    if not least <= int(text) <= most:
        raise ScheduleError(f"{name} {text} is not in {least}..{most}")
    return int(text)
