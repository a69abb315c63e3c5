"""Changes on disk -> builds to start: debounced, compared by content, never in a circle. No build is run here."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic
from typing import Final

from tui.building.watch.planner import ChangePlan, Rebuild, WatchPlanner

# Seconds. The watcher below gathers what comes within 20 ms of each other already: one save is answered at once. Where
# more comes, or has come just now, it is waited for quiet: a checkout starts no compiler for each of its moments.
QUIET: Final = 0.09
CALM: Final = 0.5  # without a change, after which the next one may be a single save
SAVED: Final = 4  # paths that one save changes at most: the file, and what an editor puts beside it
CEILING: Final = 1.0  # no change waits longer, however many follow
CIRCLE_BUILDS: Final = 5  # of one function ...
CIRCLE_SECONDS: Final = 20.0  # ... within so long without a key: something writes its sources


@dataclass(frozen=True, slots=True)
class WatchSuspended:
    """A function is not rebuilt any more: its sources keep changing by themselves."""

    directory: Path
    file: Path  # the one that changed last

    @property
    def words(self) -> str:
        """A sentence for people."""
        return (
            f"{self.directory.name}: {CIRCLE_BUILDS} builds in {CIRCLE_SECONDS:.0f} s, so watch leaves it alone; "
            f"{self.file.name} keeps changing. It is taken up again after {CIRCLE_SECONDS:.0f} s without a change"
        )


WatchEvent = ChangePlan | WatchSuspended


class CircleBreaker:
    """Tells a person who saves from a build that changes its own sources. `key()` says that a person is there."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._builds: dict[Path, deque[float]] = {}
        self._changed: dict[Path, float] = {}
        self.suspended: dict[Path, Path] = {}  # function -> the file that keeps changing

    def key(self) -> None:
        """A person pressed a key: count anew, take up all again."""
        self._builds.clear()
        self.suspended.clear()

    def allows(self, rebuild: Rebuild) -> bool:
        """Whether to build now. The first refusal puts the function into `suspended`."""
        now = self._clock()
        quiet = now - self._changed.get(rebuild.directory, now)
        self._changed[rebuild.directory] = now
        builds = self._builds.setdefault(rebuild.directory, deque(maxlen=CIRCLE_BUILDS))
        if rebuild.directory in self.suspended:
            if quiet < CIRCLE_SECONDS:
                self.suspended[rebuild.directory] = rebuild.file
                return False
            del self.suspended[rebuild.directory]
            builds.clear()
        if len(builds) == CIRCLE_BUILDS and now - builds[0] < CIRCLE_SECONDS:
            self.suspended[rebuild.directory] = rebuild.file
            return False
        builds.append(now)
        return True


async def watch_builds(
    changes: AsyncIterator[frozenset[Path]], planner: WatchPlanner, breaker: CircleBreaker
) -> AsyncGenerator[WatchEvent, None]:
    """What follows from the batches of changed paths, until they end. Start the rebuilds of each `ChangePlan`.

    `planner` has learnt the workspace. A function that `breaker` stops is left out and told once as suspended.
    """
    async with aclosing(settled(changes)) as batches:
        async for batch in batches:
            plan = await asyncio.to_thread(planner.plan, batch)
            before = set(breaker.suspended)
            allowed = tuple(rebuild for rebuild in plan.rebuild if breaker.allows(rebuild))
            kept = replace(plan, rebuild=allowed)
            if kept:
                yield kept
            for directory in breaker.suspended.keys() - before:
                yield WatchSuspended(directory, breaker.suspended[directory])


async def settled(
    changes: AsyncIterator[frozenset[Path]], quiet: float = QUIET, ceiling: float = CEILING
) -> AsyncGenerator[frozenset[Path], None]:
    """The batches put together until nothing came for `quiet` seconds, at the latest `ceiling` after the first.

    One of a few paths that comes after a calm is not waited with.
    """
    arrived: asyncio.Queue[frozenset[Path] | None] = asyncio.Queue()
    reader = asyncio.create_task(_pour(changes, arrived))
    try:
        last = monotonic() - CALM
        while (batch := await arrived.get()) is not None:
            gathered, ended = set(batch), False
            is_save = len(batch) <= SAVED and arrived.empty() and monotonic() - last >= CALM
            latest = monotonic() + (0.0 if is_save else ceiling)
            while not ended and (left := min(latest - monotonic(), quiet)) > 0:
                try:
                    more = await asyncio.wait_for(arrived.get(), left)
                except TimeoutError:
                    break
                ended = more is None
                gathered |= more or frozenset()
            last = monotonic()
            yield frozenset(gathered)
            if ended:
                break
        await reader
    finally:
        reader.cancel()
        await asyncio.gather(reader, return_exceptions=True)


async def _pour(changes: AsyncIterator[frozenset[Path]], arrived: asyncio.Queue[frozenset[Path] | None]) -> None:
    try:
        async for batch in changes:
            arrived.put_nowait(batch)
    finally:
        arrived.put_nowait(None)
