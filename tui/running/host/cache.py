"""cache_get, cache_set, cache_delete, cache_incr: keys with an expiry, kept in a SQLite file of their own."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from math import inf
from typing import Final

from tui.running.host.seam import HostFunction, Invocation
from tui.running.host.sql.file import Sql, SqlError

LONGEST_TTL: Final = 10 * 365 * 24 * 3600  # seconds
_TABLE: Final = (
    "CREATE TABLE IF NOT EXISTS cache(namespace TEXT, key BLOB, value BLOB, expires REAL, PRIMARY KEY(namespace, key))"
)
_NUMBER: Final = re.compile(rb"[+-]?[0-9]{1,40}")
_INT64: Final = range(-(1 << 63), 1 << 63)


class Cache:
    """The calls. `expires` is POSIX time; NULL for never."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql
        self._made = False

    def calls(self) -> Mapping[str, HostFunction]:
        """The calls by name."""
        return {
            "cache_get": self._get,
            "cache_set": self._set,
            "cache_delete": self._delete,
            "cache_incr": lambda invocation, key: self._add(invocation, key, 1),
            "cache_incr_by": self._add,
        }

    def _get(self, invocation: Invocation, key: bytes) -> bytes:
        return (self._value(invocation, key) if invocation.namespace else None) or b""

    def _set(self, invocation: Invocation, key: bytes, value: bytes, ttl: int) -> None:
        """A ttl of 0 never ends; one that is negative or longer than ten years is refused without a word."""
        if invocation.namespace and 0 <= ttl <= LONGEST_TTL:
            self._put(invocation, key, value, time.time() + ttl if ttl else None)

    def _delete(self, invocation: Invocation, key: bytes) -> int:
        """1 where it is gone, also where it never was."""
        if not invocation.namespace:
            return 0
        return int(self._run("DELETE FROM cache WHERE namespace = ? AND key = ?", invocation.namespace, key))

    def _add(self, invocation: Invocation, key: bytes, by: int) -> int:
        """The new number; 0 where there is another value. How long it is kept does not change."""
        if not invocation.namespace:
            return 0
        value = self._value(invocation, key)
        if value is not None and _NUMBER.fullmatch(value) is None:
            return 0
        number = int(value or b"0") + by
        if number not in _INT64:
            return 0
        if value is None:
            done = self._put(invocation, key, str(number).encode(), None)
        else:
            sql = "UPDATE cache SET value = ? WHERE namespace = ? AND key = ?"
            done = self._run(sql, str(number).encode(), invocation.namespace, key)
        return number if done else 0

    def _put(self, invocation: Invocation, key: bytes, value: bytes, expires: float | None) -> bool:
        sql = "INSERT OR REPLACE INTO cache VALUES(?, ?, ?, ?)"
        return self._run(sql, invocation.namespace, key, value, expires)

    def _value(self, invocation: Invocation, key: bytes) -> bytes | None:
        sql = "SELECT value FROM cache WHERE namespace = ? AND key = ? AND (expires IS NULL OR expires > ?)"
        try:
            self._make()
            rows = self._sql.raw(sql, (invocation.namespace, key, time.time()))
        except SqlError:
            return None
        if not rows:
            self._run("DELETE FROM cache WHERE namespace = ? AND key = ?", invocation.namespace, key)
            return None
        value = rows[0][0]
        return value if isinstance(value, bytes) else None

    def _run(self, sql: str, *arguments: object) -> bool:
        """Whether it could be done: a full disk is a failure of the call, not of the run."""
        try:
            self._make()
            self._sql.raw(sql, arguments)
        except SqlError:
            return False
        return True

    def _make(self) -> None:
        if not self._made:
            self._sql.execute(_TABLE, (), inf)
            self._made = True
