"""Functions that `fn-tui dev` starts by itself: on schedule, on messages of other functions, and for one another."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.sync.client import ClientConnection, connect

from tests.cli.commands.dev.desk import ECHO, HEAP, PATIENCE, Dev, dev, function, socket, text

PUBLISH = '(import "env" "pubsub_publish" (func $publish (param i32 i32 i32 i32) (result i32)))'
INVOKE = '(import "env" "function_invoke" (func $invoke (param i32 i32 i32 i32) (result i64)))'


def publishes(topic: str, message: bytes) -> str:
    """A command that publishes one message."""
    name = topic.encode()
    return f"""(module {PUBLISH} (memory (export "memory") 1)
      (data (i32.const 0) "{text(name)}") (data (i32.const 1024) "{text(message)}")
      (func (export "_start") (drop (call $publish
        (i32.const 0) (i32.const {len(name)}) (i32.const 1024) (i32.const {len(message)})))))"""


def invokes(name: str) -> str:
    """A command that answers with what another function answers."""
    called = name.encode()
    return f"""(module (import "wasi_snapshot_preview1" "fd_write" (func $w (param i32 i32 i32 i32) (result i32)))
      {INVOKE} (memory (export "memory") 1) {HEAP}
      (data (i32.const 64) "{text(called)}") (data (i32.const 128) "\\22in\\22")
      (func (export "_start") (local i64)
        (local.set 0 (call $invoke (i32.const 64) (i32.const {len(called)}) (i32.const 128) (i32.const 4)))
        (i32.store (i32.const 0) (i32.wrap_i64 (i64.shr_u (local.get 0) (i64.const 32))))
        (i32.store (i32.const 4) (i32.wrap_i64 (local.get 0)))
        (drop (call $w (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))"""


# Bridges its client to the topic `news`, and publishes there what the client says.
BRIDGE = '(import "env" "ws_pubsub_bridge" (func $bridge (param i32 i32 i32 i32) (result i32)))'
NEWS = socket(
    "(drop (call $publish (i32.const 0) (i32.const 4) (local.get 0) (local.get 1))) i32.const 0",
    imports=PUBLISH + BRIDGE + '(import "env" "get_ws_client_id" (func $me (result i64)))',
    opened="""(local i64) (local.set 2 (call $me)) (drop (call $bridge (i32.wrap_i64 (i64.shr_u (local.get 2)
      (i64.const 32))) (i32.wrap_i64 (local.get 2)) (i32.const 0) (i32.const 4))) i32.const 0""",
).replace('(func (export "_initialize"))', '(data (i32.const 0) "news") (func (export "_initialize"))')


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dev]:
    workspace = tmp_path_factory.mktemp("workspace")
    function(workspace, "orders", publishes("orders:new", b'{"id":1}'))
    function(workspace, "noise", publishes("orders:new", b"not JSON"))
    function(workspace, "deep", publishes("orders:new:eu", b'{"id":2}'))
    function(workspace, "listener", ECHO, "memory: 16\ninternal: true\n")
    function(workspace, "echoing", publishes("round", b'{"again":true}'))
    function(workspace, "ticks", ECHO, "memory: 16\n")
    function(workspace, "asks", invokes("listener"), "public: true\n")
    function(workspace, "circle", invokes("circle"))
    function(workspace, "missing", invokes("nobody"))
    function(workspace, "news", NEWS, "ws_persistent: true\n")
    options = ["--subscribe", "listener=orders:*", "--subscribe", "echoing=round", "--cron", "ticks=* * * * * *"]
    with dev(workspace, tmp_path_factory.mktemp("homes"), "--no-build", "--fresh", *options) as process:
        yield process


def test_a_schedule_starts_a_function_each_second(gateway: Dev) -> None:
    gateway.forget()
    first = gateway.wait(lambda event: event.get("kind") == "cron")
    gateway.wait(lambda event: event.get("kind") == "cron" and event["at"] > first["at"])
    assert (first["function"], first["status"], first["bytes_in"]) == ("ticks", 200, len('{"trigger":"cron"}'))


def test_a_message_starts_who_listens_once_in_half_a_minute(gateway: Dev) -> None:
    gateway.forget()
    assert gateway.invoke("noise").status == 200  # a message that is no JSON starts nothing
    assert gateway.invoke("deep").status == 200  # * does not go over :
    assert gateway.invoke("orders").status == 200
    started = gateway.wait(lambda event: event.get("kind") == "pubsub")
    assert (started["function"], started["status"]) == ("listener", 200)
    assert gateway.invoke("orders").status == 200  # the same once more
    gateway.wait(lambda event: event.get("function") == "orders" and event["at"] > started["at"])
    assert [event["function"] for event in gateway.events if event.get("kind") == "pubsub"] == ["listener"]


def test_messages_that_start_messages_end(gateway: Dev) -> None:
    gateway.forget()
    assert gateway.invoke("echoing").status == 200
    gateway.wait(lambda event: event.get("kind") == "pubsub" and event["function"] == "echoing")
    # Its own message is the same again, and starts nothing for half a minute.
    assert gateway.invoke("echoing").status == 200
    assert len([event for event in gateway.events if event.get("kind") == "pubsub"]) == 1


def test_a_function_calls_another_one_that_is_internal(gateway: Dev) -> None:
    gateway.forget()
    assert gateway.invoke("asks").body == b'"in"'
    nested = gateway.wait(lambda event: event.get("kind") == "nested")
    outer = gateway.wait(lambda event: event.get("function") == "asks")
    assert (nested["function"], nested["status"]) == ("listener", 200)
    assert nested["request_id"] == outer["request_id"]


def test_calls_of_calls_end_at_a_depth(gateway: Dev) -> None:
    gateway.forget()
    assert gateway.invoke("circle").status == 200
    gateway.wait(lambda event: event.get("function") == "circle" and event["kind"] == "invoke")
    assert len([event for event in gateway.events if event.get("kind") == "nested"]) == 5


def test_a_function_that_is_not_there_gives_nothing(gateway: Dev) -> None:
    assert json.loads(gateway.invoke("missing").body)["output"] == ""


def test_a_topic_reaches_the_clients_of_other_processes(gateway: Dev) -> None:
    with (
        connect(gateway.ws("news"), open_timeout=PATIENCE, proxy=None) as one,
        connect(gateway.ws("news"), open_timeout=PATIENCE, proxy=None) as other,
    ):
        # A socket stands before its function has subscribed: who hears itself has.
        for client, words in ((one, "one is here"), (other, "other is here")):
            client.send(words)
            hears(client, words)
        hears(one, "other is here")
        one.send("to all")
        hears(one, "to all")
        hears(other, "to all")


def hears(client: ClientConnection, words: str) -> None:
    """Read until the words come."""
    while client.recv(PATIENCE) != words:
        pass


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--cron", "a"], "--cron takes the name of a function, = and what starts it, not 'a'"),
        (["--cron", "a=* * * *"], "'* * * *' has 4 fields: a schedule has 5, or 6 with seconds first"),
        (
            ["--cron", "a=MON * * * *"],
            "minute 'MON' is no number: the gateway takes *, numbers, ranges, steps and lists",
        ),
        (["--subscribe", "a=[x"], "'[x': [ has no ]"),
        (["--listen", "8787"], "--listen takes HOST:PORT, such as 127.0.0.1:8787, not '8787'"),
        (
            ["--allow-origin", "localhost"],
            "--allow-origin takes an origin such as http://localhost:5173, not 'localhost'",
        ),
        (["--sockets", "0"], "--sockets takes 1 to 4096, not 0"),
        (["--secrets", "/nowhere"], "/nowhere: No such file or directory"),
        (["--listen", "127.0.0.1:0", "--expose"], "--expose is for a --listen that other machines reach"),
    ],
)
def test_what_cannot_be_is_one_sentence(
    options: list[str], words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from tui.cli import main

    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    assert main(["dev", str(tmp_path), "--listen", "127.0.0.1:0", *options]) == 2
    assert capsys.readouterr().err.startswith(f"fn-tui: {words}")
