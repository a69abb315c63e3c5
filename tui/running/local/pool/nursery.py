"""The gateway's side of the processes: the nursery started, templates asked for, each with its module."""

from __future__ import annotations

import os
import signal
import socket
import sys
from contextlib import suppress
from dataclasses import asdict
from typing import Final

from tui.running.answer import Answer, Target, target_fields
from tui.running.host.settings import HostSettings
from tui.running.local.guests.copies import ASKED
from tui.running.local.pool.link import Answering, Guest, GuestLostError, connect
from tui.running.process.start import ROOT
from tui.running.process.wire import Message, read_answer

MODULE: Final = "tui.running.local.guests.nursery"
COMPILING: Final = 120.0  # seconds that loading a module may take


class Nursery:
    """The process that templates are copies of; started when one is wanted, and anew should it be gone."""

    def __init__(self, cache: str, settings: HostSettings, answering: Answering) -> None:
        self._setting = {"cache": cache, "host": asdict(settings)}
        self._answering = answering
        self._control: socket.socket | None = None
        self._pid = 0
        self._is_over = False

    def start(self) -> None:
        """Start the process; nothing where it is there. Raises GuestLostError once it has been ended for good."""
        if self._is_over:
            raise GuestLostError("the gateway ends")
        if self._control is not None and not _ended(self._pid):
            return
        self._clear()
        ours, theirs = socket.socketpair()
        path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
        actions = [
            (os.POSIX_SPAWN_DUP2, theirs.fileno(), 0),
            (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
        ]
        argv = [sys.executable, "-P", "-m", MODULE, str(os.getpid())]
        self._pid = os.posix_spawn(sys.executable, argv, os.environ | {"PYTHONPATH": path}, file_actions=actions)
        theirs.close()
        ours.setblocking(False)
        self._control = ours

    async def template(self, target: Target) -> Template | Answer:
        """A process with the module loaded, or the answer that every call of it gets. Raises GuestLostError."""
        self.start()
        assert self._control is not None  # noqa: S101 -- just started
        guest, theirs = await connect(self._answering)
        hand_over(self._control, theirs)
        fields = {**self._setting, "target": target_fields(target)}
        reply = await guest.ask(Message(fields, target.wasm), COMPILING)
        if "life" in reply.fields:
            return Template(guest, reply.fields["ms"], self._answering)
        guest.close()
        if "refused" in reply.fields:
            raise GuestLostError(reply.fields["refused"])
        return read_answer(reply.fields["answer"])

    def end(self) -> None:
        """End the process and all that come from it, for good."""
        self._is_over = True
        self._clear()

    def _clear(self) -> None:
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._pid:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._pid, signal.SIGKILL)
            with suppress(ProcessLookupError):  # it had not made its group yet
                os.kill(self._pid, signal.SIGKILL)
            with suppress(ChildProcessError):
                os.waitpid(self._pid, 0)
            self._pid = 0


class Template:
    """One loaded module. It gives processes that run it until it is closed; those live on until they are closed."""

    def __init__(self, guest: Guest, ms: float, answering: Answering) -> None:
        self._guest = guest
        self._answering = answering
        self.ms = ms  # that compiling, or loading, took

    @property
    def is_open(self) -> bool:
        """Whether it is still there."""
        return self._guest.is_open

    async def seat(self) -> Guest:
        """A process of its own that runs the module. One that cannot be made answers as one that is lost."""
        guest, theirs = await connect(self._answering)
        hand_over(self._guest.socket, theirs)
        return guest

    def close(self) -> None:
        """Give no more."""
        self._guest.close()


def hand_over(control: socket.socket, theirs: socket.socket) -> None:
    """Pass a socket on; where that fails it is closed, which the other end sees."""
    try:
        socket.send_fds(control, [ASKED], [theirs.fileno()])
    except OSError:
        pass
    finally:
        theirs.close()


def _ended(pid: int) -> bool:
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == pid
    except ChildProcessError:
        return True
