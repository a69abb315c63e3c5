"""Follow a workspace on disk: yield the paths that change, in batches, however folders come, go and are renamed."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress
from pathlib import Path
from stat import S_ISDIR
from typing import Final

from tui.facts import Fact
from tui.workspace.watch.also import Also
from tui.workspace.watch.folders import entries, entries_changed, watched_folders
from tui.workspace.watch.notices import POLL, Inotify, Noticed, Notices, Polling

RETRY_SECONDS: Final = 0.5
TICK: Final = 0.01  # seconds by which the clock of file times may lag behind `time.time`
WALK_SHARE: Final = 4  # a workspace is not walked again before so many times as long as a walk takes

Say = Callable[[str], None]


class Batch(Fact):
    """Paths that changed together."""

    paths: frozenset[Path]
    quiet: bool = True  # nothing followed for a moment; else more is under way


async def watch_workspace(
    root: Path,
    stop: asyncio.Event,
    also: Also | None = None,
    say: Say = lambda _: None,
    since: float | None = None,
) -> AsyncGenerator[Batch, None]:
    """Yield the absolute paths that change below `root`, in batches of about 100 ms, until `stop` is set.

    What `find_functions` searches is watched, no more (see `watched_folders`). Folders are watched, never single files,
    so that a save by rename is seen. Paths begin with `root` as given, even where it is reached by a link. `also` names
    folders elsewhere whose own entries are watched too (a shared package, a go.mod above, vendored code). A root that
    goes away is waited for: when it comes back, that is one change of itself. `say` is told one sentence where changes
    can only be found by looking. What changed after `since` (seconds of `time.time`) and before the watch was up is the
    first batch: who read the workspace from then on misses nothing.
    """
    others = also if also is not None else Also()
    while not stop.is_set():
        if (identity := _identity(root)) is not None:
            follower = _Follower(lambda: watched_folders(root) | others.folders, stop, say, others)
            async with aclosing(follower.batches(since)) as batches:
                async for batch in batches:
                    yield batch
                    if _identity(root) != identity:
                        break  # gone, or another folder in its place, which nobody watches
        since = None  # it comes back as one change
        await _come_back(root, stop)
        if not stop.is_set():
            yield Batch(frozenset({root}))


async def watch_folders(folders: Also, stop: asyncio.Event, say: Say = lambda _: None) -> AsyncGenerator[Batch, None]:
    """Yield the paths that change directly in these folders, until `stop` is set."""
    async with aclosing(_Follower(lambda: folders.folders, stop, say, folders).batches()) as batches:
        async for batch in batches:
            yield batch


class _Follower:
    """Keeps the set of watched folders as it has to be, and falls back to looking."""

    def __init__(self, wanted: Callable[[], set[str]], stop: asyncio.Event, say: Say, also: Also) -> None:
        self._wanted = wanted
        self._also = also
        self._stop = stop
        self._say = say
        self._folders: set[str] = set()
        self._notices: Notices = Polling()
        self._walk_at: float | None = None  # when the workspace is to be walked again
        self._cost = 0.0  # seconds of the last walk

    async def batches(self, since: float | None = None) -> AsyncGenerator[Batch, None]:
        self._notices = self._open()
        try:
            await self._walk()
            if since is not None and (missed := await asyncio.to_thread(entries_changed, self._folders, since - TICK)):
                yield Batch(frozenset(map(Path, missed)))
            while (noticed := await self._next()) is not None:
                paths = noticed.paths
                if noticed.everything:
                    paths |= await asyncio.to_thread(entries, self._folders)
                if noticed.structural and self._walk_at is None:
                    self._walk_at = time.monotonic() + WALK_SHARE * self._cost
                if self._walk_at is not None and time.monotonic() >= self._walk_at:
                    paths |= await self._walk()
                if paths:
                    yield Batch(frozenset(map(Path, paths)), noticed.quiet)
        finally:
            self._notices.close()

    def _open(self) -> Notices:
        if sys.platform != "linux":
            return Polling()
        try:
            return Inotify()
        except OSError as error:
            self._say(_fallback(error))
            return Polling()

    async def _next(self) -> Noticed | None:
        """What changed; nothing, where it is time for a walk; None when stopped."""
        left = None if self._walk_at is None else max(self._walk_at - time.monotonic(), 0.0)
        notices = asyncio.ensure_future(self._notices.next())
        tasks = notices, *map(asyncio.ensure_future, (self._stop.wait(), self._also.changed.wait()))
        try:
            await asyncio.wait(tasks, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            if self._stop.is_set():
                return None
            if self._also.changed.is_set():
                self._walk_at = time.monotonic()
            return notices.result() if notices.done() else Noticed()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _walk(self) -> set[str]:
        """Watch what is to be watched now; what stands in the folders that are new since the last walk."""
        self._walk_at = None
        self._also.changed.clear()
        began = time.monotonic()
        wanted = await asyncio.to_thread(self._wanted)
        self._cost = time.monotonic() - began
        first, self._folders = not self._folders, wanted
        try:
            new = await self._notices.watch(wanted)
        except OSError as error:
            self._say(_fallback(error))
            self._notices.close()
            self._notices = Polling()
            new = await self._notices.watch(wanted)
        return set() if first else new | await asyncio.to_thread(entries, new)


def _fallback(error: OSError) -> str:
    why = error.strerror or str(error)
    return f"the system tells no changes ({why.lower()}): looking for them every {POLL:g} s or more"


def _identity(folder: Path) -> tuple[int, int] | None:
    """What tells a folder from another one of its name; None where there is none."""
    try:
        status = folder.stat()
    except OSError:
        return None
    return (status.st_dev, status.st_ino) if S_ISDIR(status.st_mode) else None


async def _come_back(root: Path, stop: asyncio.Event) -> None:
    """Wait until the folder is there again, or `stop` is set."""
    while _identity(root) is None and not stop.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), RETRY_SECONDS)
