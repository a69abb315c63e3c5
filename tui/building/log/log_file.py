"""The file with all that a build printed, under XDG state. Bounded: in size, in number, in all."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path
from typing import BinaryIO, Final

FILE_BYTES: Final = 256 << 20  # of one log; the rest is left out, with a note at its end
FILES_KEPT: Final = 200
# What a process may write before it looks through the folder again, which with many builds takes longer than a log.
TURN_FILES: Final = 16
TURN_BYTES: Final = 16 << 20
TOTAL_BYTES: Final = 1 << 30
# As build_log gives them: whose function, when, by which process.
_NAMES: Final = re.compile(r"[A-Za-z0-9_-]{0,40}-[0-9a-f]{16}-\d{8}-\d{6}-\d{3}-\d+\.log")
FLUSH_SECONDS: Final = 0.5  # how far the file may lag behind, for somebody who reads it meanwhile


class LogFile:
    """Takes bytes and never raises: a full or read-only disk leaves a sentence in `problem`."""

    def __init__(self, path: Path, limit: int = FILE_BYTES) -> None:
        """The file is made with the first bytes: a build that prints nothing leaves none."""
        self.problem: str | None = None
        self._path = path
        self._limit = limit
        self._size = 0
        self._flushed = 0.0
        self._file: BinaryIO | None = None
        self._closed = False

    @classmethod
    def written(cls, path: Path) -> LogFile:
        """The file of a build that ended before: nothing more is taken in."""
        file = cls(path)
        file._size, file._closed = 1, True  # its size is nobody's business any more but that there is something
        return file

    @property
    def path(self) -> Path | None:
        """Where the text lies; None as long as there is none."""
        return self._path if self._size else None

    def write(self, content: bytes, seconds: float) -> None:
        """Add `content`; `seconds` is the time since the start of the build."""
        if self._closed or self.problem is not None:
            return
        try:
            if self._file is None:
                self._file = _create(self._path)
            if self._size + len(content) > self._limit:
                content = content[: self._limit - self._size]
                self.problem = f"the log file ends after {self._limit:,} bytes; the rest was not kept"
            self._file.write(content)
            self._size += len(content)
            if self.problem is not None:
                self._file.write(f"\n[fn-tui: {self.problem}]\n".encode())
            if self.problem is not None or seconds - self._flushed > FLUSH_SECONDS:
                self._file.flush()
                self._flushed = seconds
        except OSError as error:
            self.problem = f"cannot write the log file {self._path}: {error.strerror or error}"

    def close(self) -> None:
        """Write out what is buffered. Nothing is taken in after this."""
        self._closed = True
        if self._file is None:
            return
        _turn.wrote(self._size)
        try:
            self._file.close()
        except OSError as error:
            self.problem = f"cannot write the log file {self._path}: {error.strerror or error}"
        self._file = None


class _Turn:
    """What this process has written since it last removed the oldest logs."""

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._files = self._bytes = 0

    def has_come(self, folder: Path) -> bool:
        """Whether to remove them before one more is made in the folder."""
        self._files += 1
        if self._folder == folder and self._files < TURN_FILES and self._bytes < TURN_BYTES:
            return False
        self._folder, self._files, self._bytes = folder, 0, 0
        return True

    def wrote(self, size: int) -> None:
        """A log has ended."""
        self._bytes += size


_turn: Final = _Turn()


def _create(path: Path) -> BinaryIO:
    from tui.files import NEW, open_own

    folder = open_own(path.parent)
    try:
        if _turn.has_come(path.parent):
            prune(path.parent)
        return open(os.open(path.name, NEW, 0o600, dir_fd=folder), "wb")
    finally:
        os.close(folder)


def build_log(directory: Path) -> LogFile:
    """The file for a build of `directory` that starts now: its name says which function, when, and by which process."""
    from tui.building.record.history import history_path
    from tui.settings.xdg import state_home

    now = time.time()
    stamp = time.strftime("%Y%m%d-%H%M%S", time.localtime(now))
    name = f"{history_path(directory).stem}-{stamp}-{int(now * 1000) % 1000:03d}-{os.getpid()}.log"
    return LogFile(state_home() / "logs" / name)


def log_named(name: str) -> Path | None:
    """Where the log of that name lies; None for what is no name of a log of ours."""
    from tui.settings.xdg import state_home

    return state_home() / "logs" / name if _NAMES.fullmatch(name) else None


def prune(
    folder: Path, files: int = FILES_KEPT - TURN_FILES, total: int = TOTAL_BYTES - FILE_BYTES - TURN_BYTES
) -> None:
    """Remove the oldest logs until at most `files` are left with at most `total` bytes. Raises `OSError`."""
    from tui.files import keep_newest

    keep_newest(folder, _NAMES, files, total)
