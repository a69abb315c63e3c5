"""Each of the 48 calls against what the gateway gives: 104 cases, asked through the very part that answers a guest."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

import pytest

from tui.running.answer import Answer, Call, Caller, Target
from tui.running.host.cache import Cache
from tui.running.host.functions import Functions
from tui.running.host.http.fetch import Fetch
from tui.running.host.http.transport import Dial
from tui.running.host.identity import Identity
from tui.running.host.logs import Logs
from tui.running.host.response import Responses
from tui.running.host.seam import CLAMPED, LONGEST_LINE, SHAPES, Host, Invocation
from tui.running.host.secrets import Secrets
from tui.running.host.sql.batches import Batches
from tui.running.host.sql.database import Database
from tui.running.host.sql.file import Sql
from tui.running.host.topics.ephemeral import Ephemeral
from tui.running.host.topics.pubsub import PubSub
from tui.running.host.topics.sockets import Sockets
from tui.running.host.unconfigured import Unconfigured
from tui.running.outcome.response import client_of

CASES = [
    json.loads(line) for line in (Path(__file__).parents[1] / "cases" / "host.jsonl").read_text("utf-8").splitlines()
]
BIG = {
    "<16385 bytes>": "x" * 16_385,
    "<20000 bytes>": "x" * 20_000,
    "<65 headers>": json.dumps({f"H{number}": "v" for number in range(65)}),
    "<101 entries>": json.dumps([{"topic": "a", "data_base64": ""}] * 101),
    "<99 execs>": json.dumps({"ops": [{"kind": "exec", "sql": "INSERT INTO t(x) VALUES('a')"}] * 99}),
}


class Desk:
    """A host with one client, and all that was published on it."""

    def __init__(self, given: dict[str, Any], connect: Dial | None = None) -> None:
        self.got: list[bytes] = []
        self.published: list[tuple[str, bytes]] = []
        self.now = 0.0
        sockets, sql = Sockets(), Sql(None)
        pubsub = PubSub(sockets)
        pubsub.listeners.append(lambda _, topic, message: self.published.append((topic, message)))
        self.ephemeral = Ephemeral(sockets, pubsub, lambda: self.now)
        functions = Functions("")
        fetch = Fetch(None, connect) if connect is not None else Fetch()
        parts = (sockets, pubsub, self.ephemeral, functions, fetch, Identity(), Logs(), Responses(), Database(sql))
        secrets = Secrets(given.get("secrets", {}))
        self.host = Host(*parts, Batches(sql, pubsub), Cache(Sql(None)), secrets, Unconfigured())
        for statement in given.get("setup", ()):
            sql.raw(statement, ())
        if "client" in given:
            sockets.open(given["client"], "local", self.got.append)
        self.invocation = invocation(given)

    def said(self, name: str, *arguments: Any) -> Any:
        """The JSON that a call gives."""
        found = self.ask(name, list(arguments))
        assert isinstance(found, bytes)
        return json.loads(found)

    def ask(self, name: str, arguments: list[Any]) -> int | bytes:
        """What a call gives, its arguments as a guest would hand them over."""
        takes, _, gives = SHAPES[name].partition(">")
        read = [_argument(kind, value, name) for kind, value in zip(takes, arguments, strict=True)]
        found: int | bytes | None = self.host.answer(name)(self.invocation, *read)
        return found if found is not None else b"" if gives == "p" else 0


def _argument(kind: str, value: Any, name: str) -> bytes | int:
    if kind not in "so":
        return int(value)
    octets = str(BIG.get(value, value)).encode()
    return octets[:LONGEST_LINE] if name in CLAMPED else octets


def invocation(given: dict[str, Any]) -> Invocation:
    caller = given.get("caller") or {}
    wallet = caller.get("jwt_sub") or (caller.get("namespace", "local") if caller.get("api_key") else "")
    return Invocation(
        "f",
        "" if given.get("during") == "_initialize" else "local",
        caller=Caller(wallet, caller.get("jwt_sub", ""), claims=caller.get("claims", {})),
        client_id=given.get("client", ""),
        env=given.get("env", {}),
        raw_response=given.get("raw_http_response", False),
    )


def holds(found: int | bytes, expect: dict[str, Any]) -> None:
    """What a case says of the result."""
    text = found.decode() if isinstance(found, bytes) else ""
    if "raw" in expect:
        assert (found or 0) == expect["raw"]
    if "bytes" in expect:
        assert text == expect["bytes"]
    if "json" in expect:
        assert json.loads(text) == expect["json"]
    if "json_subset" in expect:
        assert expect["json_subset"].items() <= json.loads(text).items()
    if "error_contains" in expect:
        assert expect["error_contains"] in json.loads(text)["error"]
    for name in expect.get("has", ()):
        assert json.loads(text)[name]
    if "refused" in expect:
        assert (found == b"") is expect["refused"]
    if "raw_text_contains" in expect:
        assert expect["raw_text_contains"] in text
    if expect.get("headers_are_lists"):
        assert all(isinstance(values, list) for values in json.loads(text)["headers"].values())


def told(desk: Desk, expect: dict[str, Any]) -> None:
    """What a case says of what came of it beside the result."""
    published = [[topic, message.decode()] for topic, message in desk.published]
    if "published" in expect and isinstance(expect["published"], list):
        assert published == expect["published"]
    if "published_last" in expect:
        assert published[-1] == expect["published_last"]
    if "published_data" in expect:
        assert published[-1][1] == expect["published_data"]
    if "client_gets" in expect:
        assert [data.decode() for data in desk.got] == ([expect["client_gets"]] if expect["client_gets"] else [])
    if "expires_in_ms" in expect:
        (entry,) = desk.said("ephemeral_state_list", "t")["entries"]
        assert entry["expires_in_ms"] == expect["expires_in_ms"]
    if "logged_bytes" in expect:
        assert [len(line.line) for line in desk.invocation.logs] == [expect["logged_bytes"]]
    if "client_sees" in expect:
        seen = expect["client_sees"]
        client = client_of(Target("f", b""), Answer("command", "done"), "r", response=desk.invocation.response)
        assert (client.status, client.body.decode()) == (seen["status"], seen["body"])
        names = dict(client.headers)
        assert seen.get("headers", {}).items() <= names.items()
        assert not set(seen.get("absent_headers", ())) & set(names)


def served(given: dict[str, Any]) -> Dial:
    """A way to a server that answers as the case says, whatever host is asked for."""
    here, there = socket.socketpair()
    answer = given["server"]
    lines = [f"HTTP/1.1 {answer['status']} OK", f"Content-Length: {len(answer['body'])}"]
    lines += [f"{name}: {value}" for name, values in answer["headers"].items() for value in values]
    there.sendall(("\r\n".join(lines) + "\r\n\r\n" + answer["body"]).encode())

    def connect(_host: str, _port: int, _seconds: float) -> socket.socket:
        there.shutdown(socket.SHUT_WR)
        return here

    return connect


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_the_host_answers_as_the_gateway(case: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    given, expect = case["given"], case["expect"]
    if "server" in given:
        # What is tried here is the answer's form; certificates are the business of the ssl module.
        given = given | {"args": [given["args"][0], given["args"][1].replace("https", "http"), *given["args"][2:]]}
    desk = Desk(given, served(given) if "server" in given else None)
    if "functions" in given:
        monkeypatch.setattr(Functions, "_find", lambda _, name: Path(name) if name in given["functions"] else None)
        monkeypatch.setattr("tui.running.gather.gather", lambda path: Target(path, b""))
    for name, *arguments in given.get("before", ()):
        desk.ask(name, arguments)
    results = [desk.ask(given["call"], given["args"]) for _ in range(given.get("repeat", 1))]
    holds(results[-1], expect)
    told(desk, expect)
    if "raw_first" in expect:
        assert (results[0], results[-1]) == (expect["raw_first"], expect["raw_last"])


def test_every_call_has_an_answer() -> None:
    assert Desk({}).host.unanswered == frozenset()


def test_a_query_of_a_transaction_sees_what_it_wrote() -> None:
    desk = Desk({"setup": ["CREATE TABLE t(x)"]})
    ops = [{"kind": "query", "sql": "SELECT x FROM t"}, {"kind": "exec", "sql": "INSERT INTO t VALUES(?)", "args": [1]}]
    found = desk.ask("db_transaction", [json.dumps({"ops": ops})])
    assert found == (
        b'{"results":[{"kind":"query","rows":[{"x":1}]},{"kind":"exec","rows_affected":1,"last_insert_id":1}],'
        b'"committed":true}'
    )


def test_nothing_of_a_failed_transaction_is_kept() -> None:
    desk = Desk({"setup": ["CREATE TABLE t(x UNIQUE)"]})
    insert = {"kind": "exec", "sql": "INSERT INTO t VALUES(1)"}
    found = desk.said("db_transaction", json.dumps({"ops": [insert, insert]}))
    assert (found["committed"], found["failed_index"], found["code"]) == (False, 1, "CONSTRAINT_VIOLATION")
    assert found["results"][0] == {"kind": ""}
    assert found["error"] == "host function 'db_transaction' error: UNIQUE constraint failed: t.x"
    assert desk.ask("db_query", ["SELECT * FROM t", ""]) == b"null"


def test_numbers_of_rows_lose_digits_above_two_to_the_fifty_third() -> None:
    desk = Desk({})
    found = desk.ask(
        "db_query", ["SELECT 9007199254740993 AS a, 1e21 AS b, 1.5e-7 AS c, 0.1 AS d, 'é<' AS e, x'00ff' AS f", ""]
    )
    assert found == b'[{"a":9007199254740992,"b":1e+21,"c":1.5e-7,"d":0.1,"e":"\xc3\xa9\\u003c","f":"AP8="}]'


def test_messages_reach_bridged_clients_of_the_namespace_alone() -> None:
    desk = Desk({"client": "c1"})
    assert desk.ask("ws_pubsub_bridge", ["c1", "room"]) == 1
    desk.ask("pubsub_publish", ["room", "hello"])
    desk.ask("pubsub_publish", ["other", "nobody"])
    assert desk.got == [b"hello"]
    assert desk.ask("ws_pubsub_unbridge", ["c1", "room"]) == 1
    desk.ask("pubsub_publish", ["room", "again"])
    assert desk.got == [b"hello"]


def test_an_entry_that_has_expired_is_announced() -> None:
    desk = Desk({"client": "c1"})
    desk.ask("ephemeral_state_set", ["t", "k", "x", 1000])
    desk.now = 1.0
    assert desk.said("ephemeral_state_list", "t") == {"entries": []}
    assert json.loads(desk.published[-1][1])["reason"] == "expired"


def test_a_call_is_over_when_time_is_up() -> None:
    from time import monotonic

    desk = Desk({})
    desk.invocation.deadline = monotonic() + 0.2
    forever = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    found = desk.said("db_query_v2", forever, "")
    assert found["code"] == "DEADLINE_EXCEEDED"


@pytest.mark.parametrize(
    "sql",
    [
        "ATTACH 'x' AS y", " /* c */ pragma user_version", "VACUUM INTO 'x'", "detach y",
        "create temporary trigger a after insert on t begin select 1; end", "SELECT 1;;SELECT 2",
        "SELECT * FROM `GRANTS`", "SELECT ' namespaces '", 'SELECT "a" FROM "dns_nodes"', "SELECT [Operators]",
    ],
)  # fmt: skip
def test_the_guard_refuses(sql: str) -> None:
    assert Desk({}).ask("db_query_v2", [sql, ""]) == b""


@pytest.mark.parametrize(
    "sql", ["SELECT 1;;", "SELECT 'it''s; fine'", "SELECT 1 -- ; grants", "SELECT /* ; */ 1", ";SELECT 1"]
)
def test_the_guard_lets_through(sql: str) -> None:
    assert Desk({}).ask("db_query_v2", [sql, ""]).startswith(b'{"rows":[{')  # type: ignore[union-attr]


def test_a_function_that_answers_nothing_is_asked_with_its_callers_identity() -> None:
    functions = Functions("")
    asked: list[Call] = []

    def run(target: Target, call: Call) -> Answer:
        asked.append(call)
        return Answer("command", "done", output=b"out")

    functions.run = run
    given = Invocation("f", "local", caller=Caller("w"), client_id="c", request_id="r", depth=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Functions, "_find", lambda _, name: Path(name))
        patch.setattr("tui.running.gather.gather", lambda path: Target(path, b""))
        assert functions.calls()["function_invoke"](given, b"b@2", b"{}") == b"out"
        deep = Invocation("f", "local", depth=5)
        assert functions.calls()["function_invoke"](deep, b"b", b"{}") == b""
    (call,) = asked
    assert (call.caller.wallet, call.client_id, call.request_id, call.depth) == ("w", "c", "r", 2)


def test_half_a_pair_of_surrogates_is_bound_as_a_text_like_any_other() -> None:
    """Python's own words were the error of a statement that is none."""
    found = Desk({}).said("db_query_v2", "SELECT ? AS a", '["x\\ud800"]')
    assert found == {"rows": [{"a": "x\ufffd"}]}
