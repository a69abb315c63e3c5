"""Compiled code on disk: one file a module, in a folder of its own that nobody else can write.

Native code is mapped and run as it lies there, so nothing is taken that is not this user's own. A file is written
beside its place and renamed into it, and never written again: another process may have it mapped.
"""

from __future__ import annotations

import os
import re
import stat
from _blake2 import blake2b  # as in the store: hashlib loads OpenSSL for it
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tui.files import open_own, plausible, replace_in
from tui.reading import read_whole

MOST_BYTES: Final = 512 << 20  # of all files together; the longest unused go first
MOST_OUTLINE: Final = 4 << 20
SUFFIX: Final = ".cwasm"
OUTLINE: Final = ".outline"
# Whole, and half written.
_OURS: Final = re.compile(r"[0-9a-f]+(-\d+\.cwasm|\.outline)|\.[0-9a-f]+(-\d+\.cwasm|\.outline)\.[0-9a-f]+\.tmp")


def code_key(source: bytes) -> bytes:
    """What a module's code is kept by: the hash of its file."""
    return blake2b(source, digest_size=32).digest()


class CodeCache:
    """The compiled modules under one folder. Whatever fails here costs a compilation, never a run."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find(self, tag: str, key: bytes) -> str | None:
        """The path of a module's code, where it is there and this user's own."""
        folder = self._folder / tag
        try:
            names = [name for name in os.listdir(folder) if name.startswith(f"{key.hex()}-")]  # noqa: PTH208
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

    def outline(self, tag: str, key: bytes) -> bytes | None:
        """What was kept beside a module's code, where it is this user's own."""
        path = self._folder / tag / f"{key.hex()}{OUTLINE}"
        try:
            if not _is_private(os.lstat(path), stat.S_IFREG):
                return None
            return read_whole(path, MOST_OUTLINE)
        except OSError:
            return None

    def store(self, tag: str, key: bytes, code: bytes | bytearray) -> None:
        """Keep a module's code. A full disk, or a folder that cannot be written, only means that it is not kept."""
        self._put(tag, _name(key, len(code)), code)

    def store_outline(self, tag: str, key: bytes, outline: bytes) -> None:
        """Keep what is read beside a module's code, as the code is kept."""
        if len(outline) <= MOST_OUTLINE:
            self._put(tag, f"{key.hex()}{OUTLINE}", outline)

    def _put(self, tag: str, name: str, content: bytes | bytearray) -> None:
        try:
            folder = open_own(self._folder / tag)
            try:
                replace_in(folder, name, content, 0o600, durable=False)
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
                    yield plausible(found.st_mtime), found.st_size, entry.path


def _name(key: bytes, size: int) -> str:
    return f"{key.hex()}-{size}{SUFFIX}"


def _is_private(found: os.stat_result, kind: int) -> bool:
    return stat.S_IFMT(found.st_mode) == kind and found.st_uid == os.getuid() and not found.st_mode & 0o022


def _forget(path: str) -> None:
    try:
        os.unlink(path)  # noqa: PTH108
    except OSError:
        return  # another process took it away
