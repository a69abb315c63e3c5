"""Builds for the gateway: what is stale first, and again on every save; modules that others build are taken, too."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Collection, Iterable
from contextlib import aclosing
from pathlib import Path

from tui.building.events import BuildEnded, BuildQueued, BuildResult, BuildStarted, CompilerName
from tui.building.inputs.need import NeedByHistory
from tui.building.process.jobs import default_jobs
from tui.building.process.options import BuildOptions
from tui.building.process.queue import BuildQueue
from tui.building.watch.loop import CircleBreaker, WatchSuspended, watch_builds
from tui.building.watch.planner import ChangePlan, WatchPlanner
from tui.running.gather import WASM, YAML
from tui.running.local.chores import Chores
from tui.running.local.shelf import SHOWN_DIGITS, OnDisk, Shelf, look_at, look_at_all
from tui.workspace.watch.also import Also
from tui.workspace.watch.following import Batch, watch_workspace

NOT_BUILT = "it is not built: there is no function.wasm"
Say = Callable[[str, Path | None, bool], None]  # (words, function's directory, whether it is a fault)


class Builds:
    """The queue and the watch of one workspace, and the shelf that they fill."""

    def __init__(
        self,
        planner: WatchPlanner,
        shelf: Shelf,
        chores: Chores,
        say: Say,
        warm: Callable[[Path], None],
    ) -> None:
        """`planner` tells what a build of a function would read; `warm` is told where a module may be new."""
        self._shelf = shelf
        self._chores = chores
        self._say = say
        self._warm = warm
        self._planner = planner
        self._stop = asyncio.Event()
        self._queue: BuildQueue | None = None
        self._taking = asyncio.Lock()

    async def start(
        self, compiler: CompilerName | None, jobs: int = 0, attach: Callable[[BuildQueue], None] | None = None
    ) -> None:
        """Find the functions, serve what is there, and build what is stale with `compiler`; None builds nothing.

        `attach` has the queue's builds run elsewhere than on this machine.
        """
        since = time.time()
        await asyncio.to_thread(self._planner.learn)
        directories = self._planner.directories
        for look in await asyncio.to_thread(look_at_all, directories):
            self._put(look)
        if compiler is not None:
            self._queue = BuildQueue(BuildOptions(compiler, need_check=NeedByHistory()), jobs or default_jobs())
            if attach is not None:
                attach(self._queue)
            self._queue.submit_all(directories)
            self._chores.start(self._follow_queue(self._queue))
        else:
            for entry in self._shelf.entries:
                entry.ended("" if entry.build is not None else NOT_BUILT)
                self._warm(entry.offer.directory)
        self._chores.start(self._follow_disk(since))

    async def stop(self) -> None:
        """End every build; nothing of them is left."""
        self._stop.set()
        if self._queue is not None:
            await self._queue.shutdown()

    async def _follow_queue(self, queue: BuildQueue) -> None:
        async for event in queue.events():
            entry = self._shelf.at(event.directory) if isinstance(event, BuildQueued | BuildStarted) else None
            if entry is not None:
                entry.began()
            if isinstance(event, BuildStarted):
                self._say("builds", event.directory, False)
            elif isinstance(event, BuildEnded):
                await self._ended(event.result)

    async def _ended(self, result: BuildResult) -> None:
        """A build is over: what lies there now is served, whether it is new or not."""
        failure = "" if result.status in ("built", "skipped") else result.error or f"the build {result.status}"
        await self._take(result.directory)
        entry = self._shelf.at(result.directory)
        if entry is None or self._is_coming(result.directory):
            return
        entry.ended(failure)
        self._warm(result.directory)
        if failure:
            kept = f"; {entry.build.digest[:SHOWN_DIGITS]} from before is served" if entry.build is not None else ""
            words = "not built" if result.status == "lost" else "the build failed"
            self._say(f"{words}: {_on_one_line(failure)}{kept}", result.directory, True)
        elif result.status == "built":
            self._say(f"built in {result.seconds:.1f} s", result.directory, False)

    def _is_coming(self, directory: Path) -> bool:
        """Whether another build of the same function waits, or runs."""
        return self._queue is not None and directory in (*self._queue.state.queued, *self._queue.state.building)

    async def _take(self, directory: Path) -> None:
        """Serve what lies in a directory now. One after the other: an older look must not follow a newer one."""
        async with self._taking:
            self._put(await asyncio.to_thread(look_at, directory))

    def _put(self, found: OnDisk) -> None:
        entry = self._shelf.at(found.offer.directory)
        before = entry.offer.error if entry is not None else ""  # `put` changes the entry
        self._shelf.put(found)
        if found.fault:
            self._say(found.fault, found.offer.directory, True)
        if found.offer.error and before != found.offer.error:
            self._say(f"function.yaml is refused: {_on_one_line(found.offer.error)}", found.offer.directory, True)

    async def _follow_disk(self, since: float) -> None:
        also = Also(self._planner.outside)
        changes = watch_workspace(
            self._planner.root, self._stop, also, lambda words: self._say(words, None, False), since
        )
        async with aclosing(watch_builds(self._noting(changes), self._planner, CircleBreaker(), also)) as events:
            async for event in events:
                if isinstance(event, WatchSuspended):
                    self._say(event.words, event.directory, True)
                else:
                    await self._changed(event)

    async def _noting(self, changes: AsyncGenerator[Batch, None]) -> AsyncGenerator[Batch, None]:
        """The same batches; a function.yaml or function.wasm among them is looked at, whatever a build needs of it."""
        async with aclosing(changes) as batches:
            async for batch in batches:
                touched = {path.parent for path in batch.paths if path.name in (YAML, WASM)}
                await self._look_again(touched)
                yield batch

    async def _look_again(self, directories: Iterable[Path]) -> None:
        for directory in sorted(directories):
            entry = self._shelf.at(directory)
            # What a build of ours lays there is taken when it is whole.
            if entry is not None and not (entry.building and self._queue is not None):
                await self._take(directory)
                if entry.build is not None and self._queue is None:
                    entry.ended("")
                self._warm(directory)

    async def _changed(self, plan: ChangePlan) -> None:
        for directory in plan.vanished:
            if self._queue is not None:
                self._queue.cancel(directory)
            self._say("is gone", directory, False)
            self._shelf.drop(directory)
        for directory in plan.appeared:
            await self._take(directory)
            self._say("is new", directory, False)
            self._settle(directory, {rebuild.directory for rebuild in plan.rebuild})
        for refused in plan.refused:
            await self._take(refused.directory)
        for rebuild in plan.rebuild:
            self._rebuild(rebuild.directory, rebuild.trigger)

    def _settle(self, directory: Path, rebuilt: Collection[Path]) -> None:
        """A new function that nothing is built of is what it is."""
        entry = self._shelf.at(directory)
        if entry is not None and (self._queue is None or directory not in rebuilt):
            entry.ended("" if entry.build is not None else NOT_BUILT)

    def _rebuild(self, directory: Path, trigger: str) -> None:
        if self._queue is None:
            return
        entry = self._shelf.at(directory)
        if entry is not None:
            entry.began()
        self._queue.submit(directory, origin="watch", trigger=trigger)


def _on_one_line(error: str) -> str:
    """An error's first line; where that leads to others, the first of them and how many more there are."""
    first, *rest = error.split("\n")
    if not rest or not first.endswith(":"):
        return first
    return f"{first} {rest[0].strip()}" + (f" (and {len(rest) - 1:,} more)" if rest[1:] else "")
