"""Follows what changes outside while the screen is open: the workspace's files, and the record of runs."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from tui.app.notices import Notice

if TYPE_CHECKING:
    from tui.app.desk.reading.reader import Reader
    from tui.app.desk.store import Store
    from tui.workspace.watch.following import Batch

LAY_AT_ONCE = 500  # functions up to which watching the disk begins at once
QUIET = 0.5  # seconds without a key in which it begins where there are more
LAY_LATEST = 5.0  # seconds after which it begins in any case


class FollowingListener(Protocol):
    """Who is told of the disk."""

    def run(self, work: Coroutine[Any, Any, None]) -> object:
        """Run a coroutine as long as the screen is open; a fault in it reaches the boundary."""

    async def disk_changed(self, batch: Batch) -> None:
        """Paths below the workspace changed, absolute, as the person named the workspace."""

    def say(self, notice: Notice) -> None:
        """Something to tell the person."""


class Following:
    """Begins once; ends with `stop`."""

    def __init__(self, root: Path, store: Store, reader: Reader, listener: FollowingListener) -> None:
        self.root = root
        self.store = store
        self.reader = reader
        self.listener = listener
        self.since = time.time()  # what changed after this is told of
        self._last_key = time.monotonic()  # opening the screen counts as one
        self._stop = asyncio.Event()
        self._began = False

    def begin(self) -> bool:
        """Follow from now on; False where that is so already, or at an end."""
        if self._began or self._stop.is_set():
            return False
        self._began = True
        self.listener.run(self._follow_disk())
        self.listener.run(self._follow_runs())
        return True

    def stop(self) -> None:
        """Follow nothing any more."""
        self._stop.set()

    def key(self) -> None:
        """A person pressed a key."""
        self._last_key = time.monotonic()

    def edited(self, paths: list[Path]) -> None:
        """Files were edited from here: it is not waited until the disk tells."""
        from tui.workspace.watch.following import Batch

        self.listener.run(self.listener.disk_changed(Batch(frozenset(paths))))

    async def _follow_disk(self) -> None:
        """Laying watches on 5,000 folders holds everything for a tenth of a second: not between two keys."""
        from tui.app.desk.reading.disk import follow_disk

        latest = time.monotonic() + LAY_LATEST
        while len(self.store) > LAY_AT_ONCE and time.monotonic() < min(latest, self._last_key + QUIET):  # noqa: ASYNC110
            await asyncio.sleep(0.1)  # it is the quiet that is waited for
        await follow_disk(self.root, self._stop, self.listener, self.since)

    async def _follow_runs(self) -> None:
        """A run is no file of the workspace: its record changes, and the function is read anew."""
        from tui.app.desk.reading.runs import follow_runs

        await follow_runs(self.store, self._stop, lambda paths: self.reader.request(paths, urgent=True))
