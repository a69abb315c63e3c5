"""fn-tui's end of the guard: one small process for all builds, started with the first."""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
from collections.abc import Iterable
from itertools import count
from pathlib import Path
from typing import Final

from tui.building.process import guard_process
from tui.building.process.guard_process import VARIABLE

_FAREWELL: Final = 2.0  # seconds that an ordinary end waits for the guard's last look round


class Guard:
    """Knows what is to be cleared up should fn-tui die. Not for use from several threads."""

    def __init__(self) -> None:
        self.token = f"{os.getpid()}-{os.urandom(6).hex()}"
        self._process: subprocess.Popen[bytes] | None = None
        self._numbers = count(1)
        self._lines: dict[str, list[str]] = {}  # what is registered now, to say again to a new guard

    @property
    def pid(self) -> int | None:
        """The guard's process id, once it was needed."""
        return self._process.pid if self._process is not None else None

    def new_build(self) -> str:
        """An id for a build, one of its kind."""
        return f"{self.token}.{next(self._numbers)}."

    @staticmethod
    def environment(ident: str) -> dict[str, str]:
        """What marks the processes of a build, so that they are found in whatever session they hide."""
        return {VARIABLE: ident}

    @staticmethod
    def marker(ident: str) -> bytes:
        """The same, as it stands in the memory of a process."""
        return f"{VARIABLE}={ident}".encode("ascii")

    def register_folder(self, ident: str, private: Path, kept: Path, output: Path, before: str) -> None:
        """Announce a build before it starts: its private folder, and the module to put back unless it succeeds."""
        paths = " ".join(os.fsencode(path).hex() for path in (private, kept, output))
        self._register(ident, f"dir {ident} {paths} {before}")

    def register_group(self, ident: str, group: int, pipes: Iterable[str] = ()) -> None:
        """Announce the process group of a build that has just been started, and the pipes that it writes to."""
        self._register(ident, " ".join([f"group {ident} {group}", *pipes]))

    def release(self, ident: str) -> None:
        """The build is over, all is cleared up."""
        if self._lines.pop(ident, None) is not None:
            self._say(f"done {ident}")

    def close(self) -> None:
        """End the guard: it looks round a last time, and is waited for."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            process.wait(_FAREWELL)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _register(self, ident: str, line: str) -> None:
        self._lines.setdefault(ident, []).append(line)
        self._say(line)

    def _say(self, line: str) -> None:
        """Tell the guard; one that was killed is replaced, and told everything."""
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._process = self._start()
            known = [each for lines in self._lines.values() for each in lines]
            self._write("".join(f"{each}\n" for each in known))
        else:
            self._write(f"{line}\n")

    def _write(self, text: str) -> None:
        if self._process is None or self._process.stdin is None:
            return
        try:
            self._process.stdin.write(text.encode("ascii"))
        except BrokenPipeError:
            # It was killed in between; the next line starts a new one, which is told everything.
            self._process.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        """Start it in a session of its own, holding nothing of ours but the pipe."""
        atexit.unregister(self.close)
        atexit.register(self.close)
        marker = f"{VARIABLE}={self.token}."
        return subprocess.Popen(
            [sys.executable, "-I", "-S", guard_process.__file__, marker],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            bufsize=0,
            start_new_session=True,
        )


_guard: list[Guard] = []


def process_guard() -> Guard:
    """The guard of this process, made at the first call (and anew in a forked child)."""
    if not _guard or not _guard[0].token.startswith(f"{os.getpid()}-"):
        _guard[:] = [Guard()]
    return _guard[0]
