"""A workspace folder -> the paths that change in it, as they change."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

from tui.workspace.find import is_skipped

# Milliseconds. Paths that change together arrive together, and none waits longer than WINDOW.
STEP: Final = 30
WINDOW: Final = 100
# How long a stop can go unseen by the watching thread, in milliseconds: it is what quitting may wait for.
STOP_CHECK: Final = 200
RETRY_SECONDS: Final = 1.0
# What editors write beside the file that they edit.
SWAP_SUFFIXES: Final = ("~", ".swp", ".swo", ".swx", ".tmp", ".bak", ".orig")
SWAP_NAMES: Final = frozenset({"4913"})  # vim asks with it whether it may write here


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


async def watch_workspace(root: Path, stop: asyncio.Event) -> AsyncIterator[frozenset[Path]]:
    """Yield the absolute paths that change below `root`, in batches of about 100 ms, until `stop` is set.

    Folders are watched, never single files, so that a save by rename is seen. A root that goes away is waited for:
    when it comes back, it is reported as one change of itself.
    """
    from watchfiles import awatch

    root = root.resolve()
    while not stop.is_set():
        try:
            async for batch in awatch(
                root,
                watch_filter=lambda _change, path: is_watched(Path(path), root),
                debounce=WINDOW,
                step=STEP,
                stop_event=stop,
                rust_timeout=STOP_CHECK,
                yield_on_timeout=False,
                ignore_permission_denied=True,
            ):
                yield frozenset(Path(path) for _change, path in batch)
                if not root.is_dir():
                    break
        except (FileNotFoundError, NotADirectoryError):
            pass
        while not stop.is_set() and not root.is_dir():
            await asyncio.sleep(RETRY_SECONDS)
            if root.is_dir():
                yield frozenset({root})
