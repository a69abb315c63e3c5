from __future__ import annotations

from collections.abc import Iterable

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.app import ComposeResult
from textual.geometry import Offset, Size
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip

from tests.app.screens import StyledApp
from tui.app.colours.themes import OURS
from tui.app.rows.selectable import selected, with_selection

LINES = ("plain line", "line on a ground", "last")
GROUND = Style.parse("red on blue")


class Lines(ScrollView):
    """Three lines, the second on a ground of its own."""

    def on_mount(self) -> None:
        self.virtual_size = Size(20, len(LINES))

    def render_line(self, y: int) -> Strip:
        if y >= len(LINES):
            return Strip.blank(20)
        return with_selection(self, Strip([Segment(LINES[y], GROUND if y == 1 else Style())]), y)


class LinesApp(StyledApp):
    """The lines alone."""

    def compose(self) -> ComposeResult:
        for theme in OURS:
            self.register_theme(theme)
        yield Lines()


def marked(strip: Iterable[Segment], plain: Style) -> str:
    """The text that is not drawn in the plain style."""
    return "".join(segment.text for segment in strip if segment.style != plain)


@pytest.mark.parametrize("theme", [*(theme.name for theme in OURS), "nord", "textual-light"])
async def test_a_selection_shows_on_any_ground_and_leaves_the_letters_legible(theme: str) -> None:
    app = LinesApp()
    async with app.run_test(size=(30, 6)) as pilot:
        app.theme = theme
        lines = app.query_one(Lines)
        app.screen.selections = {lines: Selection(Offset(6, 0), Offset(4, 1))}
        await pilot.pause()
        first, second, third = (lines.render_line(row) for row in range(3))
        assert marked(first, Style()) == "line"
        assert marked(second, GROUND) == "line"
        assert marked(third, Style()) == ""
        for segment in (*first, *second):
            assert segment.style is not None
            assert segment.style.color is None or segment.style.color != segment.style.bgcolor


def test_where_the_theme_gives_no_ground_it_is_reversed() -> None:
    (segment,) = selected(Strip([Segment("x", GROUND)]), Style(color="red"))
    assert segment.style is not None
    assert segment.style.reverse
