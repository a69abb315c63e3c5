"""Compiled code on disk: one file a module, in a folder of its own that nobody else can write.

Native code is mapped and run as it lies there, so nothing is taken that is not this user's own. A file is written
beside its place and renamed into it, and never written again: another process may have it mapped.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

MOST_BYTES: Final = 512 << 20  # of all files together; the longest unused go first
SUFFIX: Final = ".cwasm"


class CodeCache:
    """The compiled modules under one folder. Whatever fails here costs a compilation, never a run."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find(self, tag: str, key: bytes) -> str | None:
        """The path of a module's code, where it is there and this user's own."""
        folder = self._folder / tag
        try:
            names = [name for name in os.listdir(folder) if name.startswith(key.hex())]  # noqa: PTH208
            if not names or not _is_private(os.stat(folder), stat.S_IFDIR):  # noqa: PTH116
                return None
            path = folder / names[0]
            found = os.lstat(path)
            # The name tells the size: a file cut short would be run up to where it ends.
            if not _is_private(found, stat.S_IFREG) or names[0] != _name(key, found.st_size):
                return None
            os.utime(path)
        except OSError:
            return None
        return str(path)

    def store(self, tag: str, key: bytes, code: bytes | bytearray) -> None:
        """Keep a module's code. A full disk, or a folder that cannot be written, only means that it is not kept."""
        folder = self._folder / tag
        temporary = ""
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            temporary = str(folder / f".{key.hex()}-{os.getpid()}.tmp")
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
            with open(descriptor, "wb") as file:
                file.write(code)
            os.rename(temporary, folder / _name(key, len(code)))  # noqa: PTH104
            temporary = ""
            self._prune()
        except OSError:
            _forget(temporary)

    def _prune(self) -> None:
        """Take away the longest unused files, and what a process left half written a day ago."""
        files = sorted(self._files(), reverse=True)
        kept = 0
        for _, size, path in files:
            kept += size
            if kept > MOST_BYTES:
                _forget(path)

    def _files(self) -> Iterator[tuple[float, int, str]]:
        for folder in os.scandir(self._folder):
            if not folder.is_dir(follow_symlinks=False):
                continue
            for entry in os.scandir(folder):
                if entry.name.endswith((SUFFIX, ".tmp")) and entry.is_file(follow_symlinks=False):
                    found = entry.stat(follow_symlinks=False)
                    yield found.st_mtime, found.st_size, entry.path


def _name(key: bytes, size: int) -> str:
    return f"{key.hex()}-{size}{SUFFIX}"


def _is_private(found: os.stat_result, kind: int) -> bool:
    return stat.S_IFMT(found.st_mode) == kind and found.st_uid == os.getuid() and not found.st_mode & 0o022


def _forget(path: str) -> None:
    try:
        if path:
            os.unlink(path)  # noqa: PTH108
    except OSError:
        return  # another process took it away
