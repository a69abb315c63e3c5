"""Patterns of topics, and messages that came a moment ago."""

from __future__ import annotations

import pytest

from tui.running.local.triggers.topics import (
    MOST_REMEMBERED,
    SAME_SECONDS,
    PatternError,
    Repeats,
    is_wild,
    read_pattern,
)


@pytest.mark.parametrize(
    ("pattern", "good", "bad"),
    [
        ("orders", ["orders"], ["orders:new", "order", "xorders"]),
        ("orders:*", ["orders:new", "orders:"], ["orders", "orders:new:eu"]),
        ("orders:**", ["orders:new", "orders:new:eu"], ["orders"]),
        ("**", ["", "a", "a:b", "a\nb"], []),
        ("room:?", ["room:1", "room:é"], ["room:", "room:12", "room::"]),
        ("room:[a-c1]", ["room:a", "room:1"], ["room:d", "room:-"]),
        ("[^a]x", ["bx"], ["ax", "x"]),
        ("[!a]x", ["bx"], ["ax"]),
        ("a.b+(c)", ["a.b+(c)"], ["axb+(c)"]),
        ("[]a]", ["]", "a"], ["b"]),
    ],
)
def test_patterns(pattern: str, good: list[str], bad: list[str]) -> None:
    matcher = read_pattern(pattern)
    assert all(matcher.fullmatch(topic) for topic in good)
    assert not any(matcher.fullmatch(topic) for topic in bad)


@pytest.mark.parametrize("pattern", ["", "[", "[a", "a[z-a]"])
def test_what_is_no_pattern(pattern: str) -> None:
    with pytest.raises(PatternError):
        read_pattern(pattern)


def test_what_stands_for_more_than_itself() -> None:
    assert not is_wild("orders:new")
    assert all(map(is_wild, ("a*", "a?", "[a]")))


def test_a_message_counts_once_in_half_a_minute() -> None:
    now = [0.0]
    repeats = Repeats(lambda: now[0])
    assert repeats.is_new("t", b"{}")
    assert not repeats.is_new("t", b"{}")
    assert repeats.is_new("t", b"[]")
    assert repeats.is_new("t{", b"}")  # not the same bytes in another place
    now[0] = SAME_SECONDS - 0.1
    assert not repeats.is_new("t", b"{}")
    now[0] = SAME_SECONDS
    assert repeats.is_new("t", b"{}")


def test_the_oldest_message_is_forgotten_where_there_are_too_many() -> None:
    repeats = Repeats(lambda: 0.0)
    for number in range(MOST_REMEMBERED + 2):
        assert repeats.is_new("t", str(number).encode())
    assert not repeats.is_new("t", str(MOST_REMEMBERED).encode())
    assert repeats.is_new("t", b"0")
