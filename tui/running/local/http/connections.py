"""WebSockets: one instance a connection for persistent functions, one run a frame for the others."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from inspect import signature
from time import monotonic
from typing import Any, Final

from aiohttp import WSMessage, WSMsgType, web

from tui.running.answer import Call
from tui.running.ids import new_id
from tui.running.input.control import control_answer, control_type
from tui.running.local.events import NAMESPACE
from tui.running.local.gateway import Gateway
from tui.running.local.http.outbox import Outbox
from tui.running.local.http.wanted import Wanted
from tui.running.local.session import GONE, SHUTDOWN, Session
from tui.workspace.function import FunctionConfig

PING, PONG = 30.0, 60.0  # seconds between two pings; without a sign of life for so long the client is gone
MOST_FRAME: Final = 32 << 20  # bytes
QUEUE: Final = 64  # frames that wait, where function.yaml names no number
FRAME_CEILING: Final = 30.0  # seconds for one frame of a stateless socket
CLOSING: Final = 0.3  # seconds in which a client may say farewell
LATE: Final = 0.5  # seconds in which the last frames for a client may leave
ENDING: Final = 0.7  # seconds in which all connections end where the gateway does
# A function is given the bytes of a text as they came, UTF-8 or not; an older aiohttp closes the connection on others.
UNREAD: Final[dict[str, Any]] = (
    {"decode_text": False} if "decode_text" in signature(web.WebSocketResponse).parameters else {}
)
NORMAL, GOING_AWAY, TOO_MANY, BROKEN = 1000, 1001, 1009, 1011


class Connection:
    """One client: what it says is read, what functions send it is written, and it is asked whether it still lives."""

    def __init__(self, socket: web.WebSocketResponse, request: web.BaseRequest) -> None:
        self.socket = socket
        self.client_id = new_id()
        self.outbox = Outbox(socket)
        self._request = request
        self._heard = monotonic()

    async def next(self) -> bytes | None:
        """The next frame; None once the client is gone."""
        while True:
            message: WSMessage = await self.socket.receive()
            self._heard = monotonic()
            if message.type in (WSMsgType.TEXT, WSMsgType.BINARY):
                return message.data.encode() if isinstance(message.data, str) else bytes(message.data)
            if message.type is WSMsgType.PING:
                with suppress(ConnectionError, RuntimeError):  # gone meanwhile, as the next message tells
                    await self.socket.pong(message.data)
            elif message.type is not WSMsgType.PONG:
                return None

    async def write(self) -> None:
        """Write what functions send; ends when the client is gone, or reads too little."""
        with suppress(ConnectionError, RuntimeError):
            await self.outbox.run()

    async def keep_alive(self) -> None:
        """Ask now and then; ends when the client has not answered for too long."""
        with suppress(ConnectionError, RuntimeError):
            while monotonic() - self._heard < PONG:
                await asyncio.sleep(PING)
                await self.socket.ping()

    async def leave(self, code: int, reason: bytes) -> None:
        """Close the connection; nothing where it is closed."""
        with suppress(ConnectionError, RuntimeError):
            await self.socket.close(code=code, message=reason)

    def cut(self) -> None:
        """Close the connection without a word."""
        if self._request.transport is not None:
            self._request.transport.abort()


class Connections:
    """All that are open."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._open: set[Connection] = set()
        self._leaving = False
        self._all_gone = asyncio.Event()

    @property
    def is_full(self) -> bool:
        """Whether no more may be opened."""
        return self._leaving or len(self._open) >= self._gateway.settings.most_sockets

    async def stop(self) -> None:
        """Have every connection end, and wait for that."""
        self._leaving = True
        farewells = [connection.leave(GOING_AWAY, b"the gateway ends") for connection in self._open]
        if not self._open:
            return
        await asyncio.gather(*farewells)
        with suppress(TimeoutError):
            async with asyncio.timeout(ENDING):
                await self._all_gone.wait()

    async def serve(self, request: web.BaseRequest, wanted: Wanted) -> web.StreamResponse:
        """One connection from its upgrade to its end."""
        socket = web.WebSocketResponse(
            autoping=False, compress=False, max_msg_size=MOST_FRAME, timeout=CLOSING, **UNREAD
        )
        for name, value in wanted.headers.items():
            socket.headers[name] = value
        await socket.prepare(request)
        connection = Connection(socket, request)
        self._open.add(connection)
        self._gateway.hub.connect(connection.client_id, NAMESPACE, connection.outbox.put)
        persistent = wanted.entry.offer.config.ws_persistent
        life = self._persistent(connection, wanted) if persistent else self._stateless(connection, wanted)
        try:
            await _with_company(connection, life)
        finally:
            self._open.discard(connection)
            if self._leaving and not self._open:
                self._all_gone.set()
            self._gateway.hub.disconnect(connection.client_id)
        return socket

    async def _stateless(self, connection: Connection, wanted: Wanted) -> None:
        """A run for each frame, and a frame for each run."""
        while (frame := await connection.next()) is not None:
            call = Call(
                frame,
                caller=wanted.caller,
                namespace=NAMESPACE,
                client_id=connection.client_id,
                request_id=new_id(),
                ceiling=FRAME_CEILING,
            )
            outcome = await self._gateway.call(wanted.entry, wanted.build, call, "socket", "message")
            connection.outbox.put(outcome.body)

    async def _persistent(self, connection: Connection, wanted: Wanted) -> None:
        """One instance from `ws_open` to `ws_close`."""
        call = Call(caller=wanted.caller, namespace=NAMESPACE, client_id=connection.client_id)
        session = Session(self._gateway, wanted.entry, wanted.build, call)
        if not await session.open():
            await connection.outbox.drained(LATE)
            connection.cut()  # the gateway closes such a socket without a code
            return
        frames: asyncio.Queue[bytes] = asyncio.Queue(_queue_of(wanted.entry.offer.config))
        beside = [asyncio.ensure_future(session.work(frames)), asyncio.ensure_future(_hang_up(connection, session))]
        try:
            await _read(connection, frames)
        finally:
            self._gateway.hub.disconnect(connection.client_id)
            await session.close(SHUTDOWN if self._leaving else GONE)
            await ended(beside)


