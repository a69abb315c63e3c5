"""What starts a function without anybody calling it: a schedule, or a message on a topic."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable
from time import time
from typing import Final

from tui.running.answer import Call
from tui.running.input.triggers import CRON_INPUT, message_input
from tui.running.local.chores import Chores
from tui.running.local.events import NAMESPACE, RequestKind
from tui.running.local.triggers.cron import read_schedule
from tui.running.local.triggers.topics import Repeats, is_wild, read_pattern

CEILING: Final = 60.0  # seconds that a triggered run may take
MOST_AT_ONCE: Final = 256  # runs that messages have started; a message beyond that starts none
LONGEST_NAP: Final = 60.0  # seconds between two looks at the clock, which somebody may set
# (function, call, what started it, depth of triggers above it)
Fire = Callable[[str, Call, RequestKind, int], Awaitable[None]]
Say = Callable[[str, str], None]  # (function, words)


class Triggers:
    """The schedules and subscriptions of a gateway."""

    def __init__(self, crons: Iterable[tuple[str, str]], subscriptions: Iterable[tuple[str, str]]) -> None:
        """Raises ScheduleError and PatternError."""
        self._crons = [(name, text, read_schedule(text)) for name, text in crons]
        self._subscriptions = [(name, pattern, read_pattern(pattern)) for name, pattern in subscriptions]
        self._repeats = Repeats()
        self._at_once = 0

    @property
    def names(self) -> frozenset[str]:
        """The functions that are started."""
        return frozenset(name for name, *_ in (*self._crons, *self._subscriptions))

    def start(self, chores: Chores, fire: Fire, say: Say) -> None:
        """Begin to follow the schedules."""
        self._chores, self._fire, self._say = chores, fire, say
        for number in range(len(self._crons)):
            chores.start(self._follow(number))

    async def _follow(self, number: int) -> None:
        """One schedule. A run that takes longer than to the next moment lets that pass."""
        name, text, schedule = self._crons[number]
        while (due := schedule.after(time())) is not None:
            await _until(due)
            await self._fire(name, Call(CRON_INPUT, namespace=NAMESPACE, ceiling=CEILING), "cron", 0)
        self._say(name, f"the schedule {text!r} is never due")

    def published(self, topic: str, message: bytes, depth: int, *, patterns: bool) -> None:
        """A function has published. `patterns`: those that stand for several topics hear it too."""
        names = [
            name
            for name, pattern, matcher in self._subscriptions
            if (patterns and is_wild(pattern) and _matches(matcher, topic)) or pattern == topic
        ]
        if not names:
            return
        made = message_input(topic, message, NAMESPACE, int(time()), depth)
        if made is None or not self._repeats.is_new(topic, message):
            return
        for name in dict.fromkeys(names):
            if self._at_once >= MOST_AT_ONCE:
                self._say(name, f"{MOST_AT_ONCE} runs that messages started are under way: one on {topic} is dropped")
                continue
            self._at_once += 1
            self._chores.start(self._started(name, Call(made, namespace=NAMESPACE, ceiling=CEILING), depth + 1))

    async def _started(self, name: str, call: Call, depth: int) -> None:
        try:
            await self._fire(name, call, "pubsub", depth)
        finally:
            self._at_once -= 1


async def _until(due: float) -> None:
    """Wait for a POSIX time."""
    left = due - time()
    while left > 0:
        await asyncio.sleep(min(left, LONGEST_NAP))
        left = due - time()


def _matches(matcher: re.Pattern[str], topic: str) -> bool:
    return matcher.fullmatch(topic) is not None
