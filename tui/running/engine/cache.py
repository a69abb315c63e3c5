"""Compiled code on disk: one file a module, in a folder of its own that nobody else can write.

Native code is mapped and run as it lies there, so nothing is taken that is not this user's own. A file is written
beside its place and renamed into it, and never written again: another process may have it mapped.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tui.files import open_own, replace_in

MOST_BYTES: Final = 512 << 20  # of all files together; the longest unused go first
SUFFIX: Final = ".cwasm"
_OURS: Final = re.compile(r"[0-9a-f]+-\d+\.cwasm|\.[0-9a-f]+-\d+\.cwasm\.[0-9a-f]+\.tmp")  # whole, and half written


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
        try:
            folder = open_own(self._folder / tag)
            try:
                replace_in(folder, _name(key, len(code)), code, 0o600, durable=False)
            finally:
                os.close(folder)
            self._prune()
        except OSError:
            return

    def _prune(self) -> None:
        """Take away the longest unused files, and what a process left half written a day ago."""
        files = sorted(self._files(), reverse=True)
        kept = 0
        for _, size, path in files:
            kept += size
            if kept > MOST_BYTES:
                _forget(path)

    def _files(self) -> Iterator[tuple[float, int, str]]:
        if self._folder.is_symlink():
            return
        for folder in os.scandir(self._folder):
            if not folder.is_dir(follow_symlinks=False):
                continue
            for entry in os.scandir(folder):
                if _OURS.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
                    found = entry.stat(follow_symlinks=False)
                    yield found.st_mtime, found.st_size, entry.path


def _name(key: bytes, size: int) -> str:
    return f"{key.hex()}-{size}{SUFFIX}"


def _is_private(found: os.stat_result, kind: int) -> bool:
    return stat.S_IFMT(found.st_mode) == kind and found.st_uid == os.getuid() and not found.st_mode & 0o022


def _forget(path: str) -> None:
    try:
        os.unlink(path)  # noqa: PTH108
    except OSError:
        return  # another process took it away
