"""The store in one SQLite database: for many small values that are read and written together.

It holds only what can be made again. A database that is damaged or of another format is made anew; one that is locked,
full or cannot be had is done without, and a sentence says so. Two programs may use one at a time.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final, TypeVar

from tui.files import keep_newest, open_own
from tui.settings.store.store import Document, Found, Table

T = TypeVar("T")
FORMAT: Final = 1
BUSY_SECONDS: Final = 0.25  # how long another program's transaction is waited for
LARGEST: Final = 192 << 20  # bytes of one database; at more, the half that was written longest ago goes
DATABASES: Final = 50  # in one folder; the ones used longest ago go
NAMES: Final = re.compile(r".*\.sqlite3(?:-wal|-shm)?")
_PAGE: Final = 4096
_SCHEMA: Final = (
    "CREATE TABLE kept (name TEXT NOT NULL, key BLOB NOT NULL, version INTEGER NOT NULL, at INTEGER NOT NULL, "
    "value BLOB NOT NULL, PRIMARY KEY (name, key))"
)
_READ: Final = "SELECT version, CASE WHEN length(value) <= ? THEN value END FROM kept WHERE name = ? AND key = ?"
_READ_ALL: Final = "SELECT key, version, value FROM kept WHERE name = ? AND length(value) <= ?"
_WRITE: Final = "INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?, ?)"
_IS_THERE: Final = "SELECT 1 FROM kept WHERE name = ? AND key = ?"
_OLDER_HALF: Final = (
    "DELETE FROM kept WHERE at <= (SELECT at FROM kept ORDER BY at LIMIT 1 OFFSET (SELECT count(*) / 2 FROM kept))"
)
# What says nothing of the database itself: it stays as it is, and this time is done without it.
_PASSING: Final = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_FULL", "SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_IOERR",
                   "SQLITE_PERM", "SQLITE_AUTH", "SQLITE_NOMEM", "SQLITE_INTERRUPT", "SQLITE_PROTOCOL")  # fmt: skip


class Database:
    """Values in a database of fn-tui's own. For one thread at a time; nothing is opened before it is needed."""

    def __init__(self, path: Path) -> None:
        """`path` need not exist; its folder is made (mode 700) when something is written."""
        self.path = path
        self._connection: sqlite3.Connection | None = None
        self._deadline = 0.0
        self._loaded: dict[str, dict[bytes, tuple[object, object]]] = {}
        self._obstacle: str | None = None  # why it is done without, once that is so

    def read(self, table: Table[T], key: str) -> Found[T]:
        """The value under a key; nothing where there is no database."""
        loaded = self._loaded.get(table.name)
        if loaded is not None:
            return self._found(table, loaded.get(_bytes(key)))
        if self._connection is None and not os.path.lexists(self.path):
            return Found()
        found: list[Any] = []

        def look(connection: sqlite3.Connection) -> None:
            found.extend(connection.execute(_READ, (table.most_bytes, table.name, _bytes(key))).fetchall())

        problem = self._do(look)
        return self._found(table, found[0] if found else None) if problem is None else Found(problem=problem)

    def _found(self, table: Table[T], row: tuple[object, object] | None) -> Found[T]:
        """What a row holds."""
        if row is None:
            return Found()
        document = _document(row[1]) if row[0] == table.version else None
        value = table.decode(document) if document is not None else None
        return Found(value, None if value is not None else f"{table.what} in {self.path} is of another kind")

    def load(self, table: Table[Any]) -> None:
        """Read all values of a table now, in a fraction of the time that one by one takes."""
        if table.name in self._loaded:
            return
        loaded = self._loaded[table.name] = {}
        if self._connection is None and not os.path.lexists(self.path):
            return

        def look(connection: sqlite3.Connection) -> None:
            for key, version, value in connection.execute(_READ_ALL, (table.name, table.most_bytes)):
                loaded[key] = (version, value)

        self._do(look)

    def unload(self) -> None:
        """Read values one by one from now on: another program may have written some."""
        self._loaded.clear()

    def write_all(self, values: Iterable[tuple[Table[Any], str, Any]]) -> str | None:
        """Replace many values in one transaction, all or none; the sentence of what went wrong."""
        now = time.time_ns()
        self._loaded.clear()
        rows = [(table.name, _bytes(key), table.version, now, _content(table, value)) for table, key, value in values]
        return self._do(lambda connection: _put(connection, rows))

    def close(self) -> None:
        """Let go of the file. What is asked later opens it again."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _do(self, work: Callable[[sqlite3.Connection], None]) -> str | None:
        """Do some work in one transaction; where the database is no good, once more in a new one."""
        if self._obstacle is None:
            try:
                self._obstacle = self._attempt(work)
            except sqlite3.Error:
                self.close()
                self._obstacle = self._anew(work)
        return self._obstacle

    def _anew(self, work: Callable[[sqlite3.Connection], None]) -> str | None:
        """Do the work in a new database; the sentence of what stands in the way."""
        try:
            remove(self.path)
            return self._attempt(work)
        except (sqlite3.Error, OSError) as error:
            self.close()
            return f"cannot use the database {self.path}: {error}"

    def _attempt(self, work: Callable[[sqlite3.Connection], None]) -> str | None:
        """The sentence of what stands in the way for now. Raises sqlite3.Error where the database is no good."""
        try:
            if self._connection is None:
                self._connection = _opened(self.path, self._is_late)
            self._deadline = time.monotonic() + 20 * BUSY_SECONDS
            with self._connection:
                work(self._connection)
        except OSError as error:
            return f"cannot use the database {self.path}: {error.strerror or error}"
        except UnicodeDecodeError as error:  # SQLite quotes what it finds damaged, and Python reads that as UTF-8
            self.close()
            raise sqlite3.DatabaseError("it is damaged") from error
        except sqlite3.Error as error:
            if not getattr(error, "sqlite_errorname", "").startswith(_PASSING):
                raise
            self.close()
            return f"cannot use the database {self.path} now: {error}"
        return None

    def _is_late(self) -> bool:
        """Whether a statement takes longer than any of ours: what a hostile file has it do is given up."""
        return time.monotonic() > self._deadline


def remove(path: Path) -> None:
    """Remove a database with the files that SQLite keeps beside it. Raises OSError."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _opened(path: Path, is_late: Callable[[], bool]) -> sqlite3.Connection:
    """A connection to the database, which is made where it is missing. Raises sqlite3.Error and OSError."""
    os.close(_own_file(path))
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, check_same_thread=False, isolation_level="IMMEDIATE")
    try:
        _prepare(connection, is_late)
    except (sqlite3.Error, UnicodeDecodeError):
        connection.close()
        raise
    return connection


