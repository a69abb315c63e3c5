"""Folders outside of what a watch searches by itself. Which they are may change while it is on."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable
from pathlib import Path


class Also:
    """For the event loop of whoever watches."""

    def __init__(self, folders: Iterable[Path] = ()) -> None:
        self.folders = set(map(os.fspath, folders))
        self.changed = asyncio.Event()  # others are to be watched than were

    def put(self, folders: Iterable[Path]) -> None:
        """These are all that are to be watched from now on."""
        wanted = set(map(os.fspath, folders))
        if wanted != self.folders:
            self.folders = wanted
            self.changed.set()
