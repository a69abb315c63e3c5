"""One screen for one browser: a process that speaks the protocol of Textual's web driver over its pipes."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from tui.cli.commands.serve.protocol import Packet, encoded, quit_packet

LEAVE_SECONDS: Final = 0.8  # for a screen to end its builds and leave; then it is killed, and the guard ends them
PACKET_LIMIT: Final = 64 * 1024 * 1024  # bytes; a frame of the largest screen has a tenth of that
_READY: Final = b"__GANGLION__\n"  # the web driver's first word
_ENVIRONMENT: Final = {
    "TEXTUAL_DRIVER": "textual.drivers.web_driver:WebDriver",
    "TEXTUAL_FPS": "60",
    "TEXTUAL_COLOR_SYSTEM": "truecolor",
    "TERM_PROGRAM": "textual",
}
Send = Callable[[bytes], Awaitable[None]]


class Session:
    """A screen's process. `run` until it ends, `stop` to end it; both may be awaited by several."""

    def __init__(self, command: Sequence[str], columns: int, rows: int) -> None:
        self._command = command
        self._size = {"COLUMNS": str(columns), "ROWS": str(rows)}
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start it. Raises OSError."""
        self._process = await asyncio.create_subprocess_exec(
            *self._command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env={**os.environ, **_ENVIRONMENT, **self._size},
            start_new_session=True,  # ctrl+c is for the server, which asks its screens to leave
        )

    async def run(self, send: Send) -> None:
        """Hand on what it draws until it has no more to say."""
        process = self._process
        if process is None or process.stdout is None:
            return
        try:
            while await process.stdout.readline() != _READY:
                if process.stdout.at_eof():
                    return
            while (packet := await _packet(process.stdout)) is not None:
                if packet[0] == b"D":
                    await send(packet[1])
        except (asyncio.IncompleteReadError, ConnectionError):
            return  # it ended, or its browser did

    async def pass_on(self, packet: Packet) -> bool:
        """Hand on what the browser says; False where there is nobody any more to hear it."""
        process = self._process
        if process is None or process.stdin is None or process.returncode is not None:
            return False
        try:
            process.stdin.write(encoded(packet))
            await process.stdin.drain()
        except (ConnectionError, RuntimeError):
            return False
        return True

    async def stop(self) -> None:
        """Ask it to leave, and see to it that it has left within LEAVE_SECONDS."""
        process = self._process
        if process is None or process.returncode is not None:
            return
        if process.stdin is not None and not process.stdin.is_closing():
            process.stdin.write(encoded(quit_packet()))  # not drained: it may read no more
        try:
            async with asyncio.timeout(LEAVE_SECONDS):
                await asyncio.gather(process.wait(), _drained(process))
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()


async def _packet(stream: asyncio.StreamReader) -> Packet | None:
    """The next packet; None for one that is too large to be true. Raises IncompleteReadError at the end."""
    head = await stream.readexactly(5)
    size = int.from_bytes(head[1:], "big")
    return (head[:1], await stream.readexactly(size)) if size <= PACKET_LIMIT else None


async def _drained(process: asyncio.subprocess.Process) -> None:
    """Read what it still says, so that it is not held up by a full pipe."""
    if process.stdout is not None:
        while await process.stdout.read(65_536):
            pass
