"""One compiler as fn-tui sees it: its output in order of arrival, its end, and the end of all that it started.

A launcher (see launcher.py) is its parent, and does what must not depend on fn-tui's being alive.
"""

from __future__ import annotations

import asyncio
import errno
import os
import signal
import socket
from collections import deque
from time import monotonic
from typing import Final

from tui.building.events import Stream
from tui.building.guard.guard import Guard
from tui.building.guard.launcher import END_SECONDS
from tui.building.guard.processes import sweep
from tui.facts import Fact

CHUNK: Final = 64 * 1024
_AHEAD: Final = 8  # chunks read ahead of the consumer; then the pipe fills and the compiler waits
_DRAINED: Final = 32  # chunks in one go: twice what a pipe can hold (1 MiB at most)
_STARTS: Final = 10.0  # seconds in which a compiler must be there
_ENDS: Final = END_SECONDS + 5.0  # seconds in which a launcher must have ended all


class Chunk(Fact):
    """What one read brought."""

    stream: Stream
    content: bytes
    when: float  # time.monotonic()


class Child:
    """A compiler in a session and process group of its own, with nothing on stdin.

    `wake` is set whenever there is something to look at: chunks, or the end. Belongs to the loop it was made in.
    """

    def __init__(self) -> None:
        """Make its pipes. Raises OSError."""
        self._control: socket.socket | None = None
        self._guard: Guard | None = None
        self.wake = asyncio.Event()
        self.chunks: deque[Chunk] = deque()
        self.exited = False
        self.returncode: int | None = None  # as subprocess has it: negative for a signal, None while it runs
        self.pid = 0  # once it was started; the id of its group and session too
        self._orphaned = False  # the launcher was killed
        self._stays = False  # the launcher waits for another build
        self.left = 0  # processes of it that could not be ended
        self._loop = asyncio.get_running_loop()
        self._told = asyncio.Event()
        self._fault: int | None = None  # why it could not be started
        self._marker = b""  # of its processes, should the launcher be killed
        self._rest = b""
        self._reading = False
        self._streams: dict[int, Stream] = {}
        self._writing = (self._pipe("stdout"), self._pipe("stderr"))

    def _pipe(self, stream: Stream) -> int:
        """Read this stream from a new pipe; the end to write to."""
        reading, writing = os.pipe()
        os.set_blocking(reading, False)
        self._streams[reading] = stream
        return writing

    async def start(self, guard: Guard, ident: str, order: bytes) -> None:
        """Have it started. Raises OSError: the executable or the directory is gone, not permitted, no memory."""
        self._marker, self._guard = guard.marker(ident), guard
        try:
            control = guard.resume(ident, order, self._writing)
            if control is not None:
                await self._begun(control)
                if not self.pid and self._fault is None:  # it had ended before it heard of this
                    control.close()
            if not self.pid and self._fault is None:
                control, theirs = socket.socketpair()
                with theirs:
                    guard.start(ident, order, self._writing, theirs.fileno())
                await self._begun(control)
        finally:
            for descriptor in self._writing:
                os.close(descriptor)
            self._read_on()
        if self._fault is not None:
            raise OSError(self._fault, os.strerror(self._fault))
        if not self.pid:
            raise OSError(0, "the process that starts compilers has ended")

    async def _begun(self, control: socket.socket) -> None:
        """Wait until a launcher tells that it has started, or cannot, or has ended. Raises OSError."""
        self._control = control
        self._told.clear()
        self.exited = self._orphaned = False
        self._rest = b""
        control.setblocking(False)
        self._loop.add_reader(control.fileno(), self._listen, control)
        timer = self._loop.call_later(_STARTS, self._told.set)
        try:
            await self._told.wait()
        finally:
            timer.cancel()
        if self._fault is None and not self.pid and not self._orphaned:
            raise OSError(errno.ETIMEDOUT, f"it did not start within {_STARTS:.0f} s")

    @property
    def streams_open(self) -> bool:
        """Whether somebody still holds the writing end of a pipe."""
        return bool(self._streams)

    def arrived(self) -> list[Chunk]:
        """The chunks that have come, in order of arrival; reading goes on."""
        taken = list(self.chunks)
        self.chunks.clear()
        self._read_on()
        return taken

    def signal_group(self, number: signal.Signals) -> None:
        """Send a signal to the compiler and all that stayed in its group; no error once it has ended."""
        self._say(f"signal {int(number)}")

    def drain(self) -> list[Chunk]:
        """What the pipes hold right now; bounded, since who cannot be ended may write faster than we read."""
        for descriptor in list(self._streams):
            for _ in range(_DRAINED):
                if not self._read(descriptor):
                    break
        return self.arrived()

    async def end(self) -> None:
        """SIGKILL to it and all that it started; returns when nothing of it is left, and lets go of the pipes."""
        try:
            if not self.exited and self.pid:
                self._say("end")
                until = monotonic() + _ENDS
                while not self.exited and monotonic() < until:
                    self.wake.clear()
                    timer = self._loop.call_later(max(0.0, until - monotonic()), self.wake.set)
                    await self.wake.wait()
                    timer.cancel()
            if self._orphaned:
                await asyncio.to_thread(sweep, self._marker)
        finally:
            self.close()

    def close(self) -> None:
        """Let go of the pipes and the launcher, which ends what is left of it. Safe to call twice."""
        for descriptor in list(self._streams):
            self._close(descriptor)
        control, self._control = self._control, None
        if control is None:
            return
        self._loop.remove_reader(control.fileno())
        if self._stays and self._guard is not None:
            self._guard.keep(control)
        else:
            control.close()

    def _say(self, line: str) -> None:
        if not self.exited and self._control is not None:
            try:
                self._control.send(f"{line}\n".encode("ascii"))
            except OSError:
                return  # the launcher has ended: reading from it tells

    def _listen(self, control: socket.socket) -> None:
        """What the launcher tells, a line at a time."""
        try:
            chunk = control.recv(4096)
        except BlockingIOError:
            return
        except ConnectionError:
            chunk = b""
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        for line in lines:
            self._take_in(control, *line.decode("ascii").split())
        if not chunk:
            self._lost(control)

    def _take_in(self, control: socket.socket, word: str, *numbers: str) -> None:
        if word == "started":
            self.pid = int(numbers[0])
            self._told.set()
        elif word == "failed":
            self._fault = int(numbers[0])
            self._told.set()
        else:
            self.returncode, self.left = int(numbers[0]), int(numbers[1])
            self._stays = numbers[2] == "1"
            self._loop.remove_reader(control.fileno())  # it has nothing more to tell
            self._exited()

    def _lost(self, control: socket.socket) -> None:
        """The launcher has ended. If it said nothing before, it was killed, and the compiler with it."""
        self._loop.remove_reader(control.fileno())
        self._told.set()
        if not self.exited:
            self._orphaned = True
            self.returncode = -signal.SIGKILL
            self._exited()

    def _exited(self) -> None:
        self.exited = True
        self.wake.set()

    def _read_on(self) -> None:
        if not self._reading:
            self._reading = True
            for descriptor in self._streams:
                self._loop.add_reader(descriptor, self._readable, descriptor)

    def _readable(self, descriptor: int) -> None:
        if not self._read(descriptor) and not self.exited:
            return  # the end of a stream tells nothing before that of the compiler
        if len(self.chunks) >= _AHEAD:
            self._reading = False
            for each in self._streams:
                self._loop.remove_reader(each)
        self.wake.set()

    def _read(self, descriptor: int) -> bool:
        """Read once; False at the end, or when there is nothing now."""
        try:
            content = os.read(descriptor, CHUNK)
        except BlockingIOError:
            return False
        if not content:
            self._close(descriptor)
            return False
        self.chunks.append(Chunk(self._streams[descriptor], content, monotonic()))
        return True

    def _close(self, descriptor: int) -> None:
        self._loop.remove_reader(descriptor)
        del self._streams[descriptor]
        os.close(descriptor)
