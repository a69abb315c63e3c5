"""Watch mode on screen: what a save touches is rebuilt, and it is said which file it was."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from tui.app.desk.resting import Rest
from tui.app.notices import Notice

if TYPE_CHECKING:
    from tui.building.watch.loop import CircleBreaker, WatchEvent
    from tui.workspace.watch.also import Also
    from tui.workspace.watch.following import Batch


class WatchListener(Protocol):
    """Who is told what watch finds."""

    def rebuild(self, directory: Path, reason: str) -> None:
        """A function is to be built, because of a change that `reason` names."""

    def say(self, notice: Notice) -> None:
        """Something to tell the person."""

    def builds_changed(self) -> None:
        """More or fewer functions are suspended."""


class WatchMode:
    """Runs while watch is on. It is fed the changes of the workspace, and watches what lies outside by itself."""

    def __init__(self, root: Path, listener: WatchListener) -> None:
        self.root = root
        self.listener = listener
        self.breaker: CircleBreaker | None = None
        self._changes: asyncio.Queue[Batch | None] = asyncio.Queue()
        self._stop = asyncio.Event()
        self._since = time.time()  # changes are fed from now on

    @property
    def suspended(self) -> dict[Path, Path]:
        """Functions that are left alone, and the file of each that keeps changing."""
        return {} if self.breaker is None else self.breaker.suspended

    def feed(self, batch: Batch) -> None:
        """Take in changed paths, absolute, as the person named the workspace."""
        self._changes.put_nowait(batch)

    def key(self) -> None:
        """A person is there: what was suspended is taken up again."""
        if self.breaker is not None:
            was = bool(self.breaker.suspended)
            self.breaker.key()
            if was:
                self.listener.builds_changed()

    def stop(self) -> None:
        """End `run`."""
        self._stop.set()
        self._changes.put_nowait(None)

    async def run(self) -> None:
        """Rebuild on save until `stop`."""
        from tui.assessment.assess import watched
        from tui.assessment.terms import terms_here
        from tui.building.watch.loop import CircleBreaker, watch_builds
        from tui.building.watch.planner import WatchPlanner
        from tui.workspace.watch.also import Also

        planner = WatchPlanner(self.root, partial(watched, terms=terms_here()), Rest().rest, self._since)
        await asyncio.to_thread(planner.learn)
        self.breaker = CircleBreaker()
        also = Also(planner.outside)
        outside = asyncio.create_task(self._follow(also))
        try:
            async with aclosing(watch_builds(self._batches(), planner, self.breaker, also)) as events:
                async for event in events:
                    self._take(event)
        finally:
            outside.cancel()
            await asyncio.gather(outside, return_exceptions=True)

    async def _batches(self) -> AsyncIterator[Batch]:
        while (batch := await self._changes.get()) is not None:
            yield batch

    async def _follow(self, folders: Also) -> None:
        from tui.workspace.watch.following import watch_folders

        async for batch in watch_folders(folders, self._stop):
            self.feed(batch)

    def _take(self, event: WatchEvent) -> None:
        from tui.building.watch.loop import WatchSuspended

        if isinstance(event, WatchSuspended):
            self.listener.say(Notice(event.words, "warning", "Watch"))
            self.listener.builds_changed()
            return
        for refused in event.refused:
            name = os.path.relpath(refused.directory, self.root)
            self.listener.say(Notice(f"{name}: {refused.words}", "error", "Watch"))
        for rebuild in event.rebuild:
            self.listener.rebuild(rebuild.directory, rebuild.trigger)
