"""One compiler process: its start, its output in order of arrival, its end, and the end of all that it started."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import monotonic
from typing import IO, Final, NamedTuple

from tui.building.model import Stream
from tui.building.process.guard_process import kill_group, sweep

CHUNK: Final = 64 * 1024
_AHEAD: Final = 8  # chunks read ahead of the consumer; then the pipe fills and the compiler waits
_DRAINED: Final = 32  # chunks in one go: twice what a pipe can hold (1 MiB at most)
_POLL: Final = 0.02  # seconds, where the system has no pidfd


class Chunk(NamedTuple):
    """What one read brought."""

    stream: Stream
    content: bytes
    when: float  # time.monotonic()


class Child:
    """A compiler in a session and process group of its own, with nothing on stdin.

    `wake` is set whenever there is something to look at: chunks, or the end. Belongs to the loop it was started in.
    """

    def __init__(
        self, argv: Sequence[str], executable: str, directory: Path, environment: Mapping[str, str], marker: bytes
    ) -> None:
        """Start it. Raises OSError: the executable or the directory is gone, not permitted, no memory."""
        self.wake = asyncio.Event()
        self.chunks: deque[Chunk] = deque()
        self.exited = False
        self._marker = marker
        self._loop = asyncio.get_running_loop()
        self._process = subprocess.Popen(
            list(argv),
            executable=executable,
            cwd=directory,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,
        )
        pipes: tuple[tuple[IO[bytes] | None, Stream], ...] = (
            (self._process.stdout, "stdout"),
            (self._process.stderr, "stderr"),
        )
        self._streams = {pipe.fileno(): stream for pipe, stream in pipes if pipe is not None}
        self.pipes = frozenset(f"pipe:[{os.fstat(descriptor).st_ino}]" for descriptor in self._streams)
        self._reading = False
        for descriptor in self._streams:
            os.set_blocking(descriptor, False)
        self._read_on()
        self._pidfd = _open_pidfd(self._process.pid)
        self._poller: asyncio.TimerHandle | None = None
        if self._pidfd is not None:
            self._loop.add_reader(self._pidfd, self._exit_seen)
        else:
            self._poll()

    @property
    def pid(self) -> int:
        """Process id, and the id of its group and session."""
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """As subprocess has it: negative for a signal, None while it runs."""
        return self._process.returncode

    @property
    def streams_open(self) -> bool:
        """Whether somebody still holds the writing end of a pipe."""
        return bool(self._streams)

    def take(self) -> list[Chunk]:
        """The chunks that have come, in order of arrival; reading goes on."""
        taken = list(self.chunks)
        self.chunks.clear()
        self._read_on()
        return taken

    def signal_group(self, number: signal.Signals) -> None:
        """Send a signal to the compiler and all that stayed in its group; no error once it has ended."""
        if self.returncode is None:
            try:
                os.killpg(self.pid, number)
            except (ProcessLookupError, PermissionError):
                return

    def drain(self) -> list[Chunk]:
        """What the pipes hold right now; bounded, since who has left the group may write faster than we read."""
        for descriptor in list(self._streams):
            for _ in range(_DRAINED):
                if not self._read(descriptor):
                    break
        return self.take()

    async def hunt(self) -> int:
        """Kill what left the group, found by its environment or the pipe it holds; how many could not be killed."""
        return await asyncio.to_thread(sweep, self._marker, self.pipes)

    def destroy(self) -> None:
        """SIGKILL what is left of the group, reap the compiler, let go of the pipes. Safe to call twice."""
        if self.returncode is None:
            # Before it is reaped: so long its number, which is the group's, cannot go to anybody else.
            kill_group(self.pid)
            self._process.wait()
        if self._poller is not None:
            self._poller.cancel()
        if self._pidfd is not None:
            self._loop.remove_reader(self._pidfd)
            os.close(self._pidfd)
            self._pidfd = None
        for descriptor in list(self._streams):
            self._close(descriptor)

    def _read_on(self) -> None:
        if not self._reading:
            self._reading = True
            for descriptor in self._streams:
                self._loop.add_reader(descriptor, self._readable, descriptor)

    def _readable(self, descriptor: int) -> None:
        self._read(descriptor)
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
        stream = self._streams.pop(descriptor)
        pipe = self._process.stdout if stream == "stdout" else self._process.stderr
        if pipe is not None:
            pipe.close()

    def _exit_seen(self) -> None:
        """The compiler has ended. What it left in its group ends now too, before the number can be given away."""
        if self._pidfd is not None:
            self._loop.remove_reader(self._pidfd)
        kill_group(self.pid)
        self._process.wait()
        self.exited = True
        self.wake.set()

    def _poll(self) -> None:
        """Where there is no pidfd: look from time to time. poll() reaps, so the group is killed just after."""
        if self._process.poll() is None:
            self._poller = self._loop.call_later(_POLL, self._poll)
            return
        kill_group(self.pid)
        self.exited = True
        self.wake.set()


def _open_pidfd(process: int) -> int | None:
    """A descriptor that becomes readable when the process ends; None where the system has none."""
    try:
        return os.pidfd_open(process)
    except (AttributeError, OSError):
        return None
