"""One guest process as the gateway sees it: messages over a socket, one request at a time, and an end to it."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from tui.running.process.wire import Message, Pieces, WireError, pack

GRACE: Final = 5.0  # seconds past every deadline after which a process is ended
Answering = Callable[["Guest", Message], None]  # what a guest asks or tells in the middle of a request


class GuestLostError(Exception):
    """The process ended, or had to be ended, before it answered."""


class Guest(asyncio.Protocol):
    """A process made from a template, or a template itself."""

    def __init__(self, socket: socket.socket, answering: Answering) -> None:
        self.socket = socket
        self._answering = answering
        self._pieces = Pieces()
        self._transport: asyncio.WriteTransport | None = None
        self._reply: asyncio.Future[Message] | None = None
        self._pid = 0
        self.on_end: Callable[[Guest], None] | None = None
        self.request: object = None  # what it works on, for who answers it

    @property
    def is_open(self) -> bool:
        """Whether the process may still answer."""
        return self._transport is not None and not self._transport.is_closing()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The socket is ready."""
        assert isinstance(transport, asyncio.WriteTransport)  # noqa: S101 -- a stream's
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """A piece of what the process says."""
        try:
            for message in self._pieces.take(data):
                self._take(message)
        except WireError:
            self.end()

    def _take(self, message: Message) -> None:
        if "pid" in message.fields:
            self._pid = int(message.fields["pid"])
        elif "ask" in message.fields or "tell" in message.fields:
            self._answering(self, message)
        elif self._reply is not None and not self._reply.done():
            self._reply.set_result(message)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        """The process is gone."""
        self._pid = 0
        if self._reply is not None and not self._reply.done():
            self._reply.set_exception(GuestLostError("the process that ran the function was lost"))
        if self.on_end is not None:
            self.on_end(self)

    def send(self, message: Message) -> None:
        """Say something; nothing where the process is gone."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(pack(message))

    async def ask(self, message: Message, seconds: float) -> Message:
        """The reply to a request. A process that does not answer in time is ended. Raises GuestLostError."""
        if not self.is_open:
            raise GuestLostError("the process that was to run the function could not be made")
        loop = asyncio.get_running_loop()
        self._reply = reply = loop.create_future()
        timer = loop.call_later(seconds + GRACE, self._too_late)
        self.send(message)
        try:
            found: Message = await reply
        except asyncio.CancelledError:
            self.end()  # whoever asks next would be given this reply
            raise
        else:
            return found
        finally:
            timer.cancel()
            self._reply = None

    def _too_late(self) -> None:
        if self._reply is not None and not self._reply.done():
            self._reply.set_exception(GuestLostError("the process that ran the function did not answer in time"))
        self.end()

    def close(self) -> None:
        """Let it go: a process that waits for a request ends by itself."""
        if self._transport is not None:
            self._transport.close()

    def end(self) -> None:
        """End it, whatever it does."""
        if self._pid and self.is_open:  # its socket is open, so the id is still its own
            with suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)
        if self._transport is not None:
            self._transport.abort()


async def connect(answering: Answering) -> tuple[Guest, socket.socket]:
    """A guest without a process yet, and the other end of its socket, which the process is to be given."""
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    loop = asyncio.get_running_loop()
    _, guest = await loop.create_connection(lambda: Guest(ours, answering), sock=ours)
    return guest, theirs