def _own_file(path: Path) -> int:
    """A descriptor of the database's file, made (mode 600) where it is missing. Raises OSError, also for a link."""
    folder = open_own(path.parent)
    try:
        is_new = not os.path.lexists(path)
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        descriptor = os.open(path.name, flags, 0o600, dir_fd=folder)
    finally:
        os.close(folder)
    os.utime(descriptor)  # its age is when it was last used
    if is_new:
        keep_newest(path.parent, NAMES, DATABASES)
    return descriptor


def _prepare(connection: sqlite3.Connection, is_late: Callable[[], bool]) -> None:
    """Settings of a connection, and the one table. Raises sqlite3.Error, where the file is of another format too."""
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = OFF")  # what a power cut leaves is made anew where it is damaged
    connection.execute(f"PRAGMA max_page_count = {LARGEST // _PAGE}")
    found = connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL").fetchmany(2)
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if not found and not version:
        with connection:
            connection.execute(_SCHEMA.replace("TABLE", "TABLE IF NOT EXISTS", 1))
            connection.execute(f"PRAGMA user_version = {FORMAT}")
    elif found != [(_SCHEMA,)] or version != FORMAT:
        raise sqlite3.DatabaseError("it has another format")
    connection.set_progress_handler(is_late, 100_000)


def _put(connection: sqlite3.Connection, rows: list[tuple[str, bytes, int, int, bytes]]) -> None:
    """Write rows, and keep the whole bounded."""
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    (free,) = connection.execute("PRAGMA freelist_count").fetchone()
    needed = sum(len(row[4]) for row in rows) // _PAGE
    if pages - free + needed > LARGEST // _PAGE * 0.9:
        connection.execute(_OLDER_HALF)
    connection.executemany(_WRITE, rows)
    for name, key, *_ in rows:
        if connection.execute(_IS_THERE, (name, key)).fetchone() is None:
            raise sqlite3.DatabaseError("it is damaged")  # pages that lead elsewhere: nothing else tells of them


def _bytes(key: str) -> bytes:
    return os.fsencode(key)


def _content(table: Table[T], value: T) -> bytes:
    return json.dumps(table.encode(value), separators=(",", ":")).encode()


def _document(content: object) -> Document | None:
    """A value as it lies there; None where it is too large or is none."""
    if not isinstance(content, bytes):
        return None
    try:
        read = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return read if isinstance(read, dict) else None
