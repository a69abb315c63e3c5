"""The store in files: one JSON document a value, under the XDG homes.

Each is replaced by rename, through a descriptor of its folder; nothing is read or written through a link, and what is
no regular file of at most the table's size is not read.
"""

from __future__ import annotations

import atexit
import os
import re
import stat
import time
from _blake2 import blake2b  # what hashlib offers, without the 3 ms that loading OpenSSL costs every listing
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Final, TypeVar

from tui.files import FOLDER, is_there, keep_newest, open_own, replace_in, write_all
from tui.settings.store.store import ONE, Document, Found, Table
from tui.settings.xdg import cache_folder, state_folder

T = TypeVar("T")
LOCK_SECONDS: Final = 0.5
_LARGE: Final = 500  # values of a table
_SPARES: Final = 8  # files of one folder that are kept to be used again
_READABLE: Final = 40  # characters of a key that are kept in its file's name
_NOT_PLAIN: Final = re.compile(r"[^A-Za-z0-9_-]")
_NAMES: Final = re.compile(r"[A-Za-z0-9_-]{0,40}-[0-9a-f]{16}\.json")


def default_store() -> FileStore:
    """The store under the XDG homes of now."""
    get = os.environ.get  # asked for eight times by each of thousands of builds
    return _store_of(get("XDG_STATE_HOME"), get("XDG_CACHE_HOME"), get("HOME"))


@lru_cache(4)
def _store_of(*_: str | None) -> FileStore:
    """What the environment says with these variables."""
    return FileStore(state_folder(), cache_folder())


class FileStore:
    """Keeps each value in a file of its own: `HOME/TABLE/KEY.json`, or `HOME/TABLE.json` where there is one only."""

    def __init__(self, state: Path | str, cache: Path | str) -> None:
        self._homes = {"state": os.fspath(state), "cache": os.fspath(cache)}

    def path(self, table: Table[T], key: str) -> Path:
        """Where a value lies. It need not exist."""
        return Path(*self._place(table, key))

    def _place(self, table: Table[T], key: str) -> tuple[str, str]:
        """The same: the folder, and the name in it."""
        home = self._homes[table.home]
        return (home, f"{table.name}.json") if key == ONE else (f"{home}/{table.name}", file_name(key))

    def read(self, table: Table[T], key: str) -> Found[T]:
        """The value under a key; a sentence where what lies there is none."""
        where, name = self._place(table, key)
        try:
            with _closing(os.open(where, FOLDER | os.O_NOFOLLOW)) as folder:
                return self._read_in(folder, where, name, table)
        except FileNotFoundError:
            return Found()
        except OSError as error:
            return Found(problem=f"cannot read {table.what} {where}/{name}: {error.strerror or error}")

    def _read_in(self, folder: int, where: str, name: str, table: Table[T]) -> Found[T]:
        """The same from an open folder, which is called `where`."""
        path = f"{where}/{name}"
        try:
            content = _read(folder, name, table.most_bytes)
        except FileNotFoundError:
            return Found()
        except OSError as error:
            return Found(problem=f"cannot read {table.what} {path}: {error.strerror or error}")
        document = None if content is None else _document(content)
        if document is None:
            return Found(problem=f"{table.what} {path} is damaged and was left out")
        if document.get("version", table.unversioned) != table.version:
            return Found(problem=f"{table.what} {path} has another format and was left out")
        value = table.decode(document)
        return Found(value, None if value is not None else f"{table.what} {path} is damaged and was left out")

    def write(self, table: Table[T], key: str, value: T) -> str | None:
        """Replace a value, whole or not at all."""
        where = self._place(table, key)[0] if table.passing else None

        def write_it(folder: int, name: str) -> None:
            _put(folder, name, table, _bytes(table, key, value), where)

        return self._within(table, key, write_it)

    def update(self, table: Table[T], key: str, change: Callable[[T | None], T]) -> str | None:
        """Replace a value by what `change` makes of it, under the table's lock."""

        def change_it(folder: int, name: str) -> None:
            with _locked(folder, f".{table.name}.lock" if key == ONE else ".lock"):
                known = self._read_in(folder, self._place(table, key)[0], name, table)
                _put(folder, name, table, _bytes(table, key, change(known.value)))

        try:
            return self._within(table, key, change_it)
        except _LockedError:
            return f"{table.what} in {self._place(table, key)[0]} is locked by another program; this was not kept"

    def _within(self, table: Table[T], key: str, work: Callable[[int, str], None]) -> str | None:
        """Write in a table's folder, and keep that bounded; the sentence of what went wrong."""
        where, name = self._place(table, key)
        try:
            with _closing(open_own(where)) as folder:
                is_new = key != ONE and not is_there(folder, name)
                work(folder, name)
            if is_new and _is_turn(name, table.most_entries):
                keep_newest(where, _NAMES, table.most_entries)
        except OSError as error:
            return f"cannot keep {table.what} in {where}: {error.strerror or error}"
        return None

    def forget(self, table: Table[T], key: str) -> str | None:
        """Remove a value."""
        where, name = self._place(table, key)
        try:
            with _closing(os.open(where, FOLDER | os.O_NOFOLLOW)) as folder:
                if not table.passing or not _spares.keep(where, folder, name):
                    os.unlink(name, dir_fd=folder)
        except FileNotFoundError:
            return None
        except OSError as error:
            return f"cannot remove {table.what} {where}/{name}: {error.strerror or error}"
        return None


