"""db_transaction, db_query_batch and exec_and_publish: many statements in one call, answered by an envelope."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tui.running.host.gojson import go_fields, go_json, go_object, go_text
from tui.running.host.seam import HostFunction, Invocation
from tui.running.host.sql.database import host_words, until
from tui.running.host.sql.file import Sql, SqlError, code_of
from tui.running.host.sql.gonumber import NotJsonError, go_rows
from tui.running.host.sql.guard import refusal
from tui.running.host.topics.pubsub import MOST_PUBLISHED, PUBLISH, PubSub

MOST_OPS: Final = 100
MOST_OPS_WITH_SEQUENCE: Final = 98  # the sequence takes one, and its bound is one lower
SEQUENCE: Final = "_orama_namespace_seq"
_DURATION: Final = re.compile(r"(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+")
_UNITS: Final = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}


class RefusedError(Exception):
    """The whole call is refused: nothing runs."""

    def __init__(self, words: str, code: str = "INVALID_ARGUMENT") -> None:
        super().__init__(words)
        self.code = code


@dataclass(slots=True)
class Op:
    """One statement of a batch, and what came of it. Zero fields are left out of the envelope."""

    kind: str
    sql: str
    arguments: list[object]
    done: bool = False
    rows_affected: int = 0
    last_insert_id: int = 0
    rows: bytes = b""
    error: str = ""
    code: str = ""

    def written(self) -> bytes:
        """As the envelope has it."""
        if not self.done:
            return b'{"kind":""}'
        fields: dict[str, object] = {"kind": self.kind}
        fields |= {name: value for name in ("rows_affected", "last_insert_id") if (value := getattr(self, name))}
        text = go_json(fields)
        if self.rows and self.rows != b"[]":
            text = text[:-1] + b',"rows":' + self.rows + b"}"
        if self.error:
            text = text[:-1] + b"," + go_json({"error": self.error, "code": self.code})[1:]
        return text


@dataclass(slots=True)
class Envelope:
    """What a batch answers."""

    ops: list[Op] = field(default_factory=list)
    fields: dict[str, object] = field(default_factory=dict)

    def written(self) -> bytes:
        """As Go writes it."""
        rest = go_json(self.fields)[1:]
        results = b'{"results":[' + b",".join(op.written() for op in self.ops) + b"]"
        return results + (b"," + rest if self.fields else b"}")


class Batches:
    """The three calls. Refusals come as envelopes, never as nothing."""

    def __init__(self, sql: Sql, pubsub: PubSub) -> None:
        self._sql = sql
        self._pubsub = pubsub

    def calls(self) -> Mapping[str, HostFunction]:
        """The calls by name."""
        return {
            "db_transaction": lambda invocation, text: _enveloped(
                "db_transaction", lambda: self._transaction(invocation, text)
            ),
            "db_query_batch": lambda invocation, text: _enveloped(
                "db_query_batch", lambda: self._query_batch(invocation, text)
            ),
            "exec_and_publish": lambda invocation, text, topic, data: _enveloped(
                "exec_and_publish", lambda: self._publish(invocation, text, topic, data)
            ),
        }

    def _transaction(self, invocation: Invocation, text: bytes) -> Envelope:
        ops = _ops(_object(invocation, text), MOST_OPS)
        return self._atomically(invocation, "db_transaction", ops)

    def _atomically(
        self, invocation: Invocation, name: str, ops: list[Op], before: Callable[[], None] | None = None
    ) -> Envelope:
        """Writes in one transaction, then, once they are committed, the queries."""
        failed = self._write(invocation, name, ops, before)
        if failed is not None:
            return failed
        for op in ops:
            if op.kind == "query":
                self._read(invocation, name, op)
        return Envelope(ops, {"committed": True})

    def _write(
        self, invocation: Invocation, name: str, ops: list[Op], before: Callable[[], None] | None
    ) -> Envelope | None:
        place = -1
        try:
            self._sql.control("BEGIN IMMEDIATE")
            if before is not None:
                before()
            for place, op in enumerate(ops):  # noqa: B007 - which one failed
                if op.kind == "exec":
                    changed = self._sql.execute(op.sql, op.arguments, until(invocation))
                    op.rows_affected, op.last_insert_id = changed.rows_affected, changed.last_insert_id
            self._sql.control("COMMIT")
        except SqlError as error:
            self._sql.control("ROLLBACK")
            return _failed(name, ops, place, error)
        for op in ops:
            op.done = op.kind == "exec"
        return None

    def _read(self, invocation: Invocation, name: str, op: Op) -> None:
        op.done = True
        try:
            op.rows = go_rows(self._sql.query(op.sql, op.arguments, until(invocation)))
        except (SqlError, NotJsonError) as error:
            words, code = (error.words, error.code) if isinstance(error, SqlError) else (str(error), "INTERNAL")
            op.error, op.code = host_words(name, words), code

    def _query_batch(self, invocation: Invocation, text: bytes) -> Envelope:
        asked = _object(invocation, text)
        ops = _ops(asked, MOST_OPS, kind="query")
        _check_consistency(asked)
        for op in ops:
            self._read(invocation, "db_query_batch", op)
            if op.error:
                return _failed("db_query_batch", ops, ops.index(op), SqlError(op.error, op.code), wrapped=True)
        return Envelope(ops)

    def _publish(self, invocation: Invocation, text: bytes, topic: bytes, data: bytes) -> Envelope:
        asked = _object(invocation, text)
        if not topic:
            raise RefusedError("topic required")
        ops = _ops(asked, MOST_OPS_WITH_SEQUENCE)
        if not invocation.count(PUBLISH, MOST_PUBLISHED):
            raise RefusedError(f"more than {MOST_PUBLISHED} publishes", "INTERNAL")
        sequence: list[int] = []
        name = "exec_and_publish"
        envelope = self._atomically(invocation, name, ops, lambda: sequence.append(self._next(invocation)))
        if envelope.fields.get("committed"):
            message = data.replace(b"{{seq}}", str(sequence[0]).encode())
            self._pubsub.deliver(invocation, topic.decode("utf-8", "replace"), message)
            envelope.fields |= {"seq": sequence[0], "published": True}
        return envelope

    def _next(self, invocation: Invocation) -> int:
        """The next number of the namespace's sequence. Raises SqlError."""
        due = until(invocation)
        self._sql.execute(f"CREATE TABLE IF NOT EXISTS {SEQUENCE}(namespace TEXT PRIMARY KEY, seq INTEGER)", (), due)
        self._sql.execute(
            f"INSERT INTO {SEQUENCE} VALUES(?, 1) ON CONFLICT(namespace) DO UPDATE SET seq = seq + 1",
            (invocation.namespace,),
            due,
        )
        sql = f"SELECT seq FROM {SEQUENCE} WHERE namespace = ?"  # noqa: S608 -- a name of ours
        (row,) = self._sql.query(sql, (invocation.namespace,), due)
        found = row["seq"]
        assert isinstance(found, int)  # noqa: S101 -- the column is ours
        return found