async def _read(connection: Connection, frames: asyncio.Queue[bytes]) -> None:
    """What a client says, until it is gone, or says more than may wait."""
    while (frame := await connection.next()) is not None:
        if control_type(frame) is not None:
            connection.outbox.put(control_answer(frame))
            continue
        try:
            frames.put_nowait(frame)
        except asyncio.QueueFull:
            await connection.leave(TOO_MANY, b"queue full")
            return


def _queue_of(config: FunctionConfig) -> int:
    """How many frames may wait. A number below one is not sent at deploy."""
    return config.ws_max_inflight_per_conn if config.ws_max_inflight_per_conn > 0 else QUEUE


async def _hang_up(connection: Connection, session: Session) -> None:
    """Close the connection of a function whose process is lost."""
    await session.lost.wait()
    await connection.leave(BROKEN, b"the function's process is gone")


async def _with_company(connection: Connection, life: Coroutine[Any, Any, None]) -> None:
    """The life of a connection, beside what writes to the client and what looks whether it is still there."""
    living = asyncio.ensure_future(life)
    beside = [asyncio.ensure_future(connection.write()), asyncio.ensure_future(connection.keep_alive())]
    try:
        await asyncio.wait((living, *beside), return_when=asyncio.FIRST_COMPLETED)
        if not living.done():  # the client is gone, or does not read
            connection.cut()
        await living
    finally:
        await ended([living, *beside])
        await connection.leave(NORMAL, b"")


async def ended(tasks: Sequence[asyncio.Future[Any]]) -> None:
    """Cancel tasks, and wait until they are over. Raises what one of them has raised of its own."""
    for task in tasks:
        task.cancel()
    for found in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(found, Exception):
            raise found
