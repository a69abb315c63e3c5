"""What a person types into a command, or pipes into it: line by line, and ended by a signal at any moment.

A signal that comes between Python's last look at signals and the system's `read` is seen only when the read is over:
a ctrl+c that hits that moment would wait for the next line. So nothing is read before there is something to read,
and that is waited for together with the pipe into which the interpreter writes of each signal.
"""

from __future__ import annotations

import os
import select
import signal
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from typing import Final

_STDIN: Final = 0
_CHUNK: Final = 1 << 16
_LONGEST: Final = 1 << 20


def typed_line() -> str:
    """The next line, without its end; empty at the end of input. What was typed beyond it is dropped."""
    with closing(typed_lines()) as lines:
        return next(lines, "")


def typed_lines() -> Generator[str, None, None]:
    """Each line of standard input without its end, as soon as it is there. Bytes that are not UTF-8 are kept as
    surrogates; a line of more than a megabyte comes in parts. Raises KeyboardInterrupt, OSError.
    """
    rest = b""
    for chunk in _chunks():
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            yield line.decode("utf-8", "surrogateescape")
        if len(rest) > _LONGEST:
            yield rest.decode("utf-8", "surrogateescape")
            rest = b""
    if rest:
        yield rest.decode("utf-8", "surrogateescape")


def piped(most: int) -> bytes:
    """Standard input to its end, at most that many bytes. Raises KeyboardInterrupt, OSError."""
    parts = []
    for chunk in _chunks():
        parts.append(chunk[:most])
        most -= len(chunk)
        if most <= 0:
            break
    return b"".join(parts)


def _chunks() -> Generator[bytes, None, None]:
    """What standard input gives, until its end."""
    with _woken_by_signals() as waker:
        while True:
            _wait(waker)
            chunk = os.read(_STDIN, _CHUNK)
            if not chunk:
                return
            yield chunk


def _wait(waker: int) -> None:
    """Until there is something to read, or its end. The handlers of signals run in here."""
    poll = select.poll()
    poll.register(_STDIN, select.POLLIN)
    poll.register(waker, select.POLLIN)
    while True:
        ready = {descriptor for descriptor, _ in poll.poll()}
        if waker in ready:
            os.read(waker, _CHUNK)  # a handler that raises has done so before this line
        if _STDIN in ready:
            return


@contextmanager
def _woken_by_signals() -> Iterator[int]:
    """A descriptor that can be read after a signal came that somebody handles. In the main thread only."""
    waker, written = os.pipe()
    try:
        os.set_blocking(written, False)
        before = signal.set_wakeup_fd(written, warn_on_full_buffer=False)
        try:
            yield waker
        finally:
            signal.set_wakeup_fd(before)
    finally:
        os.close(waker)
        os.close(written)
