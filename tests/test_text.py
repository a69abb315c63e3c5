"""Text from outside made harmless, and numbers made readable."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tui.text import (
    ELLIPSIS,
    exact_bytes,
    human_bytes,
    human_seconds,
    memory_bytes,
    memory_pages,
    offset,
    percent,
    plural,
    printable,
    readable,
    signed_bytes,
    signed_percent,
)


def test_of_what_python_calls_printable_nothing_is_escaped() -> None:
    assert not [c for c in map(chr, range(0x110000)) if c.isprintable() and printable(c + "\n") != f"{c}\\n"]


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


def test_numbers_have_one_format() -> None:
    assert [signed_bytes(count) for count in (0, 4_100, -874)] == ["±0 B", "+4.1 KB", "-874 B"]
    assert [exact_bytes(count) for count in (1, 1_932_276)] == ["1 byte", "1,932,276 bytes"]
    assert [memory_pages(count) for count in (1, 2, 16)] == ["1 page (64 KiB)", "2 pages (128 KiB)", "16 pages (1 MiB)"]
    assert [memory_bytes(count) for count in (100, 1_572_864, 1 << 32)] == ["100 B", "1.5 MiB", "4 GiB"]
    assert [percent(share) for share in (0, 0.0001, 0.125, 1)] == ["0.0 %", "<0.1 %", "12.5 %", "100.0 %"]
    assert [signed_percent(change) for change in (0.004, -0.12)] == ["+0.4 %", "-12.0 %"]
    assert [offset(place) for place in (8, 0x1D2F)] == ["0x08", "0x1d2f"]
