from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.color import Color
from rich.style import Style
from textual.color import Color as TextualColor
from textual.theme import BUILTIN_THEMES

from tui.app.colours.contrast import TEXT, ratio
from tui.app.colours.readable import paper_of
from tui.app.log.style import CompilerColours, highlighted, line_strip
from tui.app.rows.draw import over
from tui.building.log.sgr import SgrStyle, display

MARK = Style(reverse=True)
RED = CompilerColours(lambda _: Style(), None).style


NAMED = {"error": "#ff0000", "muted": "#777777"}


def named(role: str) -> Style:
    return Style(color=NAMED.get(role, "#ffffff"))


def test_the_terminals_own_colours_stay_as_they_are() -> None:
    style = CompilerColours(named, None).style(SgrStyle(foreground=1, background=(1, 2, 3), bold=True))
    assert (style.color, style.bgcolor, style.bold) == (Color.from_ansi(1), Color.from_rgb(1, 2, 3), True)


@pytest.mark.parametrize("theme", ["textual-dark", "solarized-light"])
def test_in_other_themes_any_colour_reads(theme: str) -> None:
    paper = paper_of({**BUILTIN_THEMES[theme].to_color_system().generate(), **BUILTIN_THEMES[theme].variables})
    colours = CompilerColours(named, paper)
    assert colours.style(SgrStyle(foreground=1, bold=True)) == Style(color="#ff0000", bold=True)
    assert colours.style(SgrStyle(dim=True)) == named("muted")
    for given_colour in (16, 232, 255, 100, (1, 2, 3), (250, 250, 250), (128, 128, 128)):
        drawn = colours.style(SgrStyle(foreground=given_colour)).color
        assert drawn is not None
        assert all(ratio(TextualColor.from_rich_color(drawn), ground) >= TEXT for ground in paper[:-1])
        for background in (None, 0, 11, (90, 90, 90)):
            both = colours.style(SgrStyle(foreground=given_colour, background=background or (40, 40, 40)))
            assert both.color is not None
            assert both.bgcolor is not None
            pair = (TextualColor.from_rich_color(each) for each in (both.color, both.bgcolor))
            assert ratio(*pair) >= TEXT


def test_a_line_without_colours_is_one_segment_with_them_several() -> None:
    assert [segment.text for segment in line_strip("plain", Style(), RED)] == ["plain"]
    strip = line_strip("a\x1b[31mb", Style(), RED)
    assert [(segment.text, segment.style and segment.style.color) for segment in strip][1] == ("b", Color.from_ansi(1))
    assert [segment.text for segment in line_strip("a\x1b[31mb", Style())] == ["ab"]


def test_matches_are_marked_over_colours() -> None:
    strip = highlighted(line_strip("ab\x1b[31mcd\x1b[0mef", Style(bgcolor="blue"), RED), [(1, 3), (3, 4)], MARK)
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
    strip = highlighted(line_strip(line, Style(), RED), [span] if span[0] < span[1] else [], MARK)
    assert strip.text == text
    marked = "".join(segment.text for segment in strip if segment.style and segment.style.reverse)
    assert marked == text[span[0] : span[1]]
