"""Answers of functions as HTTP: what Go's server makes of them."""

from __future__ import annotations

import pytest

from tui.running.local.events import Outcome
from tui.running.local.http.replies import function_reply, in_header, sniffed


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "text/plain; charset=utf-8"),
        (b'{"a":1}', "text/plain; charset=utf-8"),
        (b"\n <!doctype html>", "text/html; charset=utf-8"),
        (b"<p>", "text/html; charset=utf-8"),
        (b"<pre>", "text/plain; charset=utf-8"),
        (b"  <?xml ?>", "text/xml; charset=utf-8"),
        (b"\x89PNG\r\n\x1a\n0", "image/png"),
        (b"a\0b", "application/octet-stream"),
    ],
)
def test_a_body_without_a_type(body: bytes, kind: str) -> None:
    assert sniffed(body) == kind
    assert function_reply(Outcome(ok=True, body=body), {}).headers["Content-Type"] == kind


def test_headers_that_are_none_are_dropped_and_no_line_is_added() -> None:
    given = (("X-A", "1\r\nX-B: 2"), ("bad name", "x"), ("", "x"), ("X-C\n", "x"), ("X-D", "é"))
    headers = function_reply(Outcome(ok=True, headers=given), {"X-Ours": "y"}).headers
    assert {name: value for name, value in headers.items() if name.startswith("X-")} == {
        "X-A": "1  X-B: 2",
        "X-D": "é",
        "X-Ours": "y",
    }


def test_a_functions_own_server_stays() -> None:
    assert function_reply(Outcome(ok=True, headers=(("server", "mine"),)), {}).headers.getall("Server") == ["mine"]
    assert function_reply(Outcome(ok=True), {}).headers["Server"] == "fn-tui"


@pytest.mark.parametrize(("value", "sent"), [("a\0\x01\x7fb\tc", "a   b\tc"), ("\ud800", "\ufffd"), ("世", "世")])
def test_a_value_that_cannot_be_sent_is_sent_all_the_same(value: str, sent: str) -> None:
    assert function_reply(Outcome(ok=True, headers=(("X", value),)), {}).headers["X"] == sent


@pytest.mark.parametrize(("status", "sent"), [(200, 200), (599, 599), (101, 200), (100, 200)])
def test_a_status_of_one_hundred_comes_before_one_that_counts(status: int, sent: int) -> None:
    assert function_reply(Outcome(ok=True, status=status), {}).status == sent


def test_words_in_a_header_are_one_short_line_of_ascii() -> None:
    assert in_header("a\r\nb\x1b[0m é") == "a b?[0m ?"
    assert len(in_header("x" * 10_000)) == 300
