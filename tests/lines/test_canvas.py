from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.lines.canvas import ASCII, UNICODE, cells, center, clip, clip_line, line_width, ljust, text_of, wrap


@pytest.mark.parametrize(("text", "width"), [("abc", 3), ("表示", 4), ("a\u0301", 1), ("✓▶╭", 3), ("", 0)])
def test_columns_of_a_text(text: str, width: int) -> None:
    assert cells(text) == width


@pytest.mark.parametrize(
    ("text", "width", "cut"), [("abcdef", 6, "abcdef"), ("abcdef", 4, "abc…"), ("表示", 3, "表…"), ("ab", 0, "")]
)
def test_clip(text: str, width: int, cut: str) -> None:
    assert clip(text, width) == cut


def test_padding() -> None:
    assert center("x", 4) == " x  "
    assert ljust("表", 4) == "表  "
    assert center("long", 2) == "long"


def test_a_line_is_cut_within_a_segment() -> None:
    line = (("abc", "label"), ("defgh", "muted"))
    assert clip_line((("abc", "label"), ("defgh", "muted")), 6) == (("abc", "label"), ("de…", "muted"))
    assert clip_line((line[0],), 3) == (("abc", "label"),)  # type: ignore[arg-type]


@given(st.text(), st.integers(1, 60))
def test_wrapped_lines_fit_and_lose_no_word(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert all(cells(line) <= max(width, 2) for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_a_wide_character_in_a_column_of_one() -> None:
    assert wrap("表示 a", 1) == ["表", "示", "a"]


@given(st.text(), st.integers(0, 40))
def test_clipped_text_fits(text: str, width: int) -> None:
    assert cells(clip(text, width)) <= width


def test_marks_differ_within_a_character_set() -> None:
    for glyphs in (UNICODE, ASCII):
        assert len({glyphs.present, glyphs.wrong, glyphs.missing, glyphs.unknown}) == 4
    assert all(str(part).isascii() for name in ASCII._fields for part in getattr(ASCII, name))


def test_text_of_lines() -> None:
    assert text_of([(("a", "label"), ("  ", "space")), ()]) == ("a", "")
    assert line_width((("表", "label"),)) == 2
