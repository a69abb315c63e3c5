from __future__ import annotations

import json

import pytest

from tui.running.host.seam import Invocation
from tui.running.host.unconfigured import Unconfigured

CALLS = Unconfigured().calls()
HERE = Invocation("f", "ns")
NOTHING_SENT = {"ok": True, "devices_attempted": 0, "devices_succeeded": 0, "results": []}


@pytest.mark.parametrize("name", ["push_send_v2", "push_send_topic"])
def test_without_push_nothing_is_sent_and_all_is_well(name: str) -> None:
    said = CALLS[name](HERE, b"to", b'{"Title":"hi","badge":2,"data":{"a":[1]},"other":7,"body":null}')
    assert isinstance(said, bytes)
    assert json.loads(said) == NOTHING_SENT


WRONG = [
    b"",
    b"[]",
    b'"x"',
    b'{"title":5}',
    b'{"BODY":{}}',
    b'{"badge":"2"}',
    b'{"badge":1.5}',
    b'{"data":[]}',
    b"{}{}",
]
TOO_LONG = b" " * 16_383 + b"{}"


@pytest.mark.parametrize("message", [*WRONG, TOO_LONG])
def test_a_message_of_another_shape_is_refused(message: bytes) -> None:
    assert CALLS["push_send"](HERE, b"u", message) == 0
    assert CALLS["push_send_v2"](HERE, b"u", message) == b""


def test_who_and_where_are_wanted() -> None:
    assert CALLS["push_send"](HERE, b"u", b"null") == 1
    assert CALLS["push_send"](HERE, b"", b"{}") == 0
    assert CALLS["push_send"](Invocation("f", ""), b"u", b"{}") == 0
    assert CALLS["turn_credentials"](HERE) == b'{"configured":false,"namespace":"ns"}'
    assert CALLS["turn_credentials"](Invocation("f", "")) == b""
