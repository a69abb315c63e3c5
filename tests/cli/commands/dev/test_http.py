"""What a client sees of `fn-tui dev`, through real HTTP: statuses, headers, bodies, who is let in."""

from __future__ import annotations

import gzip
import json
import socket
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.cli.commands.dev.conftest import STDOUT
from tests.cli.commands.dev.desk import PATIENCE, Dev


@pytest.mark.parametrize(("number", "case"), enumerate(STDOUT), ids=[case["id"] for case in STDOUT])
def test_output_becomes_a_response(served: Dev, number: int, case: dict[str, Any]) -> None:
    given, expect = case["given"]["stdout"], case["expect"]
    reply = served.invoke(f"out{number}")
    assert reply.status == expect["status"]
    assert reply.headers["Content-Type"] == expect["content_type"]
    assert (reply.body == given.encode()) is expect["body_is_stdout"]
    if "keys" in expect:
        assert list(reply.json) == expect["keys"]
        assert reply.json.items() >= expect["json_subset"].items()
        assert reply.json["request_id"] == reply.headers["X-Request-ID"]
    assert reply.headers["X-Duration-Ms"].isdecimal()


def test_a_failure_has_the_envelope_and_no_headers_of_success(served: Dev) -> None:
    reply = served.invoke("traps")
    assert reply.status == 500
    error = reply.json["error"]
    assert list(reply.json) == ["ok", "error"]
    assert list(error) == ["code", "message", "retryable", "request_id"]
    assert (error["code"], error["retryable"]) == ("FUNCTION_EXECUTION_FAILED", False)
    start = f"execution error for function 'traps' (request {error['request_id']}): failed to instantiate module: "
    assert error["message"].startswith(f"{start}module[] function[_start] failed: wasm error: unreachable")
    assert "X-Request-ID" not in reply.headers


def test_a_loop_ends_at_its_deadline_and_hurts_nobody(served: Dev) -> None:
    import threading

    slow: list[Any] = []
    loop = threading.Thread(target=lambda: slow.append(served.invoke("loops")))
    loop.start()
    assert served.invoke("echo", body=b'"quick"').body == b'"quick"'
    assert not slow  # it answered while the other one looped
    loop.join()
    assert slow[0].status == 429
    assert slow[0].json["error"]["code"] == "RATE_LIMITED"
    assert slow[0].json["error"]["retryable"] is True
    assert slow[0].json["error"]["message"].endswith(": function execution timeout")


def test_a_failure_is_tried_again_as_function_yaml_says(served: Dev) -> None:
    served.forget()
    assert served.invoke("again").status == 500
    assert served.wait(lambda event: event.get("function") == "again")["note"] == "attempt 2 of 2"


def test_a_raw_response(served: Dev) -> None:
    reply = served.invoke("raw")
    assert (reply.status, reply.body) == (418, b"tea")
    assert (reply.headers["X-Mine"], reply.headers["Content-Type"]) == ("a b", "text/x")
    assert reply.headers["X-Request-ID"] != "me"
    assert "X-Orama-Y" not in reply.headers
    assert (served.invoke("control").status, served.invoke("control").headers["X-Mine"]) == (200, "a b")
    plain = served.invoke("plain")
    assert (plain.status, plain.headers["Content-Type"]) == (201, "text/html; charset=utf-8")


@pytest.mark.parametrize("body", [gzip.compress(b"{}", mtime=0), b'"no gzip"'], ids=["packed", "not"])
def test_a_packed_body_reaches_the_function_as_it_came(served: Dev, body: bytes) -> None:
    """The gateway unpacks nothing, and a body that only says that it is packed is one like any other."""
    told, plain = (served.invoke("echo", body, headers) for headers in ({"Content-Encoding": "gzip"}, {}))
    assert (told.status, told.headers["Content-Type"]) == (200, plain.headers["Content-Type"])
    output = [reply.json["output"] if isinstance(reply.json, dict) else reply.json for reply in (told, plain)]
    assert output[0] == output[1]


@pytest.mark.parametrize("sent", [b"\x16\x03\x01\x02", b"GET / JUNK", b"GET /\xff HTTP/1.1"])
def test_what_is_no_request_is_told_its_sender_alone(served: Dev, sent: bytes) -> None:
    """Nothing is printed of it, as `dev` sees to at its end: a browser that tries https is no fault of fn-tui."""
    place = urlsplit(served.url)
    assert place.port is not None
    with socket.create_connection((place.hostname, place.port), timeout=PATIENCE) as client:
        client.sendall(sent + b"\r\n\r\n")
        assert b" 400 " in client.recv(100)


