"""A workspace folder -> the paths that change in it, as they change."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Iterable
from contextlib import suppress
from pathlib import Path
from stat import S_ISDIR
from typing import Final

from tui.workspace.find import is_skipped

# Milliseconds. Paths that change together arrive together, and none waits longer than WINDOW.
STEP: Final = 20
WINDOW: Final = 100
# How long a stop can go unseen by the watching thread, in milliseconds: it is what quitting may wait for.
STOP_CHECK: Final = 200
POLL_MS: Final = 500  # between two looks where the machine has no watches left
RETRY_SECONDS: Final = 0.5
# What editors write beside the file that they edit.
SWAP_SUFFIXES: Final = ("~", ".swp", ".swo", ".swx", ".tmp", ".bak", ".orig")
SWAP_NAMES: Final = frozenset({"4913"})  # vim asks with it whether it may write here

Batch = frozenset[Path]


def is_swap_file(name: str) -> bool:
    """Whether a file of that name is an editor's own, not something that a person saved."""
    return name in SWAP_NAMES or name.endswith(SWAP_SUFFIXES) or (name.startswith("#") and name.endswith("#"))


def is_watched(path: Path, root: Path) -> bool:
    """Whether a change of `path` below `root` can matter: not hidden, not ignored, no editor's swap file."""
    try:
        parts = path.relative_to(root).parts
    except ValueError:
        return False
    return not any(is_skipped(part) for part in parts) and not (parts and is_swap_file(parts[-1]))


async def watch_workspace(root: Path, stop: asyncio.Event, also: Iterable[Path] = ()) -> AsyncGenerator[Batch, None]:
    """Yield the absolute paths that change below `root`, in batches of about 100 ms, until `stop` is set.

    Folders are watched, never single files, so that a save by rename is seen. Paths begin with `root` as given, even
    where it is reached by a link. `also` names folders elsewhere whose own entries are watched too (a shared package, a
    go.mod above). A root that goes away is waited for: when it comes back, that is one change of itself.
    """
    arrived: asyncio.Queue[Batch | None] = asyncio.Queue()
    outside = [folder for folder in dict.fromkeys(also) if os.path.isdir(folder) and not folder.is_relative_to(root)]
    tasks = [asyncio.create_task(_watch_tree(root, stop, arrived))]
    if outside:
        tasks.append(asyncio.create_task(_watch_folders(outside, stop, arrived)))
    try:
        while (batch := await arrived.get()) is not None:
            yield batch
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task


async def _watch_tree(root: Path, stop: asyncio.Event, arrived: asyncio.Queue[Batch | None]) -> None:
    try:
        while not stop.is_set():
            if _identity(root) is not None:
                await _watch_until_gone(root, stop, arrived)
            await _come_back(root, stop)
            if not stop.is_set():
                arrived.put_nowait(frozenset({root}))
    finally:
        arrived.put_nowait(None)


async def _watch_until_gone(root: Path, stop: asyncio.Event, arrived: asyncio.Queue[Batch | None]) -> None:
    real, watched = root.resolve(), _identity(root)
    async for paths in _notices([real], stop, recursive=True):
        below = frozenset(root / path.relative_to(real) for path in paths if is_watched(path, real))
        if below:
            arrived.put_nowait(below)
        if _identity(root) != watched:
            return  # gone, or another folder in its place, which nobody watches


def _identity(folder: Path) -> tuple[int, int] | None:
    """What tells a folder from another one of its name; None where there is none."""
    try:
        status = folder.stat()
    except OSError:
        return None
    return (status.st_dev, status.st_ino) if S_ISDIR(status.st_mode) else None


async def _watch_folders(folders: list[Path], stop: asyncio.Event, arrived: asyncio.Queue[Batch | None]) -> None:
    async for paths in _notices(folders, stop, recursive=False):
        seen = frozenset(path for path in paths if not is_skipped(path.name) and not is_swap_file(path.name))
        if seen:
            arrived.put_nowait(seen)


async def _come_back(root: Path, stop: asyncio.Event) -> None:
    """Wait until the folder is there again, or `stop` is set."""
    while _identity(root) is None and not stop.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), RETRY_SECONDS)


async def _notices(folders: list[Path], stop: asyncio.Event, *, recursive: bool) -> AsyncGenerator[set[Path], None]:
    """What watchfiles tells of these folders; by polling where the machine has no watches left.

    watchfiles sets the event that it is given when it is cancelled, so it gets one of its own.
    """
    from watchfiles import awatch

    for polling in (None, True):
        inner = asyncio.Event()
        forward = asyncio.create_task(_set_after(stop, inner))
        try:
            async for batch in awatch(
                *folders,
                watch_filter=None,
                debounce=WINDOW,
                step=STEP,
                stop_event=inner,
                rust_timeout=STOP_CHECK,
                force_polling=polling,
                poll_delay_ms=POLL_MS,
                recursive=recursive,
                ignore_permission_denied=True,
            ):
                yield {Path(path) for _change, path in batch}
        except (FileNotFoundError, NotADirectoryError):
            return  # gone before it could be watched
        except OSError:
            if polling:
                raise
            continue  # no watches left (ENOSPC): once more, by polling
        finally:
            forward.cancel()
        return


async def _set_after(stop: asyncio.Event, inner: asyncio.Event) -> None:
    await stop.wait()
    inner.set()
