"""That a function was called here is kept, as `fn-tui run` keeps it: of each the last call, once a second at most."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from time import time
from typing import Final

from tui.building.record.runs import RunRecord, Stamp, note_run
from tui.running.local.chores import Chores
from tui.running.local.events import Outcome

SECONDS: Final = 1.0


class Ran:
    """What was called since it was last written down."""

    def __init__(self, chores: Chores) -> None:
        self._chores = chores
        self._last: dict[Path, RunRecord] = {}
        self._due = False

    def note(self, folder: Path, stamp: Stamp | None, outcome: Outcome, ms: float) -> None:
        """A call of the module with that stamp has ended. Nothing is kept where it is not known which file that is."""
        if stamp is None:
            return
        stage = "run" if outcome.error else "done"
        self._last[folder] = RunRecord(stamp, time(), ms, outcome.host_calls, stage, outcome.error or None)
        if not self._due:
            self._due = True
            self._chores.start(self._later())

    async def _later(self) -> None:
        await asyncio.sleep(SECONDS)
        await self.write()

    async def write(self) -> None:
        """Write down what is not yet."""
        self._due = False
        last, self._last = self._last, {}
        await asyncio.to_thread(_write, last)


def _write(last: Mapping[Path, RunRecord]) -> None:
    """A record that cannot be kept is one that nobody sees: the call was answered all the same."""
    for folder, record in last.items():
        note_run(folder, record)