def test_the_body_is_cut_without_a_word(served: Dev) -> None:
    whole = json.dumps("x" * (1 << 20)).encode()
    assert served.invoke("echo", body=whole[: 1 << 20]).json["output"] == whole[: 1 << 20].decode()
    assert served.invoke("echo", body=whole).json["output"] == whole[: 1 << 20].decode()


def test_who_calls(served: Dev) -> None:
    def who(caller: str = "") -> object:
        headers = {"X-Fn-Tui-Caller": caller} if caller else {}
        return json.loads(served.invoke("who", headers=headers).body)["output"]

    assert who() == "local-developer"
    assert who("wallet=0xabc,claim.tier=pro") == "0xabc"
    assert who("anonymous") == ""
    wrong = served.invoke("who", headers={"X-Fn-Tui-Caller": "ada"})
    assert (wrong.status, wrong.json["error"]["code"]) == (400, "BAD_REQUEST")


@pytest.mark.parametrize(
    ("name", "caller", "status", "code"),
    [
        ("private", "wallet=0xabc", 200, ""),
        ("private", "anonymous", 401, "UNAUTHORIZED"),
        ("hidden", "wallet=0xabc", 403, "FORBIDDEN"),
        ("hidden", "anonymous", 401, "UNAUTHORIZED"),
        ("nobody", "wallet=0xabc", 404, "NOT_FOUND"),
        ("twin", "wallet=0xabc", 404, "NOT_FOUND"),
        ("unbuilt", "wallet=0xabc", 503, "FUNCTION_UNAVAILABLE"),
    ],
)
def test_who_is_let_in(served: Dev, name: str, caller: str, status: int, code: str) -> None:
    reply = served.invoke(name, headers={"X-Fn-Tui-Caller": caller})
    assert reply.status == status
    if code:
        assert reply.json["error"]["code"] == code
        assert reply.json["error"]["retryable"] is (status == 503)


def test_a_version_is_passed_over_since_there_is_one_only(served: Dev) -> None:
    assert served.invoke("echo@3", body=b"1").body == b"1"


def test_other_methods_and_paths(served: Dev) -> None:
    refused = served.request("GET", "/v1/functions/echo/invoke")
    assert (refused.status, refused.headers["Allow"]) == (405, "POST")
    assert served.request("GET", "/v1/functions/echo/ws").status == 400
    for path in ("/v1/functions", "/v1/functions/echo", "/favicon.ico", "/v1/functions/a/b/invoke", "//x"):
        assert served.request("GET", path).status == 404


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 421),
        ({"Host": "localhost:1"}, 200),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({}, 200),
    ],
)
def test_other_names_and_other_pages_are_refused(served: Dev, headers: dict[str, str], status: int) -> None:
    assert served.invoke("echo", headers=headers).status == status
    assert served.request("GET", "/", headers).status == status


def test_its_own_page_may_call(served: Dev) -> None:
    reply = served.invoke("echo", headers={"Origin": f"http://{served.host}"})
    assert reply.status == 200
    assert "Access-Control-Allow-Origin" not in reply.headers
    assert served.request("OPTIONS", "/v1/functions/echo/invoke", {"Origin": "http://evil.example"}).status == 403


def test_the_list_for_programs(served: Dev) -> None:
    reply = served.request("GET", "/")
    assert reply.headers["Content-Type"] == "application/json"
    found = {one["dir"]: one for one in reply.json["functions"]}
    assert found["echo"]["state"] == "ready"
    assert found["echo"]["curl"].startswith(f"curl -d '{{}}' http://{served.host}/v1/functions/echo/invoke")
    assert found["odd name"]["state"] == "refused"
    assert found["chat"]["ws"] == f"ws://{served.host}/v1/functions/chat/ws"
    assert (found["one"]["state"], found["two"]["state"]) == ("twice", "twice")
    assert found["one"]["error"] == "one and two have one name, twin: neither is served"
    assert found["unbuilt"]["state"] == "failed"


def test_the_page_for_people(served: Dev) -> None:
    reply = served.request("GET", "/", {"Accept": "text/html,*/*"})
    assert reply.headers["Content-Type"] == "text/html; charset=utf-8"
    assert reply.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'sha256-")
    page = reply.body.decode()
    assert f"http://{served.host}/v1/functions/echo/invoke" in page
    assert "any program of any user of this machine" in page
    assert "X-Fn-Tui-Caller" in page


def test_each_request_is_told(served: Dev) -> None:
    served.forget()
    served.invoke("echo", body=b'{"a":1}')
    event = served.wait(lambda event: event["event"] == "request")
    assert (event["function"], event["kind"], event["status"]) == ("echo", "invoke", 200)
    assert (event["bytes_in"], event["bytes_out"], event["host_calls"]) == (7, 7, 0)
    assert event["ms"] > 0
    assert event["memory"] == 20 * 65536
