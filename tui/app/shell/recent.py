"""The workspaces that were open before, as far as they are still there."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Final

OFFERED: Final = 20


class RecentWorkspaces:
    """Looks for them in a thread that nobody waits for, not even at the end: a folder may be on a disk that hangs."""

    def __init__(self, remembered: Sequence[Path]) -> None:
        """`remembered`: that opened last first."""
        self._remembered = remembered
        self._looking = False
        self._then: Callable[[], None] | None = None
        self.found: tuple[Path, ...] = ()  # when it was last looked

    def look(self, then: Callable[[], None] | None = None) -> None:
        """Have `found` made anew, soon; if it is another then, call the newest `then`, in the event loop of here."""
        self._then = then or self._then  # who waits for it goes on waiting
        if not self._looking:
            self._looking = True
            loop = asyncio.get_running_loop()
            threading.Thread(target=self._look, args=(loop,), name="recent workspaces", daemon=True).start()

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        there = (path for path in self._remembered if os.path.isdir(path))
        found = tuple(islice(there, OFFERED))
        with suppress(RuntimeError):  # the loop is closed: the app has ended, and nobody asks any more
            loop.call_soon_threadsafe(self._end, found)

    def _end(self, found: tuple[Path, ...]) -> None:
        self._looking = False
        before, self.found = self.found, found
        then, self._then = self._then, None
        if then is not None and found != before:
            then()
