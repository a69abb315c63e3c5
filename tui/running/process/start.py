"""Two ways to a process that runs guests: a copy of this one, which has loaded half of what it takes, or a new one."""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn

ROOT: Final = Path(__file__).resolve().parents[3]  # where the package `tui` lies
_MODULE: Final = "tui.running.process.worker"
_TASKS: Final = "/proc/self/task"  # a folder a thread, on Linux


@dataclass(frozen=True, slots=True)
class Started:
    """A process that runs: what it reads is written to `inlet`, what it says is read from `outlet`."""

    pid: int
    inlet: int
    outlet: int


def start() -> Started:
    """A process that waits for messages. A copy where nothing else runs here, since a copy has one thread only."""
    return forked() if _is_alone() else spawned()


def _is_alone() -> bool:
    """Whether this is the only thread. The engine keeps threads of its own, which Python does not know: a copy of a
    process that has compiled anything would wait for them for ever.
    """
    if threading.active_count() > 1 or threading.current_thread() is not threading.main_thread():
        return False
    try:
        return len(os.listdir(_TASKS)) == 1  # noqa: PTH208 -- pathlib does the same with more steps
    except OSError:  # not Linux: alone, unless the engine has been loaded
        return "wasmtime" not in sys.modules


def forked() -> Started:
    """A copy of this process. It never comes back from here."""
    ours, theirs = _pipes()
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if not pid:
        _close(*ours)
        _become_worker(*theirs)
    _close(*theirs)
    return Started(pid, *ours)


def _become_worker(inlet: int, outlet: int) -> NoReturn:
    """Run as the worker and end with it, whatever happens: nothing above this frame is this process's business."""
    code = 1
    try:
        signal.set_wakeup_fd(-1)
        nowhere = os.open(os.devnull, os.O_RDWR)
        for target, source in ((0, inlet), (1, outlet), (2, nowhere)):
            os.dup2(source, target)
        os.closerange(3, max(inlet, outlet, nowhere) + 1)
        gc.disable()  # loading makes no garbage, and the collector's passes over it cost a tenth
        from tui.running.process.worker import main

        gc.enable()
        code = main()
    finally:
        os._exit(code)


def spawned() -> Started:
    """A new interpreter."""
    ours, theirs = _pipes()
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    actions = [
        (os.POSIX_SPAWN_DUP2, theirs[0], 0),
        (os.POSIX_SPAWN_DUP2, theirs[1], 1),
        (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
    ]
    argv = [sys.executable, "-P", "-m", _MODULE]
    pid = os.posix_spawn(sys.executable, argv, os.environ | {"PYTHONPATH": path}, file_actions=actions)
    _close(*theirs)
    return Started(pid, *ours)


def _pipes() -> tuple[tuple[int, int], tuple[int, int]]:
    """(what we write, what we read), (what it reads, what it writes). Closed in any other program that starts."""
    read, write = os.pipe(), os.pipe()
    return (read[1], write[0]), (read[0], write[1])


def _close(*descriptors: int) -> None:
    for one in descriptors:
        os.close(one)
