"""Processes of a build: found whatever they do with their environment, session and pipes, and ended.

On Linux a process can adopt all that its descendants leave behind (a child subreaper), so what has a parent no more is
found among its children. Elsewhere the group, a mark in the environment and open pipes have to do. The guard process
uses this, so it imports next to nothing.
"""

# ruff: noqa: PTH115, PTH208 (pathlib would take longer than all of the rest)

from __future__ import annotations

import os
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal
    from collections.abc import Callable, Collection
    from typing import Final
else:
    import _signal as signal  # what signal offers, without enum, which takes longer to load than all of this

VARIABLE: Final = "FN_TUI_BUILD"  # in the environment of every process of a build
_PR_SET_PDEATHSIG, _PR_SET_NAME, _PR_SET_CHILD_SUBREAPER = 1, 15, 36
_SWEEPS = 50  # at most; each a look at all processes, 10 ms apart
_EAGER: Final = 100  # rounds without a pause: who goes on forking is caught by being quick
_PAUSE: Final = 0.002  # seconds between two rounds after those


class Kernel:
    """The calls that Python has no name for; each says whether the system has it."""

    def __init__(self) -> None:
        self._call: Callable[..., int] | None = None
        try:
            import ctypes

            self._call = ctypes.CDLL(None).prctl
        except (ImportError, OSError, AttributeError):
            return  # no ctypes in this Python, or no prctl in this system

    def _prctl(self, option: int, value: int | bytes) -> bool:
        return self._call is not None and self._call(option, value, 0, 0, 0) == 0

    def adopt_orphans(self) -> bool:
        """Become the parent of all that descendants leave behind."""
        return self._prctl(_PR_SET_CHILD_SUBREAPER, 1)

    def die_with_parent(self) -> bool:
        """SIGKILL to this process when its parent ends, after an exec too."""
        return self._prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL))

    def set_name(self, name: str) -> bool:
        """The name that `ps` and `top` show."""
        return self._prctl(_PR_SET_NAME, name.encode("ascii")[:15])


def kill(process: int) -> None:
    """SIGKILL; no error if it is gone, or is not ours any more."""
    try:
        os.kill(process, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def signal_group(group: int, number: int) -> None:
    """A signal to a process group; no error if it is gone."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return


def reap() -> dict[int, int]:
    """Take leave of the children that have ended: process id -> exit code, negative for a signal."""
    ended: dict[int, int] = {}
    reap_into(ended)
    return ended


def reap_into(ended: dict[int, int]) -> bool:
    """The same, added to `ended`; whether there are children left. The system tells that with the last call."""
    while True:
        try:
            process, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return False
        if process == 0:
            return True
        ended[process] = os.waitstatus_to_exitcode(status)


def children() -> list[int]:
    """Our children now, dead ones that were not reaped too."""
    own = os.getpid()
    try:
        with open(f"/proc/self/task/{own}/children", "rb") as file:
            return [int(number) for number in file.read().split()]
    except OSError:
        return [number for number in _processes() if _parent(number) == own]


def end_children(spare: Collection[int], seconds: float, ended: dict[int, int]) -> int:
    """SIGKILL to all children but `spare`, and to all that they leave to us, until there are none; how many are left.

    `ended` takes up the exit codes of those that were reaped meanwhile.
    """
    until = time.monotonic() + seconds
    rounds = 0
    while True:
        if not reap_into(ended):
            return 0  # what is usual: nothing of /proc has to be read
        left = [process for process in children() if process not in spare]
        if not left or time.monotonic() > until:
            return len(left)
        for process in left:
            kill(process)
        rounds += 1
        time.sleep(0 if rounds < _EAGER else _PAUSE)


def sweep(marker: bytes, pipes: frozenset[str] = frozenset()) -> int:
    """SIGKILL to every process with the marker or a pipe, in whatever session, until none is left; how many left."""
    for _ in range(_SWEEPS):
        alive = {*marked_processes(marker), *writers(pipes)}
        if not alive:
            return 0
        for process in alive:
            kill(process)
        time.sleep(0.01)
    return len({*marked_processes(marker), *writers(pipes)})


def marked_processes(marker: bytes) -> list[int]:
    """Living processes of ours whose environment holds `marker`. Linux; elsewhere none is found."""
    return [number for number in _processes() if marker in _read(f"/proc/{number}/environ")]


def writers(pipes: frozenset[str]) -> list[int]:
    """Living processes of ours that hold the writing end of one of these pipes (`pipe:[INODE]`). Linux."""
    return [number for number in _processes() if pipes and _writes(number, pipes)]


def _processes() -> list[int]:
    """All processes but this one."""
    own = os.getpid()
    try:
        numbers = [int(name) for name in os.listdir("/proc") if name.isdigit()]
    except OSError:
        return []
    return [number for number in numbers if number != own]


def _read(path: str) -> bytes:
    """A file of /proc; b"" for a zombie, and where it may not be seen."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""


def _parent(process: int) -> int:
    """The parent's process id; 0 where it cannot be seen."""
    fields = _read(f"/proc/{process}/stat").rpartition(b")")[2].split()
    return int(fields[1]) if len(fields) > 1 else 0


def _writes(process: int, pipes: frozenset[str]) -> bool:
    folder = f"/proc/{process}/fd"
    try:
        for name in os.listdir(folder):
            # Its mode says how it was opened. We hold the reading end, and so does, for a moment, what we fork.
            if os.readlink(f"{folder}/{name}") in pipes and os.lstat(f"{folder}/{name}").st_mode & 0o200:
                return True
    except OSError:
        return False
    return False