def _put(folder: int, name: str, table: Table[T], content: bytes, where: str | None = None) -> None:
    """`where`: what the folder is called, if its files are used again."""
    if where is None or not _spares.use(where, folder, name, content):
        replace_in(folder, name, content, 0o600, durable=table.durable)


@lru_cache(256)
def file_name(key: str) -> str:
    """The name of a key's file: its last part as far as it is plain, and a digest of all of it."""
    last = key.rstrip("/").rpartition("/")[2]
    readable = _NOT_PLAIN.sub("_", last)[:_READABLE]
    return f"{readable}-{blake2b(os.fsencode(key), digest_size=16).hexdigest()[:16]}.json"


def _is_turn(name: str, most: int) -> bool:
    """Whether a table is to be kept bounded at this new value: of a large one, which takes long to look through, at
    every sixteenth.
    """
    return most < _LARGE or name.removesuffix(".json").endswith("0")


class _Spares:
    """Files of values that were forgotten, kept to be used for others: to make one and remove it again for each of
    thousands of builds can take a file system most of what a build costs. They are values that nobody asks for, so that
    those of a process that was killed are removed with the oldest.
    """

    def __init__(self) -> None:
        self._process = 0
        self._names: dict[str, list[str]] = {}  # folder -> names in it
        self._numbers = count()

    def keep(self, where: str, folder: int, name: str) -> bool:
        """Keep a file under another name; whether there is room for it. Raises OSError."""
        if self._process != os.getpid():  # those of another process are not ours
            self._process, self._names = os.getpid(), {}
            atexit.unregister(self.remove)
            atexit.register(self.remove)
        names = self._names.setdefault(where, [])
        if len(names) >= _SPARES:
            return False
        spare = file_name(f"spare/{self._process}-{next(self._numbers)}")
        os.rename(name, spare, src_dir_fd=folder, dst_dir_fd=folder)
        names.append(spare)
        return True

    def use(self, where: str, folder: int, name: str, content: bytes) -> bool:
        """Put a value in place, as a whole; whether there was a file for it."""
        try:
            spare = self._names[where].pop() if self._process == os.getpid() else None
        except (KeyError, IndexError):
            spare = None
        if spare is None:
            return False
        try:
            _fill(folder, spare, content)
            os.rename(spare, name, src_dir_fd=folder, dst_dir_fd=folder)
        except OSError:  # it has gone, or the disk is full: a new one is made, or tells
            with suppress(OSError):
                os.unlink(spare, dir_fd=folder)
            return False
        return True

    def remove(self) -> None:
        """At the end of the process."""
        if self._process == os.getpid():
            for where, names in self._names.items():
                for name in names:
                    with suppress(OSError):
                        Path(where, name).unlink()
            self._names.clear()


def _fill(folder: int, name: str, content: bytes) -> None:
    """Give a file of ours another content. Raises OSError, also where it is not what it was made as."""
    descriptor = os.open(name, os.O_WRONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
    with _closing(descriptor):
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_nlink != 1:
            raise OSError(22, "somebody has put something else in its place", name)
        os.ftruncate(descriptor, 0)
        write_all(descriptor, content)


_spares: Final = _Spares()


class _LockedError(Exception):
    """Another program holds the lock for too long."""


@contextmanager
def _closing(descriptor: int) -> Iterator[int]:
    """The descriptor, closed after."""
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _read(folder: int, name: str, most: int) -> bytes | None:
    """The bytes of a regular file; None where it has more than `most`. Raises `OSError`."""
    descriptor = os.open(name, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
    with _closing(descriptor):
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(22, "it is no regular file", name)
        with open(descriptor, "rb", closefd=False) as file:
            content = file.read(most + 1)
    return content if len(content) <= most else None


def _document(content: bytes) -> Document | None:
    import json

    try:
        read = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return read if isinstance(read, dict) else None


def _bytes(table: Table[T], key: str, value: T) -> bytes:
    """A value as it is written down. Raises `OSError` where that is more than would be read again."""
    import json

    named = {} if key == ONE else {"key": key}  # for a person who looks
    content = json.dumps({"version": table.version, **named, **table.encode(value)}).encode()
    if len(content) > table.most_bytes:
        raise OSError(27, f"it has more than {table.most_bytes:,} bytes")
    return content


@contextmanager
def _locked(folder: int, name: str) -> Iterator[None]:
    """Hold a lock meanwhile. Raises _LockedError, and `OSError` where there can be none."""
    import fcntl

    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    descriptor = os.open(name, flags, 0o600, dir_fd=folder)
    deadline = time.monotonic() + LOCK_SECONDS
    try:
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise _LockedError from None
                time.sleep(0.01)
            except OSError:
                break  # a file system without locks: the replacement is still atomic
        yield
    finally:
        os.close(descriptor)
