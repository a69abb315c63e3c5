from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.color import Color
from rich.style import Style

from tui.app.log.style import highlighted, line_strip, rich_style
from tui.app.rows.draw import over
from tui.building.log.sgr import SgrStyle, display

MARK = Style(reverse=True)


def test_colours_become_styles() -> None:
    style = rich_style(SgrStyle(foreground=1, background=(1, 2, 3), bold=True))
    assert (style.color, style.bgcolor, style.bold) == (Color.from_ansi(1), Color.from_rgb(1, 2, 3), True)


def test_a_line_without_colours_is_one_segment_with_them_several() -> None:
    assert [segment.text for segment in line_strip("plain", Style())] == ["plain"]
    strip = line_strip("a\x1b[31mb", Style())
    assert [(segment.text, segment.style and segment.style.color) for segment in strip][1] == ("b", Color.from_ansi(1))
    assert [segment.text for segment in line_strip("a\x1b[31mb", Style(), colours=False)] == ["ab"]


def test_matches_are_marked_over_colours() -> None:
    strip = highlighted(line_strip("ab\x1b[31mcd\x1b[0mef", Style(bgcolor="blue")), [(1, 3), (3, 4)], MARK)
    marked = "".join(segment.text for segment in strip if segment.style and segment.style.reverse)
    assert marked == "bcd"
    assert strip.text == "abcdef"


def test_a_style_laid_over_wins() -> None:
    strip = over(line_strip("a", Style(bgcolor="blue")), Style(bgcolor="red"))
    assert all(segment.style is not None and segment.style.bgcolor == Color.parse("red") for segment in strip)


@given(st.text("ab漢\x1b[3m1 ", max_size=30), st.integers(0, 30), st.integers(1, 30))
def test_marking_changes_no_text(line: str, start: int, length: int) -> None:
    text = display(line)
    span = (min(start, len(text)), min(start + length, len(text)))
    strip = highlighted(line_strip(line, Style()), [span] if span[0] < span[1] else [], MARK)
    assert strip.text == text
    marked = "".join(segment.text for segment in strip if segment.style and segment.style.reverse)
    assert marked == text[span[0] : span[1]]
