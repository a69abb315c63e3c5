"""What is on its way to the terminal: written by a thread of its own, so that a terminal that takes nothing (ctrl+s, a
dead ssh) holds nobody.
"""

from __future__ import annotations

import os
import select
import threading
from collections import deque
from collections.abc import Callable
from typing import Final

WAITING: Final = 64 << 10  # bytes that may wait when a frame comes; a frame more is left out
SHORT: Final = 256  # bytes; modes, titles and bells are no longer: they wait in any case ...
MOST: Final = 1 << 20  # ... up to so many bytes in all
PIECE: Final = 64 << 10  # bytes of one write


class Outlet:
    """Takes bytes at once and writes them in order.

    While too much waits, frames are left out; when all that waited is written, `drained` is called, in the writing
    thread, so that the whole screen can be drawn again. `gone` is called there once the terminal is no more.
    """

    def __init__(self, descriptor: int, drained: Callable[[], None], gone: Callable[[], None]) -> None:
        self._descriptor = descriptor
        self._drained = drained
        self._gone = gone
        self._changed = threading.Condition()
        self._chunks: deque[bytes] = deque()
        self._waiting = 0  # bytes, those being written among them
        self._left_out = False
        self._closed = False
        threading.Thread(target=self._write_all, name="terminal-output", daemon=True).start()

    @property
    def waiting(self) -> int:
        """Bytes that are not written yet."""
        return self._waiting

    def write(self, chunk: bytes) -> None:
        """Take bytes, or leave them out; returns at once."""
        with self._changed:
            short = len(chunk) <= SHORT
            fits = self._waiting <= (MOST if short else WAITING) and (short or not self._left_out)
            if self._closed or not fits:
                self._left_out = True
                return
            self._chunks.append(chunk)
            self._waiting += len(chunk)
            self._changed.notify_all()

    def drain(self, seconds: float) -> bool:
        """Wait until all is written, so long at most; whether it is."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._waiting, seconds)

    def close(self) -> None:
        """Take no more. What waits is still written if the terminal takes it; nobody waits for that."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _write_all(self) -> None:
        while (chunk := self._next()) is not None:
            there = self._put(chunk)
            with self._changed:
                self._waiting -= len(chunk)
                if not there:
                    self._closed = True
                    self._chunks.clear()
                    self._waiting = 0
                drained = self._left_out and not self._waiting and not self._closed
                self._left_out = self._left_out and not drained
                self._changed.notify_all()
            if drained:
                self._drained()
            if not there:
                self._gone()

    def _next(self) -> bytes | None:
        """The next bytes, as soon as there are some; None when closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._chunks or self._closed)
            return self._chunks.popleft() if self._chunks else None

    def _put(self, chunk: bytes) -> bool:
        """Write bytes; False where nobody is there to take them any more."""
        rest = memoryview(chunk)
        while rest:
            try:
                rest = rest[os.write(self._descriptor, rest[:PIECE]) :]
            except BlockingIOError:  # somebody else who has this terminal open made it so
                select.select((), (self._descriptor,), ())
            except OSError:
                return False
        return True
