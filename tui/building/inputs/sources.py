"""Files already read: digest and build facts by (size, mtime, inode), so that looking again costs a stat.

In memory for a session; the digests of large files (embedded models, archives) are also kept under XDG cache.
"""

from __future__ import annotations

import os
import stat
import time
from _blake2 import blake2b  # what hashlib offers, without the 3 ms that loading OpenSSL costs every listing
from pathlib import Path
from typing import Final

from tui.building.inputs.gofiles import GoFile, read_go_file
from tui.facts import Fact
from tui.reading import open_regular, read_descriptor
from tui.settings.store.files import default_store
from tui.settings.store.store import ONE, Document, Store, Table

LARGE: Final = 256 * 1024  # bytes from which on a digest is worth keeping on disk
KEPT: Final = 2_000  # digests on disk
# A file changed within this time of being read may change again within the same time stamp: it is read again.
SETTLED_NS: Final = 50_000_000
_CHUNK: Final = 1 << 20
GO_READ: Final = 64 << 20  # bytes of one Go file in which imports and embeds are looked for
HASHED: Final = 1 << 30  # bytes of one file: no module holds more

Digests = dict[str, list[object]]  # path -> size, mtime_ns, inode, digest
StatKey = tuple[int, int, int]  # size, mtime_ns, inode


class SourceFile(Fact):
    """One file as it was read."""

    digest: str  # hex, of the content
    modified: float  # POSIX time
    go: GoFile | None = None  # for .go files


class SourceCache:
    """Reads files once for as long as their stat does not change. Not for use from two threads at once."""

    def __init__(self, store: Store | None = None) -> None:
        """`store` keeps the digests of large files; None keeps nothing on disk."""
        self._store = store
        self._known: dict[str, tuple[StatKey, SourceFile]] = {}
        self._digests: Digests | None = None
        self._dirty = False

    def read(self, path: Path) -> SourceFile | None:
        """The file's digest and facts, or None where it cannot be read (or is no regular file)."""
        name = os.fspath(path)
        try:
            status = path.stat()
            if not stat.S_ISREG(status.st_mode):
                return None  # nor is it opened
            key = (status.st_size, status.st_mtime_ns, status.st_ino)
            known = self._known.get(name)
            if known is not None and known[0] == key:
                return known[1]
            found = self._read(name, key)
        except (OSError, ValueError):
            self._known.pop(name, None)
            return None
        if time.time_ns() - key[1] > SETTLED_NS:
            self._known[name] = (key, found)
        return found

    def _read(self, name: str, key: StatKey) -> SourceFile:
        modified = key[1] / 1e9
        if key[0] >= LARGE and not name.endswith(".go"):
            return SourceFile(self._large_digest(name, key), modified)
        descriptor = open_regular(name)
        try:
            content = read_descriptor(descriptor, GO_READ)
            digest = _digest_on(descriptor, blake2b(content, digest_size=16))
        finally:
            os.close(descriptor)
        return SourceFile(digest, modified, read_go_file(content) if name.endswith(".go") else None)

    def _large_digest(self, name: str, key: StatKey) -> str:
        digests = self._stored()
        entry = digests.get(name)
        if entry is not None and entry[:3] == list(key) and isinstance(entry[3], str):
            return entry[3]
        descriptor = open_regular(name)
        try:
            digest = _digest_on(descriptor, blake2b(digest_size=16))
        finally:
            os.close(descriptor)
        digests.pop(name, None)
        digests[name] = [*key, digest]
        self._dirty = True
        return digest

    def _stored(self) -> Digests:
        if self._digests is None:
            self._digests = dict(self._store.read(DIGESTS, ONE).value or {}) if self._store is not None else {}
        return self._digests

    def save(self) -> str | None:
        """Write the large digests down; the sentence of what went wrong, if anything. Losing them costs time only."""
        if self._store is None or not self._dirty or self._digests is None:
            return None
        self._dirty = False
        return self._store.write(DIGESTS, ONE, self._digests)


def _digests(document: Document) -> Digests | None:
    digests = document.get("digests")
    if not isinstance(digests, dict):
        return None
    return {name: entry for name, entry in digests.items() if _is_digest(entry)}


def _is_digest(entry: object) -> bool:
    """Whether it is a file's key (three whole numbers) and the digest that it had then."""
    return isinstance(entry, list) and [type(part) for part in entry] == [int, int, int, str]


DIGESTS: Final[Table[Digests]] = Table(
    name="digests",
    version=1,
    encode=lambda digests: {"digests": dict(list(digests.items())[-KEPT:])},
    decode=_digests,
    what="the digests of large files",
)


def _digest_on(descriptor: int, hashed: blake2b) -> str:
    """The digest of what was hashed and of the file's rest, up to what a module can hold; beyond, of its time too."""
    left = HASHED
    while left > 0 and (chunk := os.read(descriptor, _CHUNK)):
        hashed.update(chunk)
        left -= len(chunk)
    status = os.fstat(descriptor)
    if status.st_size > HASHED:
        hashed.update(f"{status.st_size} {status.st_mtime_ns}".encode())
    return hashed.hexdigest()


def digest_of(content: bytes | memoryview) -> str:
    """The digest that fingerprints are made of: BLAKE2b, 16 bytes, in hex."""
    return blake2b(content, digest_size=16).hexdigest()


def default_cache() -> SourceCache:
    """A cache whose large digests are kept between runs."""
    return SourceCache(default_store())
