"""fn-tui's end of the guard: one small process for all builds, started with the first."""

from __future__ import annotations

import array
import atexit
import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from threading import RLock
from typing import Final

from tui.building.guard.processes import VARIABLE
from tui.building.workroom.kept import Stay
from tui.facts import Fact

_FAREWELL: Final = 8.0  # seconds that an ordinary end waits for the guard's last look round
_TAKES: Final = 2.0  # seconds in which a message is taken; a guard that is slower is replaced
_IDLE: Final = 16  # launchers that wait for another build
_ROOT: Final = Path(__file__).parents[3]  # where the package `tui` lies
# -I and -S: nothing of the environment or of a site is loaded, so it is there within milliseconds.
_PROGRAM: Final = (
    "import sys; sys.path.append(sys.argv.pop(1)); from tui.building.guard.guard_process import main; main()"
)


class _Message(Fact):
    """What is said to the guard. The descriptors are the sender's, and are open as long as it may be said again."""

    kind: str
    ident: str
    payload: bytes = b""
    descriptors: tuple[int, ...] = ()


class Guard:
    """Knows what is to be cleared up should fn-tui die. May be used from several threads."""

    def __init__(self) -> None:
        self.token = f"{os.getpid()}-{os.urandom(6).hex()}"
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: socket.socket | None = None
        self._numbers = count(1)
        self._turn = RLock()
        self._rooms: dict[str, _Message] = {}  # what is registered now, to say again to a new guard
        self._idle: list[socket.socket] = []  # to launchers that wait for another build, the last one that came last

    @property
    def pid(self) -> int | None:
        """The guard's process id, once it was needed."""
        return self._process.pid if self._process is not None else None

    def new_build(self) -> str:
        """An id for a build, one of its kind."""
        return f"{self.token}.{next(self._numbers)}."

    @staticmethod
    def environment(ident: str) -> dict[str, str]:
        """What marks the processes of a build, so that they are found where the system lets nobody adopt them."""
        return {VARIABLE: ident}

    @staticmethod
    def marker(ident: str) -> bytes:
        """The same, as it stands in the memory of a process."""
        return f"{VARIABLE}={ident}".encode("ascii")

    def register(self, ident: str, stay: Stay, lock: Sequence[int]) -> None:
        """Announce a build before it starts: what to undo unless it is released. The guard holds `lock` too."""
        fields = (stay.folder, stay.token, stay.output, stay.before, "link" if stay.is_link else "")
        payload = b"".join(os.fsencode(field) + b"\0" for field in fields)
        message = _Message("room", ident, payload, (stay.parent, *lock))
        with self._turn:
            self._rooms[ident] = message
            self._say(message)

    def start(self, ident: str, order: bytes, streams: tuple[int, int], control: int) -> None:
        """Have a compiler started; its launcher reports on `control`. Raises OSError where there can be no guard."""
        with self._turn:
            self._say(_Message("start", ident, order, (*streams, control)))

    def resume(self, ident: str, order: bytes, streams: tuple[int, int]) -> socket.socket | None:
        """Have a compiler started by a launcher that is there: the socket to it; None where none waits.

        It may have ended by itself by the time that it hears of it: then it says nothing.
        """
        with self._turn:
            room = self._rooms.get(ident)
            while room is not None and self._idle:
                control = self._idle.pop()
                control.settimeout(_TAKES)
                if _sent(control, [room, _Message("start", ident, order, streams)]):
                    return control
                control.close()
        return None

    def keep(self, control: socket.socket) -> None:
        """A launcher waits for another build: `control` leads to it."""
        with self._turn:
            if self._connection is not None and len(self._idle) < _IDLE:
                self._idle.append(control)
            else:
                control.close()

    def release(self, ident: str) -> None:
        """The build is over, all is cleared up."""
        with self._turn:
            known = self._rooms.pop(ident, None)
            if known is not None and self._process is not None and not self._send(_Message("done", ident)):
                self._process.kill()  # or it would clear up, some day, what is not to be cleared

    def close(self) -> None:
        """End the guard: it looks round a last time, and is waited for."""
        process, self._process = self._process, None
        connection, self._connection = self._connection, None
        idle, self._idle = self._idle, []  # they belong to the guard that is over
        for each in (*idle, connection):
            if each is not None:
                each.close()
        if process is None:
            return
        try:
            process.wait(_FAREWELL)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _say(self, message: _Message) -> None:
        """Tell the guard; one that was killed, or does not listen, is replaced, and told what it must know."""
        if self._process is not None and self._process.poll() is None and self._send(message):
            return
        if self._process is not None:
            self._process.kill()  # it does not listen: nor may it wake up later, and clear up
        self.close()
        self._begin()
        for room in self._rooms.values():
            self._send(room)
        if message.kind == "start":
            self._send(message)

    def _send(self, message: _Message) -> bool:
        """Whether it was taken."""
        return self._connection is not None and _sent(self._connection, [message])

    def _begin(self) -> None:
        """Start it in a session of its own, holding nothing of ours but the socket. Raises OSError."""
        atexit.unregister(self.close)
        atexit.register(self.close)
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", "-c", _PROGRAM, str(_ROOT), f"{self.token}."],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                start_new_session=True,
            )
        ours.settimeout(_TAKES)
        self._connection = ours


def _sent(connection: socket.socket, messages: Sequence[_Message]) -> bool:
    """Whether messages were taken, within some time."""
    content, descriptors = b"", array.array("i")
    for kind, ident, payload, held in messages:
        content += f"{kind} {ident} {len(payload)} {len(held)}\n".encode("ascii") + payload
        descriptors.extend(held)
    rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, descriptors)] if descriptors else []
    try:
        sent = connection.sendmsg([content], rights)
        connection.sendall(content[sent:])
    except OSError:  # killed, or stopped
        return False
    return True


_guard: list[Guard] = []


def process_guard() -> Guard:
    """The guard of this process, made at the first call (and anew in a forked child)."""
    if not _guard or not _guard[0].token.startswith(f"{os.getpid()}-"):
        _guard[:] = [Guard()]
    return _guard[0]
