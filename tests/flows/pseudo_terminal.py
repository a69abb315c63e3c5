"""A real pseudo-terminal with a program on it, read, typed into and left alone by a test."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from collections.abc import Callable, Sequence
from typing import Any

ALTERNATE_ON, ALTERNATE_OFF = b"\x1b[?1049h", b"\x1b[?1049l"


class Terminal:
    """A program on a pseudo-terminal of 100x30, or as large as is said (lines, columns)."""

    def __init__(
        self,
        argv: Sequence[str],
        path: str,
        *,
        size: tuple[int, int] = (30, 100),
        before: Callable[[], object] = lambda: None,
        **environment: str,
    ) -> None:
        self.seen = b""
        self.pid, self.master = pty.fork()
        shape = struct.pack("HHHH", *size, 0, 0)
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, shape)  # here too: the child may look before the parent sets it
            os.environ.update({"TERM": "xterm-256color", "PATH": path, **environment})
            before()
            os.execv(argv[0], list(argv))
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, shape)
        self.status: int | None = None

    @property
    def modes(self) -> list[Any]:
        """How the terminal is set: echo, signals, and so on."""
        return termios.tcgetattr(self.master)[:4]

    def until(self, words: bytes, seconds: float = 40.0) -> None:
        """Read until something was printed."""
        self.until_so(lambda: words in self.seen, words, seconds)

    def until_so(self, fact: Callable[[], object], what: object = "", seconds: float = 40.0) -> None:
        """Read until something is so."""
        end = time.monotonic() + seconds
        while not fact():
            assert time.monotonic() < end, (what, self.seen[-2000:])
            self._read()

    def _read(self) -> bool:
        if not select.select([self.master], [], [], 0.1)[0]:
            return True
        try:
            chunk = os.read(self.master, 65536)
        except OSError:
            return False
        self.seen += chunk
        return bool(chunk)

    def press(self, keys: bytes) -> None:
        """Type."""
        os.write(self.master, keys)

    def exit_code(self, seconds: float = 40.0, *, reading: bool = True) -> int:
        """Wait for its end; not `reading`: as a terminal that takes nothing."""
        end = time.monotonic() + seconds
        while self.status is None:
            assert time.monotonic() < end, f"still there after {seconds} s: {self.seen[-2000:]!r}"
            if reading:
                self._read()
            else:
                select.select([], [], [], 0.01)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = status
        while reading and select.select([self.master], [], [], 0)[0] and self._read():
            pass  # what it printed between the last look and its end
        return os.waitstatus_to_exitcode(self.status)

    def hang_up(self) -> None:
        """The terminal is closed; what runs on it goes on as it likes."""
        os.close(self.master)
        self.master = -1

    def close(self) -> None:
        """Leave nothing."""
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        if self.master >= 0:
            os.close(self.master)
