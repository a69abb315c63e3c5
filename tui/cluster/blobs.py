"""Files that a worker was sent, by the digest of their content: each is sent to it once, as long as there is room."""

from __future__ import annotations

import os
from _blake2 import blake2b
from collections import OrderedDict
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

from tui.cluster.orders import SentFile
from tui.files import NEW, write_all, write_new

ROOM: Final = 2 << 30  # bytes that are kept; what running builds need is kept beyond
SMALL: Final = 64 << 10  # bytes of a file that is kept in memory: most sources
SMALL_ROOM: Final = 64 << 20  # bytes of all of them
_CHUNK: Final = 1 << 20


class BlobError(Exception):
    """What came is not what was announced."""


class Blobs:
    """The files, in an open folder of the worker's own. For use from threads, one call at a time for each digest."""

    def __init__(self, folder: int, room: int = ROOM, small_room: int = SMALL_ROOM) -> None:
        self._folder = folder
        self._room = room
        self._small_room = small_room
        self._small: OrderedDict[str, bytes] = OrderedDict()  # used longest ago first
        self._small_total = 0
        self._known: OrderedDict[str, int] = OrderedDict()  # digest -> size, used longest ago first
        self._total = 0
        self._pinned: dict[str, int] = {}
        self._parts: set[str] = set()  # digests of which a beginning is here

    def missing(self, files: Iterable[SentFile]) -> list[str]:
        """The digests of those that are not here, each once."""
        return list(dict.fromkeys(file.digest for file in files if not self._has(file.digest)))

    def _has(self, digest: str) -> bool:
        return digest in self._small or digest in self._known

    @contextmanager
    def pinned(self, files: Collection[SentFile]) -> Iterator[None]:
        """Meanwhile none of these is dropped."""
        for file in files:
            self._pinned[file.digest] = self._pinned.get(file.digest, 0) + 1
        try:
            yield
        finally:
            for file in files:
                self._pinned[file.digest] -= 1
                if not self._pinned[file.digest]:
                    del self._pinned[file.digest]
            self._make_room()

    def is_pinned(self, digest: str) -> bool:
        """Whether somebody needs it now."""
        return digest in self._pinned

    def put(self, digest: str, offset: int, content: bytes, *, last: bool) -> None:
        """Take a piece of a file, in order; with the last one it is here. Raises BlobError, OSError."""
        _check_name(digest)
        if self._has(digest):
            return
        if offset == 0 and last and len(content) <= SMALL:
            self.put_small(digest, content)
            return
        part = f"{digest}.part"
        if offset == 0:
            with suppress(FileNotFoundError):
                os.unlink(part, dir_fd=self._folder)
        self._parts.add(digest)
        flags = NEW if offset == 0 else os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(part, flags, 0o600, dir_fd=self._folder)
        try:
            if os.lseek(descriptor, 0, os.SEEK_END) != offset:
                raise BlobError(f"a piece of {digest} is missing")
            write_all(descriptor, content)
        finally:
            os.close(descriptor)
        if last:
            self._take_in(digest, part)

    def put_small(self, digest: str, content: bytes) -> None:
        """Take a small file as a whole. Raises BlobError."""
        if (found := blake2b(content, digest_size=16).hexdigest()) != digest:
            raise BlobError(f"what was sent as {digest} is {found}")
        if digest not in self._small:
            self._small[digest] = content
            self._small_total += len(content)

    def _take_in(self, digest: str, part: str) -> None:
        descriptor = os.open(part, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=self._folder)
        hashed, size = blake2b(digest_size=16), 0
        try:
            while chunk := os.read(descriptor, _CHUNK):
                hashed.update(chunk)
                size += len(chunk)
        finally:
            os.close(descriptor)
        if hashed.hexdigest() != digest:
            os.unlink(part, dir_fd=self._folder)
            raise BlobError(f"what was sent as {digest} is {hashed.hexdigest()}")
        os.rename(part, digest, src_dir_fd=self._folder, dst_dir_fd=self._folder)
        self._parts.discard(digest)
        self._known[digest] = size
        self._total += size

    def copy_to(self, digest: str, folder: int, name: str) -> None:
        """A copy of a file that is here, in an open folder. Raises OSError."""
        small = self._small.get(digest)
        if small is not None:
            self._small.move_to_end(digest)
            write_new(name, small, 0o644, folder)
            return
        self._known.move_to_end(digest)
        source = os.open(digest, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=self._folder)
        try:
            target = os.open(name, NEW, 0o644, dir_fd=folder)
            try:
                while chunk := os.read(source, _CHUNK):
                    write_all(target, chunk)
            finally:
                os.close(target)
        finally:
            os.close(source)

    def _make_room(self) -> None:
        """Drop what was used longest ago."""
        for digest in self._parts - self._pinned.keys():
            self._parts.discard(digest)  # whoever asked for it is gone, and the rest will not come
            with suppress(FileNotFoundError):
                os.unlink(f"{digest}.part", dir_fd=self._folder)
        for digest in list(self._small) if self._small_total > self._small_room else ():
            if self._small_total <= self._small_room:
                break
            if digest not in self._pinned:
                self._small_total -= len(self._small.pop(digest))
        for digest in list(self._known) if self._total > self._room else ():
            if self._total <= self._room:
                return
            if digest in self._pinned:
                continue
            os.unlink(digest, dir_fd=self._folder)
            self._total -= self._known.pop(digest)


def _check_name(digest: str) -> None:
    if len(digest) != 32 or not set(digest) <= set("0123456789abcdef"):
        raise BlobError("no digest")
