"""Files already read: digest and build facts by (size, mtime, inode), so that looking again costs a stat.

In memory for a session; the digests of large files (embedded models, archives) are also kept under XDG cache.
"""

from __future__ import annotations

import os
import stat
import time
from _blake2 import blake2b  # what hashlib offers, without the 3 ms that loading OpenSSL costs every listing
from pathlib import Path
from typing import Final, NamedTuple

from tui.building.inputs.gofiles import GoFile, read_go_file

LARGE: Final = 256 * 1024  # bytes from which on a digest is worth keeping on disk
KEPT: Final = 2_000  # digests on disk
# A file changed within this time of being read may change again within the same time stamp: it is read again.
SETTLED_NS: Final = 50_000_000
_CHUNK: Final = 1 << 20

StatKey = tuple[int, int, int]  # size, mtime_ns, inode


class SourceFile(NamedTuple):
    """One file as it was read."""

    digest: str  # hex, of the content
    modified: float  # POSIX time
    go: GoFile | None = None  # for .go files


class SourceCache:
    """Reads files once for as long as their stat does not change. Not for use from two threads at once."""

    def __init__(self, store: Path | None = None) -> None:
        """`store` is the JSON file of large digests; None keeps nothing on disk."""
        self._store = store
        self._known: dict[str, tuple[StatKey, SourceFile]] = {}
        self._digests: dict[str, list[object]] | None = None
        self._dirty = False

    def read(self, path: Path) -> SourceFile | None:
        """The file's digest and facts, or None where it cannot be read (or is no regular file)."""
        name = os.fspath(path)
        try:
            status = path.stat()
            if not stat.S_ISREG(status.st_mode):
                return None  # a pipe would wait for a writer
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
        with open(name, "rb") as file:
            content = file.read()
        go = read_go_file(content) if name.endswith(".go") else None
        return SourceFile(digest_of(content), modified, go)

    def _large_digest(self, name: str, key: StatKey) -> str:
        digests = self._stored()
        entry = digests.get(name)
        if entry is not None and entry[:3] == list(key) and isinstance(entry[3], str):
            return entry[3]
        hashed = blake2b(digest_size=16)
        with open(name, "rb") as file:
            while chunk := file.read(_CHUNK):
                hashed.update(chunk)
        digests.pop(name, None)
        digests[name] = [*key, hashed.hexdigest()]
        self._dirty = True
        return hashed.hexdigest()

    def _stored(self) -> dict[str, list[object]]:
        if self._digests is None:
            self._digests = _load(self._store) if self._store is not None else {}
        return self._digests

    def save(self) -> str | None:
        """Write the large digests down; the sentence of what went wrong, if anything. Losing them costs time only."""
        if self._store is None or not self._dirty or self._digests is None:
            return None
        import json

        from tui.files import replace_file

        kept = dict(list(self._digests.items())[-KEPT:])
        self._dirty = False
        return replace_file(self._store, json.dumps({"version": 1, "digests": kept}).encode())


def _load(store: Path) -> dict[str, list[object]]:
    """The digests on disk; empty where there are none, or where the file is not one of ours."""
    import json

    try:
        read = json.loads(store.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    digests = read.get("digests") if isinstance(read, dict) and read.get("version") == 1 else None
    if not isinstance(digests, dict):
        return {}
    return {name: entry for name, entry in digests.items() if isinstance(entry, list) and len(entry) == 4}


def digest_of(content: bytes) -> str:
    """The digest that fingerprints are made of: BLAKE2b, 16 bytes, in hex."""
    return blake2b(content, digest_size=16).hexdigest()


def default_cache() -> SourceCache:
    """A cache whose large digests lie under XDG cache."""
    from tui.settings.xdg import cache_home

    return SourceCache(cache_home() / "digests.json")
