"""Processes that make copies of themselves when they are asked to, and end when nobody can ask any more."""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from tui.building.guard.processes import Kernel

ASKED: Final = b"+"  # one byte, and with it a socket
_kernel: Final = Kernel()


def make_copies(control: socket.socket, become: Callable[[socket.socket], object]) -> None:
    """A copy of this process for each socket that comes on `control`, until its other end is closed.

    The copy does what `become` does with its socket, and ends. This process must have one thread only.
    """
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # how a copy ended is told by its socket
    while True:
        asked, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if not asked:
            return
        for descriptor in descriptors:
            _copy(control, descriptor, become)
            os.close(descriptor)


def _copy(control: socket.socket, descriptor: int, become: Callable[[socket.socket], object]) -> None:
    parent = os.getpid()
    try:
        if os.fork():
            return
    except OSError:
        return  # no more processes: whoever asked finds the socket closed
    with ending():
        end_with(parent)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        control.close()
        become(socket.socket(fileno=descriptor))


@contextmanager
def ending() -> Iterator[None]:
    """A process that was copied ends behind this block, whatever happens in it; a fault of ours is told on stderr."""
    code = 1
    try:
        yield
        code = 0
    finally:
        if code:
            sys.excepthook(*sys.exc_info())
        os._exit(code)


def end_with(parent: int) -> None:
    """Have this process end when that one does; at once where it has. Where the system cannot (not Linux), the
    nursery ends all of its group.
    """
    _kernel.die_with_parent()
    if os.getppid() != parent:
        os._exit(0)


def call_it(name: str) -> None:
    """The name of this process in `ps` and `top`, as far as it has room."""
    _kernel.set_name(name.encode("ascii", "replace").decode("ascii"))


def wait_for_copies() -> None:
    """Wait until no copy of this process lives."""
    try:
        while True:
            os.wait()
    except ChildProcessError:
        return
