"""The guard: starts the compilers, and outlives fn-tui by a moment, so that SIGKILL of fn-tui leaves no process and no
folder of a build behind.

It takes messages on a socket until that closes, which happens however fn-tui ends, and then clears up. It imports next
to nothing, to be there within milliseconds. A message is a line `KIND IDENT LENGTH DESCRIPTORS`, then LENGTH bytes;
descriptors come along with it. Kinds: `room` (a build's private folder, and the lock on the function), `start` (a
compiler: its output, its errors, and the socket of its launcher), `done`.
"""

from __future__ import annotations

import gc
import os
import select
import sys
import time
from _socket import CMSG_LEN, SCM_RIGHTS, SOL_SOCKET, socket  # what socket offers, without the 10 ms that it loads

from tui.building.guard.launcher import Launcher, Order, wake_on_child
from tui.building.guard.processes import VARIABLE, Kernel, end_children, reap, sweep
from tui.building.workroom.kept import Stay, clear

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal
    from typing import Final, NoReturn
else:
    import _signal as signal  # what signal offers, without enum, which takes longer to load than all of this

MOST_DESCRIPTORS: Final = 5  # with one message, or two that are sent as one
_CHUNK = 65_536
_INT: Final = 4  # bytes of a descriptor's number
_WORDS: Final = 4  # of a message's first line
_FAREWELL = 3.0  # seconds in which launchers end by themselves


class Room:
    """A build under way: what to undo, and the lock that nobody else may get before that is done."""

    def __init__(self, payload: bytes, descriptors: list[int]) -> None:
        """Fields ended by NUL: the private folder's name, its token, the module's name, its signature, "link" or ""."""
        folder, token, output, before, link = map(os.fsdecode, payload.split(b"\0")[:-1])
        self.descriptors = descriptors
        self.stay = Stay(descriptors[0], folder, token, output=output, before=before, is_link=link == "link")

    def clear(self) -> None:
        """Put the module back and remove the folder, as far as that is possible."""
        try:
            clear(self.stay)
        except OSError:
            return  # nobody is left to tell; the next build of this function clears it

    def close(self) -> None:
        """Let go of the lock."""
        for descriptor in self.descriptors:
            os.close(descriptor)


class Mailbox:
    """Messages of fn-tui, as they come."""

    def __init__(self, connection: socket) -> None:
        self.connection = connection
        self._received: list[int] = []
        self._rest = b""

    def receive(self) -> bool:
        """Read what there is; False when fn-tui has ended."""
        chunk, ancillary, _, _ = self.connection.recvmsg(_CHUNK, CMSG_LEN(MOST_DESCRIPTORS * _INT))
        for level, kind, content in ancillary:
            if (level, kind) == (SOL_SOCKET, SCM_RIGHTS):
                for at in range(0, len(content) - _INT + 1, _INT):
                    descriptor = int.from_bytes(content[at : at + _INT], sys.byteorder)
                    os.set_inheritable(descriptor, False)
                    self._received.append(descriptor)
        self._rest += chunk
        return bool(chunk)

    def message(self) -> tuple[str, str, bytes, list[int]] | None:
        """The next message that is there in full: kind, ident, payload, descriptors."""
        while True:
            head, newline, rest = self._rest.partition(b"\n")
            if not newline:
                return None
            words = head.decode("ascii").split()
            if len(words) == _WORDS:
                break
            self._rest = rest  # for a compiler that has ended
        kind, ident, length, count = words
        if len(rest) < int(length):
            return None
        payload, self._rest = rest[: int(length)], rest[int(length) :]
        descriptors, self._received = self._received[: int(count)], self._received[int(count) :]
        return kind, ident, payload, descriptors


