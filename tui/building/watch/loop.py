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
from tui.workspace.watch.also import Also
from tui.workspace.watch.following import Batch

# Seconds. The watcher below gathers what comes within 20 ms of each other already: one save is answered at its first
# quiet moment, and so is what a formatter makes of it just after, which replaces the build. Where more comes, it is
# waited for longer: a checkout starts no compiler for each of its moments.
QUIET: Final = 0.09
CALM: Final = 0.5  # without a change, after which the next one may be a single save
SAVED: Final = 4  # paths that one save changes at most: the file, and what an editor puts beside it
AT_ONCE: Final = 2  # saves without a calm between them that are not waited with
MORE: Final = 0.15  # in which what is under way tells of itself again
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
    changes: AsyncIterator[Batch], planner: WatchPlanner, breaker: CircleBreaker, also: Also
) -> AsyncGenerator[WatchEvent, None]:
    """What follows from the batches of changed paths, until they end. Start the rebuilds of each `ChangePlan`.

    `planner` has learnt the workspace. A function that `breaker` stops is left out and told once as suspended.
    `also` is told which folders outside of the workspace functions are built from by now.
    """
    async with aclosing(settled(changes)) as batches:
        async for batch in batches:
            plan, outside = await asyncio.to_thread(_planned, planner, batch)
            also.put(outside)
            before = set(breaker.suspended)
            allowed = tuple(rebuild for rebuild in plan.rebuild if breaker.allows(rebuild))
            kept = replace(plan, rebuild=allowed)
            if kept:
                yield kept
            for directory in breaker.suspended.keys() - before:
                yield WatchSuspended(directory, breaker.suspended[directory])


def _planned(planner: WatchPlanner, changed: frozenset[Path]) -> tuple[ChangePlan, tuple[Path, ...]]:
    """What follows, and where else to look from now on: both read the disk, or go through thousands of functions."""
    return planner.plan(changed), planner.outside


async def settled(
    changes: AsyncIterator[Batch], quiet: float = QUIET, ceiling: float = CEILING
) -> AsyncGenerator[frozenset[Path], None]:
    """The paths put together until nothing came for `quiet` seconds, at the latest `ceiling` after the first.

    A few paths that come after a calm, or soon after the first such, wait for the watcher's own quiet only.
    """
    arrived: asyncio.Queue[Batch | None] = asyncio.Queue()
    reader = asyncio.create_task(_pour(changes, arrived))
    saves = _Saves()
    try:
        while (batch := await arrived.get()) is not None:
            gathered = set(batch.paths)
            latest = monotonic() + ceiling
            saves.begin()
            while batch is not None and not (saves.is_one(batch, gathered) and arrived.empty()):
                left = min(latest - monotonic(), quiet if batch.quiet else max(quiet, MORE))
                if left <= 0:
                    break
                try:
                    batch = await asyncio.wait_for(arrived.get(), left)
                except TimeoutError:
                    break
                gathered |= batch.paths if batch is not None else frozenset()
            saves.end()
            yield frozenset(gathered)
            if batch is None:
                break
        await reader
    finally:
        reader.cancel()
        await asyncio.gather(reader, return_exceptions=True)


class _Saves:
    """Tells what a person saved, which is not waited with, from what comes and comes."""

    def __init__(self) -> None:
        self._ended = monotonic() - CALM
        self._row = 0  # of what was handed on since the last calm

    def begin(self) -> None:
        """Something came."""
        self._row = 1 if monotonic() - self._ended >= CALM else self._row + 1

    def end(self) -> None:
        """It is handed on."""
        self._ended = monotonic()

    def is_one(self, last: Batch, gathered: set[Path]) -> bool:
        """Whether what was gathered so far looks like a save that is over."""
        return last.quiet and len(gathered) <= SAVED and self._row <= AT_ONCE


async def _pour(changes: AsyncIterator[Batch], arrived: asyncio.Queue[Batch | None]) -> None:
    try:
        async for batch in changes:
            arrived.put_nowait(batch)
    finally:
        arrived.put_nowait(None)
