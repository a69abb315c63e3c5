"""Saves in some folders, noticed in a thread of their own while tests run, so that none is missed."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from tui.workspace.watch.following import watch_workspace


class Saves:
    """Whether a file of one of these suffixes was saved since one last asked."""

    def __init__(self, roots: Sequence[Path], suffixes: tuple[str, ...]) -> None:
        self._roots = roots
        self._suffixes = suffixes
        self._saved = threading.Event()
        self._began = time.time()
        self._is_over = False

    def wait(self) -> None:
        """Come back at the next save, at once where there was one already."""
        self._saved.wait()
        self._saved.clear()
        if self._is_over:
            raise RuntimeError("the folders are no longer watched")

    def follow(self) -> None:
        """The thread: look for saves. Should it end, whoever waits is told."""
        try:
            asyncio.run(self._all())
        finally:
            self._is_over = True
            self._saved.set()

    async def _all(self) -> None:
        await asyncio.gather(*(self._one(root) for root in self._roots))

    async def _one(self, root: Path) -> None:
        async for batch in watch_workspace(root, asyncio.Event(), since=self._began):
            if any(os.fspath(path).endswith(self._suffixes) for path in batch.paths):
                self._saved.set()
