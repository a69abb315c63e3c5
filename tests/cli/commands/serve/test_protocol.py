"""What a browser may say: each part within bounds, and nothing that is no message of ours ever raises."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.cli.commands.serve.protocol import (
    BURST,
    COLUMNS,
    LEAST_COST,
    RATE,
    ROWS,
    Allowance,
    bounded,
    packet_of,
    ping_of,
)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("value", "cells"),
    [
        (100, 100),
        ("100", 100),
        (100.7, 100),
        (0, 10),
        (-5, 10),
        (6_000, 800),
        (10**300, 800),
        ("9" * 5_000, 800),
        (1e308, 800),
        (float("nan"), 80),
        (float("inf"), 80),
        ("-5", 80),
        ("٣٣", 80),
        ("", 80),
        (None, 80),
        (True, 80),
        ([1], 80),
    ],
)
def test_sizes_are_bounded(value: object, cells: int) -> None:
    assert bounded(value, COLUMNS, 80) == cells


def test_what_the_page_says() -> None:
    assert packet_of('["stdin", "é"]') == (b"D", "é".encode())
    assert packet_of('["stdin", "\\ud800"]') == (b"D", b"?")
    resized = packet_of('["resize", {"width": 9000, "height": "40"}]')
    assert resized is not None
    assert (resized[0], json.loads(resized[1])) == (b"M", {"type": "resize", "width": COLUMNS[1], "height": 40})
    assert packet_of('["focus"]') == (b"M", b'{"type": "focus"}')
    assert ping_of('["ping", "12"]') == "12"


@pytest.mark.parametrize(
    "message",
    [
        "",
        "{",
        "[]",
        "{}",
        "1",
        "null",
        '["stdin"]',
        '["stdin", 1]',
        '["resize", 1]',
        '["quit"]',
        '["exit"]',
        "[" * 9_000,
    ],
)
def test_what_is_no_message_says_nothing(message: str) -> None:
    assert packet_of(message) is None
    assert ping_of(message) is None


@given(json_values, st.sampled_from(["stdin", "resize", "focus", "blur", "ping", "quit"]))
def test_whatever_a_message_holds_what_comes_of_it_is_small_and_ours(content: object, kind: str) -> None:
    message = json.dumps([kind, content])
    packet = packet_of(message)
    ping_of(message)
    if packet is not None and packet[0] == b"M":
        meta = json.loads(packet[1])
        assert meta["type"] in ("resize", "focus", "blur")
        if meta["type"] == "resize":
            assert COLUMNS[0] <= meta["width"] <= COLUMNS[1]
            assert ROWS[0] <= meta["height"] <= ROWS[1]


def test_a_flood_is_held_up_to_what_a_screen_can_read() -> None:
    allowance = Allowance()
    now = 1_000.0
    sent = 0
    for _ in range(10_000):
        now += allowance.seconds_to_wait(50_000, now)
        sent += 50_000
    assert sent / (now - 1_000.0) == pytest.approx(RATE, rel=0.01)


def test_a_paste_and_a_fast_typist_wait_for_nothing() -> None:
    allowance = Allowance()
    assert allowance.seconds_to_wait(BURST, 1_000.0) == 0
    assert allowance.seconds_to_wait(1, 1_000.0) == pytest.approx(LEAST_COST / RATE)
    typist = Allowance()
    assert sum(typist.seconds_to_wait(30, 1_000.0 + number / 200) for number in range(10_000)) == 0
