"""The guard: outlives fn-tui by a moment, so that SIGKILL of fn-tui leaves no process and no folder of a build behind.

Run as a program (`python -I -S guard_process.py MARKER`) it reads registrations on stdin until the pipe closes, which
happens however fn-tui ends, and then clears up. It imports next to nothing, to be there within milliseconds. fn-tui
itself uses the same functions after each build.

A line is `dir ID PRIVATE KEPT OUTPUT SIGNATURE`, `group ID PGID PIPE...` or `done ID`; paths are hex of their bytes.
"""

# ruff: noqa: PTH105, PTH106, PTH108, PTH101, PTH115, PTH116, PTH208 (pathlib would take longer than all of the rest)

from __future__ import annotations

import os
import select
import signal
import sys
import time
from typing import AnyStr

VARIABLE = "FN_TUI_BUILD"  # in the environment of every process of a build
_LOOKS_APART = 0.5  # seconds
_SWEEPS = 50  # at most; each a look at all processes, 10 ms apart


def kill_group(group: int) -> None:
    """SIGKILL to a process group; no error if it is gone."""
    try:
        os.killpg(group, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def marked_processes(marker: bytes) -> list[int]:
    """Living processes of ours whose environment holds `marker`. Linux; elsewhere none is found."""
    return [number for number in _processes() if marker in _environment(number)]


def _processes() -> list[int]:
    """All processes but this one."""
    own = os.getpid()
    try:
        numbers = [int(name) for name in os.listdir("/proc") if name.isdigit()]
    except OSError:
        return []
    return [number for number in numbers if number != own]


def _environment(process: int) -> bytes:
    """The environment that a process was started with; b"" for a zombie, and where it may not be seen."""
    try:
        with open(f"/proc/{process}/environ", "rb") as file:
            return file.read()
    except OSError:
        return b""


def writers(pipes: frozenset[str]) -> list[int]:
    """Living processes of ours that hold the writing end of one of these pipes (`pipe:[INODE]`). Linux."""
    return [number for number in _processes() if pipes and _writes(number, pipes)]


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


def sweep(marker: bytes, pipes: frozenset[str] = frozenset()) -> int:
    """SIGKILL to every process with the marker or a pipe, in whatever session, until none is left; how many left."""
    for _ in range(_SWEEPS):
        alive = {*marked_processes(marker), *writers(pipes)}
        if not alive:
            return 0
        for process in alive:
            try:
                os.kill(process, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                continue
        time.sleep(0.01)
    return len({*marked_processes(marker), *writers(pipes)})


def signature(path: bytes | str) -> str:
    """What tells one state of a file from another: `inode.mtime_ns.size`, or "-" for no file."""
    try:
        status = os.stat(path)
    except OSError:
        return "-"
    return f"{status.st_ino}.{status.st_mtime_ns}.{status.st_size}"


def restore(kept: bytes | str, output: bytes | str, before: str) -> None:
    """Put the module back that was there before the build, unless nobody touched it."""
    if signature(output) == before:
        return
    try:
        if before == "-":
            os.unlink(output)
        else:
            os.replace(kept, output)
    except FileNotFoundError:
        return


def remove_tree(path: AnyStr) -> None:
    """Remove a folder and all in it, read-only folders too; no error for what is gone already."""
    try:
        with os.scandir(path) as entries:
            found: list[tuple[AnyStr, bool]] = [(each.path, each.is_dir(follow_symlinks=False)) for each in entries]
        for each, is_folder in found:
            if is_folder:
                remove_tree(each)
            else:
                os.unlink(each)
        os.rmdir(path)
    except (FileNotFoundError, NotADirectoryError):
        return
    except PermissionError:
        if os.stat(path).st_mode & 0o700 == 0o700:
            raise
        os.chmod(path, 0o700)
        remove_tree(path)


class Registrations:
    """What there would be to clear up."""

    def __init__(self) -> None:
        self.groups: dict[str, int] = {}
        self.pipes: dict[str, frozenset[str]] = {}
        self.folders: dict[str, tuple[bytes, bytes, bytes, str]] = {}
        self.finished: list[bytes] = []  # markers of builds that are over, and were not looked for since
        self.looked = 0.0  # time.monotonic() of the last look

    def take(self, line: str) -> None:
        """Act on one line from fn-tui."""
        kind, ident, *rest = line.split()
        if kind == "dir":
            private, kept, output = map(bytes.fromhex, rest[:3])
            self.folders[ident] = (private, kept, output, rest[3])
        elif kind == "group":
            self.groups[ident] = int(rest[0])
            self.pipes[ident] = frozenset(rest[1:])
        else:
            self.groups.pop(ident, None)
            self.pipes.pop(ident, None)
            self.folders.pop(ident, None)
            self.finished.append(f"{VARIABLE}={ident}".encode("ascii"))

    def look_for_daemons(self, now: float) -> float | None:
        """Kill what let go of its pipes and outlived its build. Looks at most twice a second: a look takes
        milliseconds. Returns the seconds until the next look is due, None if none is.
        """
        if not self.finished:
            return None
        wait = self.looked + _LOOKS_APART - now
        if wait > 0:
            return wait
        self.looked = now
        finished, self.finished = self.finished, []
        environments = [_environment(process) for process in _processes()]
        for marker in finished:
            if any(marker in environment for environment in environments):
                sweep(marker)
        return None

    def clear_up(self, marker: bytes) -> None:
        """Kill, put modules back, remove folders. A folder that cannot be removed does not keep the others."""
        for group in self.groups.values():
            kill_group(group)
        sweep(marker, frozenset().union(*self.pipes.values()))
        for private, kept, output, before in self.folders.values():
            try:
                restore(kept, output, before)
                remove_tree(private)
            except OSError:
                continue  # nobody is left to tell; the next build of this function clears it


def main() -> None:
    """Read until fn-tui is gone, then clear up."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    registrations = Registrations()
    rest = b""
    wait = None
    while True:
        if select.select([0], [], [], wait)[0]:
            chunk = os.read(0, 65536)
            if not chunk:
                break
            # A half line at the end: fn-tui died while it wrote, before it did what the line announces.
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                registrations.take(line.decode("ascii"))
        wait = registrations.look_for_daemons(time.monotonic())
    registrations.clear_up(os.fsencode(sys.argv[1]))


if __name__ == "__main__":
    main()
    os._exit(0)  # fn-tui waits for this; there is nothing to tear down