class Guard:
    """What there would be to clear up, and who sees to it."""

    def __init__(self, connection: socket) -> None:
        self.mailbox = Mailbox(connection)
        self.kernel = Kernel()
        self.adopts = self.kernel.adopt_orphans()
        self.rooms: dict[str, Room] = {}
        self.launchers: set[int] = set()  # process ids

    def receive(self) -> bool:
        """Read what there is, and act on the messages that are complete; False when fn-tui has ended."""
        is_there = self.mailbox.receive()
        while (message := self.mailbox.message()) is not None:
            kind, ident, payload, descriptors = message
            if kind == "room":
                self.rooms[ident] = Room(payload, descriptors)
            elif kind == "start":
                self._start(ident, Order(payload), descriptors)
            else:
                room = self.rooms.pop(ident, None)
                if room is not None:
                    room.close()
        return is_there

    def _start(self, ident: str, order: Order, descriptors: list[int]) -> None:
        """Fork a launcher. Where that cannot be, its socket closes without a word."""
        try:
            process = os.fork()
        except OSError:
            process = -1
        if process == 0:
            self._be_launcher(ident, order, descriptors)
        if process > 0:
            self.launchers.add(process)
        for descriptor in descriptors:
            os.close(descriptor)

    def _be_launcher(self, ident: str, order: Order, descriptors: list[int]) -> NoReturn:
        """In the new process: see to one build after the other, and to nothing else of the guard's."""
        output, errors, control = descriptors
        guard = os.getppid()
        try:
            self.mailbox.connection.close()
            own = self.rooms.pop(ident, None)
            for room in self.rooms.values():
                room.close()
            self.kernel.set_name("fn-tui build")
            launcher, mailbox = Launcher(self.kernel, control), Mailbox(socket(fileno=control))
            there = launcher.run(order, output, errors)
            while launcher.stays and os.getppid() == guard:  # else nobody sees to what this process would leave
                if own is not None:
                    own.close()
                following = _next_build(launcher, mailbox)
                if following is None:
                    os._exit(0)
                own, order, (output, errors) = following
                there = launcher.run(order, output, errors)
            if not there and os.getppid() != guard and own is not None:
                own.clear()  # the guard has died too
        finally:
            os._exit(0)

    def look_after(self) -> None:
        """Take leave of launchers that have ended. What one that was killed left behind has come to us, and ends."""
        ended = reap()
        self.launchers.difference_update(ended)
        if any(code != 0 for code in ended.values()):
            end_children(self.launchers, _FAREWELL, {})

    def clear_up(self, marker: bytes) -> None:
        """fn-tui has ended: so do its builds, at the hands of their launchers, or ours."""
        until = time.monotonic() + _FAREWELL
        while self.launchers and time.monotonic() < until:
            time.sleep(0.002)
            self.look_after()
        end_children((), _FAREWELL, {})
        if not self.adopts and self.rooms:
            sweep(marker)
        for room in self.rooms.values():
            room.clear()


def _next_build(launcher: Launcher, mailbox: Mailbox) -> tuple[Room, Order, list[int]] | None:
    """What a launcher is told to build next, and where its output goes; None where it is not needed any more."""
    room: Room | None = None
    while launcher.waits() and mailbox.receive():
        while (message := mailbox.message()) is not None:
            kind, _, payload, descriptors = message
            if kind == "room":
                room = Room(payload, descriptors)
            elif room is not None:
                return room, Order(payload), descriptors
    return None


def main() -> None:
    """Serve until fn-tui is gone, then clear up. Called with the mark of all its builds."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    guard = Guard(socket(fileno=0))
    wake = wake_on_child()
    gc.disable()
    gc.freeze()  # launchers are forks: what nobody touches stays shared
    while True:
        ready = select.select([0, wake], [], [])[0]
        if wake in ready:
            os.read(wake, _CHUNK)
            guard.look_after()
        if 0 in ready and not guard.receive():
            break
    guard.clear_up(f"{VARIABLE}={sys.argv[1]}".encode())
    os._exit(0)  # fn-tui waits for this; there is nothing to tear down
