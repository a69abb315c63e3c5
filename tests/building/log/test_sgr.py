from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.building.log.sgr import PLAIN, SgrStyle, apply, display, segments, strip

RED = SgrStyle(foreground=1)


@pytest.mark.parametrize(
    ("line", "runs"),
    [
        ("plain", [("plain", PLAIN)]),
        ("", []),
        ("a\x1b[31mb\x1b[0mc", [("a", PLAIN), ("b", RED), ("c", PLAIN)]),
        ("\x1b[1;31mx", [("x", SgrStyle(foreground=1, bold=True))]),
        ("\x1b[38;5;200mx\x1b[39my", [("x", SgrStyle(foreground=200)), ("y", PLAIN)]),
        ("\x1b[48;2;1;2;3mx", [("x", SgrStyle(background=(1, 2, 3)))]),
        ("\x1b[38:2::1:2:3mx", [("x", SgrStyle(foreground=(1, 2, 3)))]),
        ("\x1b[38:2:1:2:3mx", [("x", SgrStyle(foreground=(1, 2, 3)))]),
        ("\x1b[38:5:7mx", [("x", SgrStyle(foreground=7))]),
        ("\x1b[4:3mx\x1b[4:0my", [("x", SgrStyle(underline=True)), ("y", PLAIN)]),
        ("\x1b[58;5;31;1mx", [("x", SgrStyle(bold=True))]),
        ("\x1b[97;100mx", [("x", SgrStyle(foreground=15, background=8))]),
        ("\x9b31mx", [("x", RED)]),
        ("\x1b[31m\x1b[2Jx", [("x", RED)]),
        ("\x1b[38;5;999mx", [("x", PLAIN)]),
        ("\x1b[38mx", [("x", PLAIN)]),
        ("\x1b[5;8mx", [("x", PLAIN)]),  # neither blinks nor hides
    ],
)
def test_colours_are_kept(line: str, runs: list[tuple[str, SgrStyle]]) -> None:
    assert segments(line) == runs


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("10%\r50%\r100%", "100%"),
        ("100%\r", "100%"),
        ("12345\b\b!!", "123!!"),
        ("abc\b", "abc"),
        ("\b\bab", "ab"),
        ("a\x1b[31mb\b\bX", "Xb"),
        ("ab\b\x1b[31m", "ab"),
        ("ab\b\x1b[31mX", "aX"),
    ],
)
def test_what_was_overwritten_is_not_shown(line: str, shown: str) -> None:
    assert display(line) == shown
    assert "".join(text for text, _ in segments(line)) == shown


@pytest.mark.parametrize(
    "escape",
    [
        "\x1b[2J",
        "\x1b[1;1H",
        "\x1b[?1049h",
        "\x1b[ q",
        "\x1b[>0c",
        "\x1b]0;title\x07",
        "\x1b]8;;http://x\x1b\\",
        "\x1b]52;c;AAAA\x9c",
        "\x1bPq#0\x1b\\",
        "\x1b_apc\x1b\\",
        "\x1b^pm\x1b\\",
        "\x1bXsos\x1b\\",
        "\x9d0;title\x9c",
        "\x90dcs\x9c",
        "\x1b(0",
        "\x1b)B",
        "\x1b#8",
        "\x1b%G",
        "\x1b7",
        "\x1bc",
        "\x1bM",
        "\x85",
        "\x07",
        "\x00",
        "\x0e",
        "\x0b",
        "\x7f",
    ],
)
def test_every_other_escape_is_dropped(escape: str) -> None:
    assert strip(f"a{escape}b") == "ab"
    assert "".join(text for text, _ in segments(f"a{escape}b")) == "ab"


def test_a_lone_escape_is_dropped() -> None:
    assert strip("ab\x1b") == "ab"
    assert strip("\x1b\x1b漢") == "漢"


def test_an_unended_title_hides_nothing() -> None:
    assert strip("\x1b]0;error: it failed") == "0;error: it failed"


def test_tabs_are_expanded_across_colours() -> None:
    assert strip("a\tb") == "a       b"
    assert display("abc\x1b[31m\tx\ty") == "abc     x       y"
    assert "".join(text for text, _ in segments("abc\x1b[31m\tx\ty")) == "abc     x       y"


def test_what_reorders_or_hides_text_is_spelt_out() -> None:
    assert display("a\u202eb\u200bc") == "a\\u202eb\\u200bc"


def test_markup_is_text() -> None:
    assert segments("[/x] [bold]") == [("[/x] [bold]", PLAIN)]


LINES = st.text(st.sampled_from("ab\x1b[]();:0123456789mHJP\\_\x07\x9b\x9d\x9c\t\x08é漢\u202e"), max_size=40)


@given(LINES)
def test_nothing_reaches_the_terminal_raw(line: str) -> None:
    runs = segments(line)
    text = "".join(run for run, _ in runs)
    assert text.isprintable()
    assert all(run for run, _ in runs)
    assert display(line) == text


@given(st.text(max_size=60))
def test_any_text(line: str) -> None:
    assert "\x1b" not in strip(line)
    assert "".join(run for run, _ in segments(line)) == display(line)


@given(st.text("0123456789;:", max_size=30))
def test_any_parameters(parameters: str) -> None:
    assert isinstance(apply(PLAIN, parameters), SgrStyle)


def test_a_long_run_of_openers_is_quick() -> None:
    assert strip("\x1b]" * 20_000 + "x") == "x"
