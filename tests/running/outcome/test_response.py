"""What the caller sees, against the gateway's own: 24 cases of responses, sockets, triggers and the deploy tool."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.running.conftest import wat
from tui.running.answer import Answer, Call, Client, Figures, Target
from tui.running.host.seam import RawResponse
from tui.running.input.control import control_answer, control_type
from tui.running.input.triggers import CRON_INPUT, message_input
from tui.running.lives.bench import Bench
from tui.running.outcome.response import client_of, invoke_text, socket_reply
from tui.running.run import run

CASES = [json.loads(line) for line in (Path(__file__).parents[1] / "cases" / "response.jsonl").read_text().splitlines()]
TARGET = Target("f", b"")


def cases(*keys: str) -> list[Any]:
    """The cases whose givens have all of these keys, and no other."""
    found = [one for one in CASES if set(one["given"]) == set(keys)]
    assert found
    return [pytest.param(one["given"], one["expect"], id=one["id"]) for one in found]


def holds(found: dict[str, Any], expect: dict[str, Any]) -> None:
    subset = expect.get("json_subset") or expect.get("stdin_json_subset") or expect.get("client_gets_json_subset") or {}
    assert {name: found[name] for name in subset} == subset
    if "keys" in expect:
        assert list(found) == expect["keys"]
    assert all(name in found for name in expect.get("has", ()))


@pytest.mark.parametrize(("given", "expect"), cases("stdout"))
def test_output_becomes_a_response(given: dict[str, Any], expect: dict[str, Any]) -> None:
    answer = Answer("command", "done", output=given["stdout"].encode(), figures=Figures(3.7))
    client = client_of(TARGET, answer, "r1")
    assert client.status == expect["status"]
    assert dict(client.headers)["Content-Type"] == expect["content_type"]
    assert (client.body == answer.output) is expect["body_is_stdout"]
    if "keys" in expect:
        holds(json.loads(client.body), expect)


@pytest.mark.parametrize(("given", "expect"), cases("cli", "headers", "status", "body"))
def test_the_deploy_tool_prints(given: dict[str, Any], expect: dict[str, Any]) -> None:
    client = Client(given["status"], tuple(given["headers"].items()), given["body"].encode())
    assert invoke_text("f", client) == expect["stdout"]


@pytest.mark.parametrize(("given", "expect"), cases("trigger"))
def test_cron_puts_in(given: dict[str, Any], expect: dict[str, Any]) -> None:
    assert expect["stdin"] == CRON_INPUT.decode()


@pytest.mark.parametrize(("given", "expect"), cases("trigger", "topic", "message", "namespace"))
def test_a_message_puts_in(given: dict[str, Any], expect: dict[str, Any]) -> None:
    made = message_input(given["topic"], given["message"].encode(), given["namespace"], 1_700_000_000)
    assert made is not None
    holds(json.loads(made), expect)


@pytest.mark.parametrize(("given", "expect"), cases("trigger", "topic", "message") + cases("trigger", "depth"))
def test_a_message_that_starts_nothing(given: dict[str, Any], expect: dict[str, Any]) -> None:
    message = given.get("message", "{}").encode()
    assert (message_input("t", message, "local", 0, given.get("depth", 0)) is not None) is expect["fires"]


@pytest.mark.parametrize(("given", "expect"), cases("kind", "frame"))
def test_control_frames_stay_with_the_gateway(given: dict[str, Any], expect: dict[str, Any]) -> None:
    frame = given["frame"].encode()
    assert (control_type(frame) is None) is expect["reaches_guest"]
    if "client_gets" in expect:
        assert control_answer(frame).decode() == expect["client_gets"]


SHOWS_PAYLOAD = """(module (import "env" "log_info" (func $log (param i32 i32))) (memory (export "memory") 1)
    (func (export "orama_alloc") (param i32) (result i32) i32.const 1024) (func (export "ws_close") (param i32 i32))
    (func (export "ws_open") (param i32 i32) (result i32) (call $log (local.get 0) (local.get 1)) i32.const 0)
    (func (export "ws_frame") (param i32 i32) (result i32) i32.const 0))"""


@pytest.mark.parametrize(("given", "expect"), cases("kind", "client", "wallet", "namespace"))
def test_ws_open_is_told(given: dict[str, Any], expect: dict[str, Any], bench: Bench) -> None:
    call = Call(client_id=given["client"], namespace=given["namespace"])
    answer = run(bench, Target("f", wat(SHOWS_PAYLOAD), persistent=True), call)
    assert [one.line for one in answer.logs] == [expect["ws_open_json"]]


@pytest.mark.parametrize(("given", "expect"), cases("kind", "over", "stdout"))
def test_a_stateless_socket_replies(given: dict[str, Any], expect: dict[str, Any]) -> None:
    answer = Answer("command", "done", output=given["stdout"].encode())
    holds(json.loads(socket_reply(TARGET, answer, "r1")), expect)


def test_every_case_is_run() -> None:
    keys = [
        {"stdout"}, {"cli", "status"}, {"cli", "headers", "status", "body"}, {"trigger"}, {"trigger", "depth"},
        {"trigger", "topic", "message", "namespace"}, {"trigger", "topic", "message"}, {"kind", "frame"},
        {"kind", "client", "wallet", "namespace"}, {"kind", "over", "stdout"},
    ]  # fmt: skip
    left = [one["id"] for one in CASES if set(one["given"]) not in keys]
    assert left == ["resp-data-default"]  # the default input is the command line's


def test_headers_of_the_gateway_are_not_the_functions_to_set() -> None:
    headers = {"Content-Type": "text/plain", "X-Internal-A": "1", "Connection": "close", "x-orama-b": "2"}
    answer = Answer("command", "done", output=b"ignored")
    client = client_of(TARGET, answer, "r1", response=RawResponse(201, headers, b"x"))
    assert (client.status, client.body) == (201, b"x")
    assert [name for name, _ in client.headers] == ["X-Request-ID", "X-Duration-Ms", "Content-Type"]


@pytest.mark.parametrize(
    ("late", "status", "code"), [(False, 500, "FUNCTION_EXECUTION_FAILED"), (True, 429, "RATE_LIMITED")]
)
def test_a_failure_tells_its_cause(late: bool, status: int, code: str) -> None:
    client = client_of(TARGET, Answer("command", "run", "it broke <here>", timed_out=late), "r1")
    error = json.loads(client.body)["error"]
    assert (client.status, error["code"], error["retryable"]) == (status, code, late)
    assert error["message"].startswith("execution error for function 'f' (request r1): ")
    assert b"<" not in client.body
