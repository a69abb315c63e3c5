"""Many builds, some at once, in an order that a person can see and change. One event loop owns a queue.

    queue = BuildQueue(BuildOptions(compiler="tinygo"), jobs=2)
    queue.submit(directory)                      # any time, from the loop's own thread
    async for event in queue.events():           # exactly one reader; it paces the compilers' output
        ...                                      # QueueEvent: BuildQueued, QueueChanged, BuildStarted, ..., BuildEnded
    await queue.shutdown()                       # at quit: kills what runs, waits until nothing is left

Each `submit` of a function that is not queued yet is answered by one `BuildQueued` and, later, one `BuildEnded`,
whatever happens between.
"""

from __future__ import annotations

import asyncio
from bisect import bisect_left
from collections import deque
from collections.abc import AsyncIterator, Iterable
from contextlib import aclosing
from dataclasses import dataclass, replace
from operator import attrgetter
from pathlib import Path
from typing import Final

from tui.building.events import (
    BuildEnded,
    BuildEvent,
    BuildOrigin,
    BuildQueued,
    BuildResult,
    BuildStatus,
    QueueChanged,
    QueueEvent,
)
from tui.building.process.jobs import default_jobs
from tui.building.process.options import BuildOptions
from tui.building.process.runner import Build

_DIRECTORY: Final = attrgetter("directory")
BACKLOG: Final = 64  # events that may wait for the reader before compilers are made to wait (64 KiB each at most)


@dataclass(frozen=True, slots=True)
class QueuedBuild:
    """A build that waits for its turn."""

    directory: Path
    origin: BuildOrigin = "person"
    force: bool = False  # build though up to date
    trigger: str | None = None  # "function.go changed"


