"""What functions send a client, in order. One that does not read loses its connection, not the gateway its memory."""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress
from typing import Final

from aiohttp import WSMsgType, web

MOST_BYTES: Final = 32 << 20  # that may wait for a client


class Outbox:
    """Frames on their way to one client. `put` may be called by anybody, `run` writes."""

    def __init__(self, socket: web.WebSocketResponse) -> None:
        self._socket = socket
        self._frames: deque[bytes] = deque()
        self._waiting = 0  # bytes
        self._came = asyncio.Event()
        self._empty = asyncio.Event()  # all is written
        self._empty.set()
        self.overflowed = False

    def put(self, data: bytes) -> None:
        """Send a text frame, of whatever bytes."""
        self._waiting += len(data)
        if self._waiting > MOST_BYTES:
            self.overflowed = True
        else:
            self._frames.append(data)
            self._empty.clear()
        self._came.set()

    async def run(self) -> None:
        """Write until the client is gone, or reads too little."""
        while not self.overflowed:
            self._came.clear()
            while self._frames and not self.overflowed:
                data = self._frames.popleft()
                self._waiting -= len(data)
                await self._socket.send_frame(data, WSMsgType.TEXT)
            if not self.overflowed:
                self._empty.set()
                await self._came.wait()

    async def drained(self, seconds: float) -> None:
        """Wait until all is written, for so long at most."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._empty.wait()
