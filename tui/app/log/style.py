"""Colours of a compiler as styles of the screen, and a line of a log as a strip of cells."""

from __future__ import annotations

from functools import lru_cache

from rich.cells import cell_len
from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui.app.rows.draw import over
from tui.building.log import sgr
from tui.building.log.sgr import Colour, SgrStyle


@lru_cache(maxsize=1024)
def rich_style(style: SgrStyle) -> Style:
    """The style of a run of compiler output."""
    return Style(
        color=_colour(style.foreground),
        bgcolor=_colour(style.background),
        bold=style.bold or None,
        dim=style.dim or None,
        italic=style.italic or None,
        underline=style.underline or None,
        reverse=style.reverse or None,
        strike=style.strike or None,
    )


def _colour(colour: Colour) -> Color | None:
    if colour is None:
        return None
    return Color.from_ansi(colour) if isinstance(colour, int) else Color.from_rgb(*colour)


def line_strip(text: str, base: Style, *, colours: bool = True) -> Strip:
    """A line as it came from the compiler, drawn on `base`, harmless, as wide as it is."""
    if not colours or "\x1b" not in text:
        shown = sgr.display(text)
        return Strip([Segment(shown, base)], cell_len(shown))
    return Strip([Segment(run, base + rich_style(style)) for run, style in sgr.segments(text)])


def highlighted(strip: Strip, spans: list[tuple[int, int]], style: Style) -> Strip:
    """The strip with these stretches of its text (in characters) in `style`."""
    if not spans:
        return strip
    text = strip.text
    cuts = [cell_len(text[:place]) for span in spans for place in span]
    width = strip.cell_length
    parts = strip.divide([*(cut for cut in cuts if cut < width), width])
    marked: list[Strip] = []
    position = 0
    starts = set(cuts[0::2])
    for part in parts:
        inside = position in starts and part.cell_length
        marked.append(over(part, style) if inside else part)
        position += part.cell_length
    return Strip.join(marked)
