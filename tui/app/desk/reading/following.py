"""Follows what changes outside while the screen is open: the workspace's files, and the record of runs. What is edited
outside shows within half a second.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from tui.app.notices import Notice

if TYPE_CHECKING:
    from tui.app.desk.reading.reader import Reader
    from tui.app.desk.store import Store
    from tui.workspace.function import Function
    from tui.workspace.watch.following import Batch

LAY_AT_ONCE = 500  # functions up to which watching the disk begins at once
QUIET = 0.5  # seconds without a key in which it begins where there are more
LAY_LATEST = 5.0  # seconds after which it begins in any case
FEW = 50  # functions that a change touches, up to which they are read before all others
MORE = 0.15  # seconds in which a storm of changes tells of itself again
LEFT = 0.09  # seconds without a change of a folder, after which a storm has passed it
HELD = 1.0  # seconds for which what it touched waits at most


class FollowingListener(Protocol):
    """Who is told of the disk."""

    def run(self, work: Coroutine[Any, Any, None]) -> object:
        """Run a coroutine as long as the screen is open; a fault in it reaches the boundary."""

    def disk_changed(self, batch: Batch) -> None:
        """Paths below the workspace changed, absolute, as the person named the workspace."""

    def say(self, notice: Notice) -> None:
        """Something to tell the person."""


@dataclass
class _Changed:
    """What changed in a folder, and when (time.monotonic())."""

    first: float
    last: float = 0.0
    paths: set[Path] = field(default_factory=set)

    def is_left(self, now: float) -> bool:
        """Whether a storm has passed it, or has been at it for too long."""
        return self.last + LEFT <= now or self.first + HELD <= now


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
        self._changed: dict[Path, _Changed] = {}  # by folder: what is to be looked at
        self._looking: asyncio.TimerHandle | None = None  # when that is done, should no more be told
        self._searching: float | None = None  # since when functions may have come or gone

    def begin(self) -> bool:
        """Follow from now on; False where that is so already, or at an end."""
        if self._began or self._stop.is_set():
            return False
        self._began = True
        self.listener.run(self._follow_disk())
        self.listener.run(self._follow_runs())
        self.listener.run(self._confirm())
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

        self.listener.run(self.take(Batch(frozenset(paths))))

    async def take(self, batch: Batch) -> None:
        """Have read what a change touches; in the middle of a storm what that has left, or it would be read for each
        file.
        """
        self.listener.disk_changed(batch)
        now = time.monotonic()
        for path in batch.paths:
            changed = self._changed.setdefault(path.parent, _Changed(now))
            changed.paths.add(path)
            changed.last = now
        if batch.quiet:
            self._look()
            return
        self._read([folder for folder, changed in self._changed.items() if changed.is_left(now)])
        if self._looking is not None:
            self._looking.cancel()
        self._looking = asyncio.get_running_loop().call_later(MORE, self._look)

    def _look(self) -> None:
        """Nothing more is told."""
        if self._looking is not None:
            self._looking.cancel()
        self._looking = None
        self._read(list(self._changed))

    def _read(self, folders: list[Path]) -> None:
        paths = {path for folder in folders for path in self._changed.pop(folder).paths}
        if paths:
            self.listener.run(self._read_touched(paths))

    async def _read_touched(self, paths: set[Path]) -> None:
        from tui.app.desk.reading.disk import touched_functions

        touched, structural = await asyncio.to_thread(touched_functions, self.store.places, paths, self._is_read)
        if structural and self._searching is None:
            self._searching = time.monotonic()
        # A search looks at the whole workspace: not for each part of a storm.
        if self._searching is not None and (not self._changed or self._searching + HELD <= time.monotonic()):
            self._searching = None
            self.reader.find(self.root)
        self.reader.request(touched, urgent=len(touched) <= FEW)

    def _is_read(self, function: Function) -> bool:
        """Whether the module that is there now was read, or will be when its build ends: each of thousands of builds
        changes one file. Asked in a thread.
        """
        record = self.store.get(function.path)
        if record is None or record.progress.phase in ("building", "cancelling"):
            return record is not None
        from tui.building.record.runs import stamp_of

        can_be_read = record.module_error is None and os.access(record.wasm, os.R_OK)
        return record.stamp is not None and record.stamp == stamp_of(record.wasm) and can_be_read

    async def _follow_disk(self) -> None:
        """Laying watches on 5,000 folders holds everything for a tenth of a second: not between two keys."""
        from tui.workspace.watch.following import watch_workspace

        latest = time.monotonic() + LAY_LATEST
        while len(self.store) > LAY_AT_ONCE and time.monotonic() < min(latest, self._last_key + QUIET):  # noqa: ASYNC110
            await asyncio.sleep(0.1)  # it is the quiet that is waited for
        async for batch in watch_workspace(self.root, self._stop, say=self._say, since=self.since):
            await self.take(batch)

    def _say(self, words: str) -> None:
        self.listener.say(Notice(words, "warning", "Watch"))

    async def _follow_runs(self) -> None:
        """A run is no file of the workspace: its record changes, and the function is read anew."""
        from tui.app.desk.reading.runs import follow_runs

        await follow_runs(self.store, self._stop, lambda paths: self.reader.request(paths, urgent=True))

    async def _confirm(self) -> None:
        """What lies elsewhere and no watch is on: of the one function that is looked at."""
        from tui.app.desk.reading.confirming import Confirming

        await Confirming(self.store, self.reader).follow(self._stop)
