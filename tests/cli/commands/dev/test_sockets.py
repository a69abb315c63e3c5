"""WebSockets of `fn-tui dev`, through a client that is not its own library."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from tests.cli.commands.dev.desk import PATIENCE, Dev
from tui.running.local.http import connections


@contextmanager
def client(served: Dev, name: str, **headers: str) -> Iterator[ClientConnection]:
    extra = {key.replace("_", "-"): value for key, value in headers.items()}
    with connect(served.ws(name), additional_headers=extra, open_timeout=PATIENCE, proxy=None) as found:
        yield found


def test_an_instance_a_connection(served: Dev) -> None:
    served.forget()
    with client(served, "chat") as one, client(served, "chat") as other:
        for number in range(20):
            one.send(f"a{number}")
            other.send(f"b{number}".encode())  # bytes and text are the same to a function
        assert [one.recv(PATIENCE) for _ in range(20)] == [f"a{number}" for number in range(20)]
        assert [other.recv(PATIENCE) for _ in range(20)] == [f"b{number}" for number in range(20)]
    assert served.wait(lambda event: event.get("kind") == "open")["status"] == 101
    frame = served.wait(lambda event: event.get("kind") == "frame")
    assert (frame["status"], frame["bytes_in"], frame["host_calls"], frame["memory"]) == (200, 2, 1, 2 * 65536)
    assert served.wait(lambda event: event.get("kind") == "close")["status"] == 200


@pytest.mark.skipif(not connections.UNREAD, reason="this aiohttp reads texts itself")
def test_a_text_that_is_no_utf8_is_handed_on_as_it_is(served: Dev) -> None:
    with client(served, "chat") as socket:
        for sent in (b"\xff\xfe", b"\xed\xa0\x80", "é".encode()):
            socket.send(sent, text=True)
            assert socket.recv(PATIENCE, decode=False) == sent


def test_a_frame_for_each_frame_of_a_stateless_function(served: Dev) -> None:
    with client(served, "echo") as socket:
        for sent, output in (('{"a":1}', {"a": 1}), ("hello", "hello")):
            socket.send(sent)
            reply = json.loads(socket.recv(PATIENCE))
            assert list(reply) == ["duration_ms", "output", "request_id", "status"]
            assert (reply["output"], reply["status"]) == (output, "success")
    with client(served, "traps") as socket:
        socket.send("{}")
        reply = json.loads(socket.recv(PATIENCE))
        assert list(reply) == ["code", "duration_ms", "error", "request_id", "retryable", "status"]
        assert (reply["code"], reply["status"]) == ("FUNCTION_EXECUTION_FAILED", "error")


def test_control_frames_stay_with_the_gateway(served: Dev) -> None:
    with client(served, "chat") as socket:
        socket.send('{"__orama":"x"}')
        socket.send('the text "__orama" here')
        answer = '{"__orama_ack":"x","ok":false,"error":"unknown __orama control type"}'
        assert {socket.recv(PATIENCE), socket.recv(PATIENCE)} == {answer, 'the text "__orama" here'}


def test_a_function_that_rejects_its_client_closes_without_a_code(served: Dev) -> None:
    with client(served, "closed") as socket, pytest.raises(ConnectionClosed) as closed:
        socket.recv(PATIENCE)
    assert closed.value.rcvd is None


def test_a_function_that_has_had_enough_leaves_its_client_in_silence_until_the_queue_is_full(served: Dev) -> None:
    with client(served, "stops") as socket:
        socket.send("the last that it takes")
        served.wait(lambda event: event.get("function") == "stops" and event.get("kind") == "frame")
        for _ in range(64):
            socket.send("waits")
        socket.ping().wait(PATIENCE)  # still open
        socket.send("one too many")
        with pytest.raises(ConnectionClosed) as closed:
            socket.recv(PATIENCE)
    assert closed.value.rcvd is not None
    assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (1009, "queue full")


def test_a_frame_that_loops_hurts_no_other_connection(served: Dev) -> None:
    served.forget()
    with client(served, "hangs") as bad, client(served, "chat") as good:
        bad.send("for ever")
        good.send("quick")
        assert good.recv(PATIENCE) == "quick"
        event = served.wait(lambda event: event.get("function") == "hangs" and event.get("kind") == "frame")
        assert event["status"] == 429
        assert "context deadline exceeded" in event["error"]


@pytest.mark.parametrize(
    ("name", "headers", "status"),
    [
        ("private", {"X_Fn_Tui_Caller": "anonymous"}, 401),
        ("hidden", {}, 403),
        ("nobody", {}, 404),
        ("unbuilt", {}, 503),
        ("chat", {"Origin": "http://evil.example"}, 403),
    ],
)
def test_who_is_let_in(served: Dev, name: str, headers: dict[str, str], status: int) -> None:
    with pytest.raises(InvalidStatus) as refused, client(served, name, **headers):
        pass
    assert refused.value.response.status_code == status


def test_who_calls_can_stand_in_the_address_for_browsers(served: Dev) -> None:
    with connect(served.ws("who") + "?fn-tui-caller=wallet%3D0xabc", open_timeout=PATIENCE, proxy=None) as socket:
        socket.send("{}")
        assert json.loads(socket.recv(PATIENCE))["output"] == "0xabc"
