"""The function that a person looks at is held against the disk, again and again: what no watch tells of shows too.

A watch tells of the workspace's own folders. A function.yaml that is a link, a package above the workspace, or a disk
that tells nothing at all, changes unseen by it; a look at sizes and times costs a thousandth of a core.
"""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tui.app.desk.reading.reader import Reader
    from tui.app.desk.store import Store
    from tui.assessment.assessment import Assessment

SECONDS: Final = 1.0  # between two looks
_NS: Final = 1_000_000_000


class Confirming:
    """Looks at one function after the other, as a person does; remembers what it saw."""

    def __init__(self, store: Store, reader: Reader) -> None:
        self.store = store
        self.reader = reader
        self._seen: dict[str, tuple[float, str]] = {}  # path -> when it had been read, and what the last look showed

    async def follow(self, stop: asyncio.Event) -> None:
        """Have read again what has changed, until `stop` is set."""
        while not stop.is_set():
            await asyncio.sleep(SECONDS)
            record = self.store.get(self.reader.looked_at)
            if record is None or not record.is_whole or record.progress.phase != "idle" or self.reader.pending:
                continue  # it is to be read anyway, or its own build changes it
            if await asyncio.to_thread(self.has_changed, record) and self.store.get(record.path) is record:
                self.reader.request([record.path], urgent=True)

    def has_changed(self, record: Assessment) -> bool:
        """Whether the disk shows something else than it did when the function was read, and did not at the last look
        either. Reads the disk.
        """
        from tui.assessment.kept.kept import places_for
        from tui.assessment.kept.witness import Eye

        places = places_for(record)
        sight = Eye().witness(os.fspath(record.function.directory), places) if places is not None else None
        if sight is None:
            return False
        path = record.function.path
        at, digest = self._seen.get(path, (0.0, ""))
        self._seen[path] = record.at, sight.digest
        # Of a reading that was not looked at yet the times tell: a time in the future once, for it stays the same.
        return digest != sight.digest and (at == record.at or not sight.is_settled(int(record.at * _NS)))
