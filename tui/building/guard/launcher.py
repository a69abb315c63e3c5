"""A process that sees to a build, forked by the guard: it starts the compiler, and stays until nothing of it is alive.

It adopts whatever the compiler leaves behind, so it can tell the very moment at which the last descendant has gone. It
talks with fn-tui over a socket, a line each way: it says `started PID`, or `failed ERRNO`, then `exit CODE LEFT STAYS`;
it is told `signal NUMBER` (to the compiler's group) and `end`. When the socket closes, fn-tui has died: all is ended.
Should this process be killed, the compiler dies with it, and what that leaves behind comes to the guard.

Where it says that it stays, it waits a moment for another build, by the guard's messages: to fork one takes as long as
all else that a build costs here.

A compiler may be given a folder as an open descriptor, of one number always: what it and all that it starts reach as
HELD_PATH is then that folder, another one for every compiler.
"""

from __future__ import annotations

import os
import select
from errno import EBADF

from tui.building.guard.processes import Kernel, end_children, reap, signal_group, sweep

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal
    from typing import Final, NoReturn
else:
    import _signal as signal  # what signal offers, without enum, which takes longer to load than all of this

HELD: Final = 99  # the number; shells use lower ones for themselves
HELD_PATH: Final = f"/proc/self/fd/{HELD}"
END_SECONDS: Final = 5.0  # then what cannot be killed is left, and counted
# What Python, or the guard, ignores: an exec passes that on.
_DEFAULTS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE, signal.SIGXFSZ)
_LOST: Final = -9  # the exit code where the compiler's own is not known
_BUILDS: Final = 500  # of one launcher: nothing collects what it may leave in memory
IDLE_SECONDS: Final = 1.0  # for which it waits for another build


class Order:
    """What to start, and how: as it comes from fn-tui."""

    __slots__ = ("argv", "directory", "environment", "executable", "held", "marker")

    def __init__(self, payload: bytes) -> None:
        """Fields ended by NUL: directory, executable, the folder to hold or nothing, marker, the number of words of
        argv, argv, the environment.
        """
        directory, executable, held, marker, count, *rest = payload.split(b"\0")[:-1]
        words = int(count)
        self.directory = directory
        self.held = held
        self.executable = executable
        self.marker = marker
        self.argv = rest[:words]
        self.environment = dict(each.split(b"=", 1) for each in rest[words:])


def write_order(
    directory: bytes,
    executable: bytes,
    marker: bytes,
    argv: list[bytes],
    environment: list[bytes],
    *,
    held: bytes = b"",
) -> bytes:
    """The payload that Order reads. Nothing of it can hold a NUL: the system would not take it either."""
    fields = [directory, executable, held, marker, str(len(argv)).encode(), *argv, *environment]
    return b"".join(field + b"\0" for field in fields)


