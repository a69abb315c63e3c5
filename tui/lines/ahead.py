"""What many builds that wait will take, counted along."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heappop, heappush


class Ahead:
    """What builds that wait took the last time, by name: of thousands it is asked for with every frame."""

    def __init__(self) -> None:
        self._usual: dict[str, float | None] = {}
        self._known = 0  # of how many it is known
        self._sum = 0.0
        self._longest: list[tuple[float, str]] = []  # a heap of (-seconds, name), with some that wait no more

    def __len__(self) -> int:
        return len(self._usual)

    def add(self, name: str, usual: float | None) -> None:
        """One more waits, or the same one again."""
        self.take(name)
        self._usual[name] = usual
        if usual is not None:
            self._known += 1
            self._sum += usual
            heappush(self._longest, (-usual, name))

    def take(self, name: str) -> float | None:
        """It waits no more: what it took the last time; None where that is not known, or it did not wait."""
        usual = self._usual.pop(name, None)
        if usual is not None:
            self._known -= 1
            self._sum = self._sum - usual if self._known else 0.0
        return usual

    def longest(self) -> float:
        """The most of what is known, in seconds; 0 where nothing is."""
        while self._longest and self._usual.get(self._longest[0][1]) != -self._longest[0][0]:
            heappop(self._longest)
        return -self._longest[0][0] if self._longest else 0.0

    def left(self, running: Sequence[tuple[float, float | None]], jobs: int) -> float | None:
        """The seconds until the last of all has ended, or None where of none is known how long it takes.

        `running`: how long each has run, and what it took the last time. Those of which nothing is known take what the
        others take on average. Builds share `jobs` places.
        """
        known = [usual for _, usual in running if usual is not None]
        if not self._known and not known:
            return None
        average = (self._sum + sum(known)) / (self._known + len(known))
        rests = [max((average if usual is None else usual) - elapsed, 0) for elapsed, usual in running]
        unknown = len(self._usual) - self._known
        work = sum(rests) + self._sum + unknown * average
        longest = max(self.longest(), average if unknown else 0.0, *rests, 0.0)
        return max(work / max(jobs, 1), longest)