def _enveloped(name: str, work: Callable[[], Envelope]) -> bytes:
    try:
        return work().written()
    except RefusedError as refused:
        fields = {"committed": False, "error": host_words(name, str(refused)), "code": refused.code}
        return Envelope([], fields).written()


def _object(invocation: Invocation, text: bytes) -> dict[str, Any]:
    """The JSON object of a call. Raises RefusedError."""
    if not invocation.namespace:
        raise RefusedError("no namespace in this context", "INTERNAL")
    try:
        return go_object(text)
    except ValueError as error:
        raise RefusedError(f"invalid JSON: {error}") from error


def _ops(asked: Mapping[str, Any], most: int, kind: str = "") -> list[Op]:
    """The statements, each let through by the guard. Raises RefusedError."""
    listed = asked.get("ops")
    if not isinstance(listed, list | None):
        raise RefusedError("invalid JSON: ops must be an array")
    if not listed:
        raise RefusedError("ops required")
    if len(listed) > most:
        raise RefusedError(f"too many statements: {len(listed)}, the limit is {most}", "TOO_MANY_STATEMENTS")
    return [_op(entry, kind) for entry in listed]


def _op(entry: object, kind: str) -> Op:
    try:
        fields = go_fields(entry)
        sql, given = go_text(fields, "sql"), go_text(fields, "kind")
    except ValueError as error:
        raise RefusedError(f"invalid JSON: {error}") from error
    arguments = fields.get("args")
    if not isinstance(arguments, list | None):
        raise RefusedError("invalid JSON: args must be an array")
    kind = kind or given
    if kind not in {"exec", "query"}:
        raise RefusedError(f'unknown kind "{kind}"')
    refused = refusal(sql)
    if refused is not None:
        raise RefusedError(refused, code_of(refused))
    return Op(kind, sql, arguments or [])


def _failed(name: str, ops: list[Op], place: int, error: SqlError, *, wrapped: bool = False) -> Envelope:
    """Nothing was committed: the one that failed tells why, the others are as if they had never been."""
    words = error.words if wrapped else host_words(name, error.words)
    for number, op in enumerate(ops):
        op.done = number == place
        op.rows_affected = op.last_insert_id = 0
        op.rows = b""
        op.error, op.code = (words, error.code) if number == place else ("", "")
    fields: dict[str, object] = {"committed": False}
    if place:
        fields["failed_index"] = place
    return Envelope(ops, fields | {"error": words, "code": error.code})


def _check_consistency(asked: Mapping[str, Any]) -> None:
    """Raises RefusedError for a consistency that the gateway does not know, or a freshness that does not go with it."""
    try:
        consistency, freshness = go_text(asked, "consistency"), go_text(asked, "freshness")
    except ValueError as error:
        raise RefusedError(f"invalid JSON: {error}") from error
    if not isinstance(asked.get("freshness_strict", False), bool):
        raise RefusedError("invalid JSON: freshness_strict must be true or false")
    if consistency not in ("", "weak", "none"):
        raise RefusedError(f'invalid consistency "{consistency}"')
    if not freshness:
        return
    if consistency != "none":
        raise RefusedError('freshness needs consistency "none"')
    seconds = _seconds(freshness)
    if seconds is None or not 1e-3 <= seconds <= 24 * 3600:
        raise RefusedError(f'invalid freshness "{freshness}"')


def _seconds(text: str) -> float | None:
    """A duration as Go writes it: `1h30m`, `250ms`."""
    if _DURATION.fullmatch(text) is None:
        return None
    return sum(float(number) * _UNITS[unit] for number, unit in re.findall(r"(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)", text))