class Launcher:
    """Sees to one compiler at a time."""

    def __init__(self, kernel: Kernel, control: int) -> None:
        self._kernel = kernel
        self._control = control
        self._adopts = kernel.adopt_orphans()
        self._builds = 0
        self._compiler = 0
        self._ended: dict[int, int] = {}
        self._wake = wake_on_child()
        self.stays = False  # for another build: nothing is left of the last one

    def run(self, order: Order, output: int, errors: int) -> bool:
        """Start it, follow it to its end, end the rest. Whether fn-tui was still there to be told."""
        self.stays, self._ended = False, {}
        self._builds += 1
        self._order = order
        pipes = _pipes(output, errors) if not self._adopts else frozenset()
        try:
            self._compiler = _start(self._kernel, self._order, output, errors)
        except OSError as error:
            self._say(f"failed {error.errno or 0}")
            return True
        finally:
            os.close(output)
            os.close(errors)
        self._say(f"started {self._compiler}")
        there = self._follow()
        left = self._end_all(pipes)
        code = self._ended.get(self._compiler, _LOST)
        self.stays = there and self._adopts and not left and self._builds < _BUILDS
        return self._say(f"exit {code} {left} {int(self.stays)}") and there

    def waits(self) -> bool:
        """Wait for what fn-tui says, without a build; False where it says nothing for too long."""
        return bool(select.select([self._control], [], [], IDLE_SECONDS)[0])

    def _follow(self) -> bool:
        """Pass signals on until the compiler has ended, or is to end; False where fn-tui has died."""
        rest = b""
        while self._compiler not in self._ended:
            ready = select.select([self._control, self._wake], [], [])[0]
            if self._wake in ready:
                os.read(self._wake, 4096)
                self._ended.update(reap())
            if self._control in ready:
                chunk = _receive(self._control)
                if not chunk:
                    return False
                *lines, rest = (rest + chunk).split(b"\n")
                for line in lines:
                    if line == b"end":
                        return True
                    if self._compiler not in self._ended:  # not reaped: so long nobody else gets its number
                        signal_group(self._compiler, int(line.split()[1]))
        return True

    def _end_all(self, pipes: frozenset[str]) -> int:
        """SIGKILL to all that is left of it; how many processes could not be ended."""
        if self._compiler not in self._ended or not self._adopts:
            signal_group(self._compiler, signal.SIGKILL)
        left = end_children((), END_SECONDS, self._ended)
        return left if self._adopts else left + sweep(self._order.marker, pipes)

    def _say(self, line: str) -> bool:
        try:
            os.write(self._control, f"{line}\n".encode("ascii"))
        except OSError:
            return False  # fn-tui has died
        return True


def _pipes(*descriptors: int) -> frozenset[str]:
    """Pipes as /proc names them."""
    return frozenset(f"pipe:[{os.fstat(descriptor).st_ino}]" for descriptor in descriptors)


def _receive(control: int) -> bytes:
    try:
        return os.read(control, 4096)
    except ConnectionResetError:
        return b""


def wake_on_child() -> int:
    """A descriptor that becomes readable when a child ends, of a process that has a handler for that (the guard has).

    Each process of its own, or a launcher's children would wake the guard.
    """
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    os.set_blocking(reading, False)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    return reading


def _start(kernel: Kernel, order: Order, output: int, errors: int) -> int:
    """Start the compiler in a session of its own; its process id. Raises OSError with the number of what failed."""
    reading, writing = os.pipe()
    launcher = os.getpid()
    process = os.fork()
    if process == 0:
        _become(kernel, order, (output, errors), launcher, writing)
    os.close(writing)
    fault = os.read(reading, 64)
    os.close(reading)
    if fault:
        os.waitpid(process, 0)
        raise OSError(int(fault), os.strerror(int(fault)))
    return process


def _become(kernel: Kernel, order: Order, streams: tuple[int, int], launcher: int, fault: int) -> NoReturn:
    """In the new process: be the compiler, or write the number of what failed. Nothing goes along but three streams
    and the folder to hold.
    """
    try:
        os.setsid()
        signal.set_wakeup_fd(-1)
        for number in _DEFAULTS:
            signal.signal(number, signal.SIG_DFL)
        kernel.die_with_parent()
        if os.getppid() != launcher:
            os._exit(127)  # it died in between
        nothing = os.open(os.devnull, os.O_RDWR)
        for target, source in enumerate((nothing, *streams)):
            os.dup2(source, target)
        os.chdir(order.directory)
        if order.held:
            fault = _hold(order.held, fault)
        os.execve(order.executable, order.argv, order.environment)  # noqa: S606 - the plan, shown to the person
    except OSError as error:
        os.write(fault, str(error.errno or 0).encode("ascii"))
    finally:
        os._exit(127)


def _hold(folder: bytes, fault: int) -> int:
    """Open the folder as the descriptor that an exec passes on. Where to write faults from then on. Raises OSError."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    if fault == HELD:
        fault = os.dup(fault)
    if opened == HELD:
        os.set_inheritable(opened, True)
        return fault
    try:
        os.dup2(opened, HELD)
    except OSError as error:
        if error.errno != EBADF:
            raise
        # Beyond the limit of open files: the compiler finds the folder under its real name.
    return fault