class BuildQueue:
    """Runs builds, at most `jobs` at once: what a person asked for first, then what watch asked for, each in order."""

    def __init__(
        self, options: BuildOptions | None = None, jobs: int | None = None, *, fail_fast: bool = False
    ) -> None:
        self.options = options or BuildOptions()  # for builds that start from now on; may be replaced any time
        self._jobs = max(1, jobs if jobs is not None else default_jobs())
        self._ahead = 0  # builds beyond those that wait where they are to run, so that nothing idles there
        self._fail_fast = fail_fast
        self._queued: list[QueuedBuild] = []
        self._waiting: set[Path] = set()  # the directories of those
        self._order: tuple[Path, ...] | None = ()  # the same in order; None: to be made anew
        self._building: dict[Path, Build] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._events: deque[QueueEvent] = deque()
        self._arrived = asyncio.Event()  # something for the reader
        self._taken = asyncio.Event()  # the reader took something
        self._idle = asyncio.Event()
        self._idle.set()
        self._ending = False  # no more submissions: events() ends when the last build has
        self._closed = False
        self._fault: BaseException | None = None

    # -- what a person or watch asks for ------------------------------------------------------------------------------

    @property
    def jobs(self) -> int:
        """How many builds may run at once, at least 1."""
        return self._jobs

    def set_jobs(self, jobs: int, ahead: int = 0) -> None:
        """Change the number of builds at once, live. Fewer: running builds go on, the next ones wait.

        `ahead`: how many more go to where they are to run, to wait there.
        """
        self._jobs, self._ahead = max(1, jobs), ahead
        self._changed()

    def submit(
        self, directory: Path, *, origin: BuildOrigin = "person", force: bool = False, trigger: str | None = None
    ) -> None:
        """Ask for a build of `directory` (absolute).

        Queued already: keeps one place, the better of both (a person's before watch's; forced if either is). Building:
        that build is cancelled and this one takes its turn after it. A person's build is forced only if `force` is.
        """
        self.submit_all([directory], origin=origin, force=force, trigger=trigger)

    def submit_all(
        self,
        directories: Iterable[Path],
        *,
        origin: BuildOrigin = "person",
        force: bool = False,
        trigger: str | None = None,
    ) -> None:
        """Ask for several builds, in the order given. How the queue then stands is told once."""
        if self._closed or self._ending:
            return
        for directory in directories:
            wanted = QueuedBuild(directory, origin, force, trigger)
            self._put(self._merged(wanted) if directory in self._waiting else wanted)
        self._changed()

    def _put(self, wanted: QueuedBuild) -> None:
        """Put a build into the queue. One of the same function that runs gives way to it."""
        running = self._building.get(wanted.directory)
        place = self._place(wanted, first=running is not None)
        self._queued.insert(place, wanted)
        self._order = None
        self._waiting.add(wanted.directory)
        if running is not None:
            running.cancel("replaced by a newer build")
        self._emit(BuildQueued(wanted.directory, place + 1, wanted.origin, wanted.trigger))

    def cancel(self, directory: Path) -> bool:
        """Cancel the build of `directory`, queued or running; again while it is being cancelled: kill it at once.

        False where there is none. The end comes as `BuildEnded` with status cancelled.
        """
        queued = [item for item in self._queued if item.directory == directory]
        self._drop(queued, "cancelled before it started")
        running = self._building.get(directory)
        if running is not None:
            _stop(running)
        self._changed()
        return bool(queued) or running is not None

    def cancel_all(self) -> int:
        """Cancel everything, queued and running; how many builds that were. Again: kills at once what still runs."""
        count = len(self._queued) + len(self._building)
        self._drop(list(self._queued), "cancelled before it started")
        for build in self._building.values():
            _stop(build)
        self._changed()
        return count

    def give_up(self, reason: str) -> None:
        """Start nothing more of what is queued now, cancel what runs."""
        self.drop(reason)
        for build in self._building.values():
            build.cancel(f"cancelled: {reason}")

    def drop(self, reason: str, *, lost: bool = False) -> None:
        """Start nothing more of what is queued now; `lost`: since where it was to be built has gone."""
        self._drop(list(self._queued), reason if lost else f"not started: {reason}", "lost" if lost else "cancelled")

    def has(self, directory: Path) -> bool:
        """Whether a build of `directory` waits for its turn."""
        return directory in self._waiting

    # -- what is seen -------------------------------------------------------------------------------------------------

    @property
    def state(self) -> QueueChanged:
        """The queue as it stands now."""
        if self._order is None:
            self._order = tuple(map(_DIRECTORY, self._queued))
        return QueueChanged(self._order, tuple(self._building), self._jobs)

    async def events(self) -> AsyncIterator[QueueEvent]:
        """Everything that happens, in order. Ends after `finish` with the last build, or at `shutdown`.

        A reader that is slow slows the compilers down (their pipes fill); nothing is dropped.
        """
        while True:
            while self._events:
                yield self._events.popleft()
                self._taken.set()
            if self._fault is not None:
                raise self._fault
            if not self._tasks and (self._closed or (self._ending and self._idle.is_set())):
                return
            self._arrived.clear()
            await self._arrived.wait()

    async def settled(self) -> None:
        """Wait until nothing is queued or building."""
        await self._idle.wait()

    def finish(self) -> None:
        """No more submissions: `events()` ends when the last build has ended."""
        self._ending = True
        self._arrived.set()

    async def shutdown(self) -> None:
        """Kill what runs at once, forget what waits, and return when no process and no temporary folder is left."""
        self._closed = True
        self._queued.clear()
        self._order = ()
        self._waiting.clear()
        self._taken.set()
        for build in self._building.values():
            build.kill()
        if self._tasks:
            await asyncio.wait(self._tasks)
        self._arrived.set()

    # -- how it goes on -----------------------------------------------------------------------------------------------

    def _merged(self, wanted: QueuedBuild) -> QueuedBuild:
        """`wanted`, together with what is queued of the same function, which is taken out."""
        for item in self._queued:
            if item.directory == wanted.directory:
                self._queued.remove(item)
                self._order = None
                person = "person" in (item.origin, wanted.origin)
                return replace(wanted, origin="person" if person else "watch", force=item.force or wanted.force)
        return wanted

    def _place(self, wanted: QueuedBuild, *, first: bool) -> int:
        """The index at which `wanted` goes in: after its own kind, or (a replacement) before it."""
        persons = bisect_left(self._queued, True, key=_is_watch)  # a person's come before those of watch
        if wanted.origin == "person":
            return 0 if first else persons
        return persons if first else len(self._queued)

    def _drop(self, items: list[QueuedBuild], reason: str, status: BuildStatus = "cancelled") -> None:
        """Take builds out of the queue that never started."""
        gone = set(map(id, items))
        self._queued = [item for item in self._queued if id(item) not in gone]
        self._order = None
        self._waiting.difference_update(item.directory for item in items)
        for item in items:
            self._emit(BuildEnded(item.directory, never_started(item.directory, reason, status)))

    def _changed(self) -> None:
        """Start what may start now, and say how the queue stands."""
        self._start_more()
        if not (self._queued or self._building):
            self._idle.set()
        self._emit(self.state)

    def _start_more(self) -> None:
        """Start builds while there is room; a function that is still building waits for its own end."""
        at = 0
        while at < len(self._queued) and len(self._building) < self._jobs + self._ahead and not self._closed:
            item = self._queued[at]
            if item.directory in self._building:
                at += 1
                continue
            # Nearly always the first of them: of thousands that is told with every build.
            self._order = self._order[1:] if self._order and not at else None
            del self._queued[at]
            self._waiting.discard(item.directory)
            self._idle.clear()
            force = self.options.force or item.force
            build = Build(item.directory, replace(self.options, force=force, trigger=item.trigger, origin=item.origin))
            self._building[item.directory] = build
            task = asyncio.create_task(self._run(item, build))
            self._tasks.add(task)
            task.add_done_callback(self._task_done)

    async def _run(self, item: QueuedBuild, build: Build) -> None:
        """Carry one build's events to the reader."""
        status: BuildStatus | None = None
        try:
            async with aclosing(build.events()) as events:
                async for event in events:
                    await self._carry(event)
                    if isinstance(event, BuildEnded):
                        status = event.result.status
        finally:
            del self._building[item.directory]
            if status == "failed" and self._fail_fast:
                self.give_up(f"{item.directory.name} failed")
            self._changed()

    async def _carry(self, event: BuildEvent) -> None:
        """Hand one event on; wait while the reader is behind."""
        self._emit(event)
        while len(self._events) > BACKLOG and not self._closed:
            self._taken.clear()
            await self._taken.wait()

    def _emit(self, event: QueueEvent) -> None:
        self._events.append(event)
        self._arrived.set()

    def _task_done(self, task: asyncio.Task[None]) -> None:
        """A fault of ours in a build must reach the reader, not vanish with its task."""
        self._tasks.discard(task)
        if not task.cancelled() and (fault := task.exception()) is not None:
            self._fault = fault
        self._arrived.set()


def never_started(directory: Path, reason: str, status: BuildStatus = "cancelled") -> BuildResult:
    """The result of a build that was cancelled in the queue, or lost there."""
    return BuildResult(directory, status, exit_code=None, seconds=0.0, error=reason)


def _is_watch(item: QueuedBuild) -> bool:
    return item.origin != "person"


def _stop(build: Build) -> None:
    """Cancel; kill at once what is being cancelled already."""
    if build.cancelling:
        build.kill()
    else:
        build.cancel()
