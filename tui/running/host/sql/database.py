"""db_query, db_execute and their second versions: one statement a call."""

from __future__ import annotations

from collections.abc import Mapping
from time import monotonic
from typing import Final

from tui.running.host.gojson import go_json
from tui.running.host.seam import HostFunction, Invocation
from tui.running.host.sql.file import Changed, Sql, SqlError, read_arguments
from tui.running.host.sql.gonumber import NotJsonError, go_rows
from tui.running.host.sql.guard import refusal

SECONDS: Final = 10.0  # that one statement may take


def until(invocation: Invocation) -> float:
    """When a statement that begins now is interrupted, as time.monotonic() counts."""
    return min(invocation.deadline, monotonic() + SECONDS)


def host_words(name: str, cause: str) -> str:
    """A failure as the gateway writes it into an envelope."""
    return f"host function '{name}' error: {cause}"


class Database:
    """The calls that take one statement. A refusal of the guard, bad arguments, no namespace: 0, nothing runs."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    def calls(self) -> Mapping[str, HostFunction]:
        """The calls by name."""
        return {
            "db_query": self._query,
            "db_query_v2": self._query_v2,
            "db_execute": self._execute,
            "db_execute_v2": self._execute_v2,
        }

    def _query(self, invocation: Invocation, sql: bytes, arguments: bytes) -> bytes:
        """The rows; `null` for none; nothing for any failure."""
        taken = _taken(invocation, sql, arguments)
        if taken is None:
            return b""
        try:
            rows = self._sql.query(*taken, until(invocation))
            return go_rows(rows) if rows else b"null"
        except (SqlError, NotJsonError):
            return b""

    def _query_v2(self, invocation: Invocation, sql: bytes, arguments: bytes) -> bytes:
        taken = _taken(invocation, sql, arguments)
        if taken is None:
            return b""
        try:
            return b'{"rows":' + go_rows(self._sql.query(*taken, until(invocation))) + b"}"
        except (SqlError, NotJsonError) as error:
            return b'{"rows":[],' + _fault("db_query_v2", error)[1:]

    def _execute(self, invocation: Invocation, sql: bytes, arguments: bytes) -> int:
        changed = self._changed(invocation, sql, arguments)
        return changed.rows_affected if isinstance(changed, Changed) else 0

    def _execute_v2(self, invocation: Invocation, sql: bytes, arguments: bytes) -> bytes:
        changed = self._changed(invocation, sql, arguments)
        if changed is None:
            return b""
        if isinstance(changed, SqlError):
            return b'{"rows_affected":0,' + _fault("db_execute_v2", changed)[1:]
        last = {"last_insert_id": changed.last_insert_id} if changed.last_insert_id else {}
        return go_json({"rows_affected": changed.rows_affected, **last})

    def _changed(self, invocation: Invocation, sql: bytes, arguments: bytes) -> Changed | SqlError | None:
        taken = _taken(invocation, sql, arguments)
        if taken is None:
            return None
        try:
            return self._sql.execute(*taken, until(invocation))
        except SqlError as error:
            return error


def _taken(invocation: Invocation, sql: bytes, arguments: bytes) -> tuple[str, list[object]] | None:
    """The statement and its arguments, where the call is let through at all."""
    text = sql.decode("utf-8", "replace")
    found = read_arguments(arguments)
    if not invocation.namespace or found is None or refusal(text) is not None:
        return None
    return text, found


def _fault(name: str, error: SqlError | NotJsonError) -> bytes:
    words, code = (error.words, error.code) if isinstance(error, SqlError) else (str(error), "INTERNAL")
    return go_json({"error": host_words(name, words), "code": code})
