"""The order of builds that begin together: what was asked for first goes on first, though a look at it takes longer."""

from __future__ import annotations

import asyncio
from time import time
from typing import Final

PATIENCE: Final = 1.0  # seconds that the others wait for the first of them; then it goes on whenever it can


class Turns:
    """Hands out turns, in the order in which they are asked for. For one event loop."""

    def __init__(self) -> None:
        self._line: dict[Turn, None] = {}  # those that have not gone on yet, in order
        self._last = 0.0

    def take(self) -> Turn:
        """The next turn. Whoever takes it has to leave the line."""
        self._last = max(time(), self._last + 1e-5)  # no two are equal
        turn = Turn(self._line, self._last)
        self._line[turn] = None
        if len(self._line) == 1:
            turn.begin()
        return turn


class Turn:
    """A place in the line."""

    def __init__(self, line: dict[Turn, None], asked: float) -> None:
        self.asked = asked  # POSIX time; that of a later turn is greater
        self._line = line
        self._is_first = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """It is the first now: the others do not wait for it for ever."""
        self._is_first.set()
        self._timer = asyncio.get_running_loop().call_later(PATIENCE, self.leave)

    async def come(self) -> None:
        """Wait until all that are before it have left, or have kept the others waiting for too long."""
        await self._is_first.wait()

    def leave(self) -> None:
        """Let the next one go on; no effect where it has left."""
        if self not in self._line:
            return
        del self._line[self]
        self._is_first.set()
        if self._timer is not None:  # it was the first
            self._timer.cancel()
            if self._line:
                next(iter(self._line)).begin()
