"""Text from outside made harmless, and numbers made readable."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tui.text import ELLIPSIS, human_bytes, human_seconds, plural, printable, readable


@given(st.text(alphabet=st.characters()))
@example("\x1b]0;title\x07\u202e\u200b\ud800\u2028\x9b")
def test_nothing_that_moves_hides_or_reorders_comes_through(text: str) -> None:
    shown = printable(text)
    assert {unicodedata.category(character) for character in shown}.isdisjoint(
        {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    )
    shown.encode()


@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "S", "Zs", "Mn"])))
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert printable(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\tb\r\n", "a\\tb\\r\\n"),
        ("\x1b[2J", "\\e[2J"),
        ("\0\x7f\x9b", "\\0\\x7f\\x9b"),
        ("\u202eexe", "\\u202eexe"),
        ("\U000e0001", "\\U000e0001"),
        ("\udcff", "\\xff"),
        ("\ud800", "\\ud800"),
        ("目 [/x] é", "目 [/x] é"),
    ],
)
def test_escapes_are_readable(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_long_text_is_cut() -> None:
    assert printable("abcdef", 6) == "abcdef"
    assert printable("abcdefg", 6) == "abcde" + ELLIPSIS
    assert printable("\n\n\n", 2) == "\\n" + ELLIPSIS
    assert printable("ab", 0) == ELLIPSIS


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 KB"),
        (9_949, "9.9 KB"),
        (9_950, "10 KB"),
        (118_400, "118 KB"),
        (999_499, "999 KB"),
        (999_500, "1.0 MB"),
        (4_509_098, "4.5 MB"),
        (3 * 10**12, "3.0 TB"),
    ],
)
def test_sizes(count: int, shown: str) -> None:
    assert human_bytes(count) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0.0, "0 ms"), (0.08, "80 ms"), (0.1, "0.1 s"), (3.14, "3.1 s"), (59.96, "1 min 0 s"), (125.2, "2 min 5 s")],
)
def test_durations(seconds: float, shown: str) -> None:
    assert human_seconds(seconds) == shown


def test_counts() -> None:
    assert [plural(count, "line") for count in (0, 1, 2, 1204)] == ["0 lines", "1 line", "2 lines", "1,204 lines"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("\U0001f468\u200d\U0001f469", "\U0001f468\u200d\U0001f469"),
        ("a\u200db", "a\\u200db"),
        ("\u200dé", "\\u200dé"),
        ("é\u200d", "é\\u200d"),
        ("é\u202eé", "é\\u202eé"),
        ("é\u200d\u200dé", "é\\u200d\\u200dé"),
    ],
)
def test_joiners_stay_where_they_join(text: str, shown: str) -> None:
    assert readable(text) == shown
