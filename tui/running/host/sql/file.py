"""One SQLite file as the gateway's database: statements with arguments, bounded in time, rows and size."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from pathlib import Path
from time import monotonic
from typing import Final

from tui.running.host.gojson import go_loads

MOST_ROWS: Final = 10_000  # of one query
MOST_BYTES: Final = 32 << 20  # of the rows of one query, as they come
MOST_PAGES: Final = 1 << 18  # of 4 KiB: a file of 1 GiB
LONGEST_SQL: Final = 1 << 20  # characters
_STEPS: Final = 20_000  # of SQLite's machine between two looks at the clock
_CONSTRAINT: Final = re.compile(r"(?:UNIQUE|PRIMARY KEY|NOT NULL|CHECK|FOREIGN KEY) constraint failed")
_WHOLE: Final = 2.0**63


@dataclass(frozen=True, slots=True)
class SqlError(Exception):
    """A statement that failed: the database's words, and the gateway's code for their class."""

    words: str
    code: str


@dataclass(frozen=True, slots=True)
class Changed:
    """What a statement changed."""

    rows_affected: int
    last_insert_id: int


def code_of(words: str) -> str:
    """The gateway's code for what a database says."""
    if _CONSTRAINT.search(words):
        return "CONSTRAINT_VIOLATION"
    if words == "interrupted":
        return "DEADLINE_EXCEEDED"
    if "too big" in words or "too large" in words:
        return "PAYLOAD_TOO_LARGE"
    return "UNAVAILABLE" if "locked" in words or "unable to open" in words else "INTERNAL"


def read_arguments(text: bytes) -> list[object] | None:
    """The arguments of a statement: a JSON array, none for no text; None for any other JSON."""
    if not text:
        return []
    try:
        found = go_loads(text)
    except ValueError:
        return None
    return found if isinstance(found, list) else [] if found is None else None


def bound(arguments: Sequence[object]) -> list[object]:
    """Arguments as they reach the database: every number went through a float64. Raises SqlError."""
    found: list[object] = []
    for value in arguments:
        if isinstance(value, bool):
            found.append(int(value))
        elif isinstance(value, int | float):
            number = float(value) if abs(value) < 1e308 else inf
            found.append(int(number) if number.is_integer() and abs(number) < _WHOLE else number)
        elif value is None or isinstance(value, str):
            found.append(value)
        else:
            raise SqlError("unsupported parameter type", "INVALID_ARGUMENT")
    return found


class Sql:
    """The file, opened when it is first needed; in memory where there is none."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._connection: sqlite3.Connection | None = None
        self._deadline = inf

    def close(self) -> None:
        """Let go of the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            where = str(self._file) if self._file is not None else ":memory:"
            try:
                self._connection = _prepared(sqlite3.connect(where, isolation_level=None, check_same_thread=False))
            except sqlite3.Error as error:
                raise SqlError(str(error), code_of(str(error))) from error
            self._connection.set_progress_handler(lambda: monotonic() > self._deadline, _STEPS)
        return self._connection

    def query(self, sql: str, arguments: Sequence[object], deadline: float) -> list[Mapping[str, object]]:
        """The rows of a statement that only reads, columns by name. Raises SqlError."""
        connection = self._open()
        connection.execute("PRAGMA query_only = ON")
        try:
            cursor = self._run(sql, arguments, deadline)
            return _rows(cursor)
        except sqlite3.Error as error:
            raise SqlError(str(error), code_of(str(error))) from error
        finally:
            connection.execute("PRAGMA query_only = OFF")

    def execute(self, sql: str, arguments: Sequence[object], deadline: float) -> Changed:
        """What a statement changes. Raises SqlError."""
        connection = self._open()
        before = connection.total_changes
        try:
            self._run(sql, arguments, deadline).close()
        except sqlite3.Error as error:
            raise SqlError(str(error), code_of(str(error))) from error
        last = connection.execute("SELECT last_insert_rowid()").fetchone()[0]
        return Changed(connection.total_changes - before, int(last))

    def raw(self, sql: str, arguments: Sequence[object]) -> list[tuple[object, ...]]:
        """Run a statement of ours with arguments as they are, bytes too; its rows. Raises SqlError."""
        try:
            return self._open().execute(sql, tuple(arguments)).fetchall()
        except sqlite3.Error as error:
            raise SqlError(str(error), code_of(str(error))) from error

    def script(self, text: str) -> None:
        """Run all statements of a file, a seed, in one transaction. Raises SqlError."""
        connection = self._open()
        try:
            connection.executescript(f"BEGIN;\n{text}\n;COMMIT;")
        except sqlite3.Error as error:
            self.control("ROLLBACK")
            raise SqlError(str(error), code_of(str(error))) from error

    def control(self, word: str) -> None:
        """BEGIN, COMMIT or ROLLBACK. A rollback of nothing is no fault. Raises SqlError for the others."""
        connection = self._open()
        if word == "ROLLBACK" and not connection.in_transaction:
            return
        try:
            connection.execute(word)
        except sqlite3.Error as error:
            raise SqlError(str(error), code_of(str(error))) from error

    def _run(self, sql: str, arguments: Sequence[object], deadline: float) -> sqlite3.Cursor:
        self._deadline = deadline
        try:
            return self._open().execute(sql.rstrip("; \t\r\n"), bound(arguments))
        except (sqlite3.Warning, ValueError, OverflowError, UnicodeEncodeError) as error:
            raise SqlError(str(error), "INVALID_ARGUMENT") from error


def _prepared(connection: sqlite3.Connection) -> sqlite3.Connection:
    """A connection that stays in its file: nothing is attached, nothing grows without an end."""
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    connection.setlimit(sqlite3.SQLITE_LIMIT_SQL_LENGTH, LONGEST_SQL)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MOST_BYTES)
    connection.execute(f"PRAGMA max_page_count = {MOST_PAGES}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA busy_timeout = 5000")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.text_factory = lambda octets: octets.decode("utf-8", "replace")
    return connection


def _rows(cursor: sqlite3.Cursor) -> list[Mapping[str, object]]:
    """All rows. Raises SqlError beyond the bounds."""
    names = [column[0] for column in cursor.description or ()]
    rows: list[Mapping[str, object]] = []
    size = 0
    for values in cursor:
        size += sum(len(value) if isinstance(value, str | bytes) else 8 for value in values)
        if len(rows) >= MOST_ROWS or size > MOST_BYTES:
            raise SqlError(f"result too large: more than {MOST_ROWS} rows or {MOST_BYTES} bytes", "PAYLOAD_TOO_LARGE")
        rows.append(dict(zip(names, values, strict=True)))
    return rows
