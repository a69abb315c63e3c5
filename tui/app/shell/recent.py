"""The workspaces that were open before, as far as they are still there."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Final

OFFERED: Final = 20


class RecentWorkspaces:
    """Looks for them in a thread that nobody waits for, not even at the end: a folder may be on a disk that hangs."""

    def __init__(self, remembered: Sequence[Path]) -> None:
        """`remembered`: that opened last first."""
        self._remembered = remembered
        self._looking: threading.Thread | None = None
        self.found: tuple[Path, ...] = ()  # when it was last looked

    def look(self) -> None:
        """Have `found` made anew, soon."""
        if self._looking is None or not self._looking.is_alive():
            self._looking = threading.Thread(target=self._look, name="recent workspaces", daemon=True)
            self._looking.start()

    def _look(self) -> None:
        there = (path for path in self._remembered if os.path.isdir(path))
        self.found = tuple(islice(there, OFFERED))
