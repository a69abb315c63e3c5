"""What a client says to the worker that builds for it: files that it lacks, signals, and how much output was read."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, Final

from tui.cluster import worker

if TYPE_CHECKING:
    from tui.cluster.client import Cluster
    from tui.cluster.packing import Packed

PIECE: Final = 4 << 20  # bytes of files in one message


class Sending:
    """Says it beside the event loop's other work; whoever builds is told of by its address."""

    def __init__(self, cluster: Cluster, ident: str, failed: Callable[[str], None]) -> None:
        """`failed` is called with a sentence where files cannot be sent."""
        self._cluster = cluster
        self._ident = ident
        self._failed = failed
        self._tasks: set[asyncio.Task[None]] = set()

    def files(self, packed: Packed, digests: tuple[str, ...], address: str) -> None:
        """Send these files."""
        self._start(self._files(packed, digests, address))

    def signal(self, number: signal.Signals, address: str) -> None:
        """Pass a signal on."""
        self._start(self._call(worker.send_signal, address, int(number)))

    def acknowledge(self, characters: int, address: str) -> None:
        """So much of the output was read."""
        self._start(self._call(worker.acknowledge, address, characters))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        """Do it beside."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    async def end(self) -> None:
        """Say nothing more."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._failed = lambda _: None  # else whoever was told would wait for the collector, with the module that came

    async def _call(self, what: Callable[..., Any], address: str, argument: object) -> None:
        await self._cluster.call(what, address, self._ident, argument)

    async def _files(self, packed: Packed, digests: tuple[str, ...], address: str) -> None:
        """In messages of a size that everybody can take."""
        pieces: list[tuple[str, int, bytes, bool]] = []
        for digest in digests:
            if digest not in packed.sources:
                continue
            offset, last = 0, False
            while not last:
                room = PIECE - sum(len(piece[2]) for piece in pieces)
                content = await asyncio.to_thread(packed.read, digest, offset, room)
                last = len(content) < room
                pieces.append((digest, offset, content, last))
                offset += len(content)
                if not last:
                    await self._put(pieces, address)
                    pieces = []
        await self._put(pieces, address)

    async def _put(self, pieces: list[tuple[str, int, bytes, bool]], address: str) -> None:
        self._cluster.sent_bytes += sum(len(content) for _, _, content, _ in pieces)
        await self._call(worker.put, address, pieces)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._failed(f"what it is built from cannot be sent: {error}")
