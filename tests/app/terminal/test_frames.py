"""What a frame of a few parts shows is what Textual's own would, whatever lies over what."""

from __future__ import annotations

import random

import pytest
from rich.style import Style
from textual._compositor import ChopsUpdate, Compositor
from textual.app import App, ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.geometry import Region
from textual.screen import Screen
from textual.widgets import Static

from tui.app.terminal.textual_private import DirtyParts, QuietScreen

WIDTH, HEIGHT = 60, 20
Cells = dict[tuple[int, int], tuple[str, Style | None]]


class Boxes(QuietScreen):
    """Widgets beside, in and over each other, some with edges, one that is scrolled."""

    CSS = """
    #left { width: 20; border: round red; background: $panel; }
    #right { width: 1fr; }
    #top { height: 5; border: ascii green; }
    #rows { height: 1fr; }
    #long { height: 40; background: blue 30%; }
    #over { layer: above; dock: bottom; height: 3; width: 30; margin: 0 4; background: $primary; }
    Boxes { layers: below above; }
    """

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield Static("left\n" * 8, id="left")
            with Vertical(id="right"):
                yield Static("top 漢字", id="top")
                with VerticalScroll(id="rows"):
                    yield Static("\n".join(f"row {number}" * 4 for number in range(40)), id="long")
        yield Static("over all", id="over")


class BoxesApp(App[None]):
    def get_default_screen(self) -> Screen[None]:
        return Boxes()


def cells(update: ChopsUpdate | None) -> Cells:
    """What a frame draws anew: line and column -> character and style."""
    found: Cells = {}
    if update is None:
        return found
    for y, start, end in update.spans:
        for x, strip in update.chops[y].items():
            column = x
            for text, style, _ in strip or ():
                for character in text:
                    if start <= column < end:
                        found[y, column] = (character, style)
                    column += 1
    return found


@pytest.mark.parametrize("seed", range(20))
async def test_a_frame_of_parts_is_what_the_whole_would_show(seed: int) -> None:
    chance, app = random.Random(seed), BoxesApp()
    async with app.run_test(size=(WIDTH, HEIGHT)):
        app.screen.query_one("#rows").scroll_to(y=chance.randrange(20), animate=False)
        await app.animator.wait_for_idle()
        ours = app.screen._compositor
        assert isinstance(ours, DirtyParts)
        for _ in range(20):
            parts = {
                Region(
                    chance.randrange(WIDTH), chance.randrange(HEIGHT), chance.randrange(1, 30), chance.randrange(1, 6)
                )
                for _ in range(chance.randrange(1, 5))
            }
            screen = Region(0, 0, WIDTH, HEIGHT)
            parts = {part.intersection(screen) for part in parts}
            ours._dirty_regions = set(parts)
            drawn = cells(ours.render_partial_update())
            ours._dirty_regions = set(parts)
            assert drawn == cells(Compositor.render_partial_update(ours))
            assert {(y, x) for part in parts for y in part.line_range for x in part.column_range} <= set(drawn)
