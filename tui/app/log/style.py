"""Colours of a compiler as styles of the screen, and a line of a log as a strip of cells."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from rich.cells import cell_len
from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.strip import Strip
from textual.widget import Widget

from tui.app.colours.contrast import TEXT, pole, pushed
from tui.app.colours.readable import SLACK, Paper, paper_of
from tui.app.rows.draw import over, role_style
from tui.building.log import sgr
from tui.building.log.sgr import Colour, SgrStyle

RunStyle = Callable[[SgrStyle], Style]
STYLES_KEPT: Final = 1024
# What a compiler means by the terminal's own colours, as roles of ours.
_MEANT: Final = ("muted", "error", "ok", "warn", "accent", "accent", "accent", "text")


class CompilerColours:
    """A compiler's colours as they read in the theme in use, on the cursor's row too."""

    def __init__(self, role: Callable[[str], Style], paper: Paper | None) -> None:
        """`role`: the style of a role. `paper`: what is written on; None: colours are the terminal's own."""
        self._role = role
        self._paper = paper
        self._styles: dict[SgrStyle, Style] = {}

    @classmethod
    def of(cls, widget: Widget) -> CompilerColours:
        """Those of the theme that a widget is drawn in."""
        app = widget.app
        paper = None if app.native_ansi_color else paper_of(app.theme_variables)
        return cls(lambda role: role_style(widget, role).rich_style, paper)

    def style(self, given: SgrStyle) -> Style:
        """The style of a run of compiler output."""
        style = self._styles.get(given)
        if style is None:
            if len(self._styles) >= STYLES_KEPT:
                self._styles.clear()
            style = self._styles[given] = self._coloured(given) + Style(
                bold=given.bold or None,
                italic=given.italic or None,
                underline=given.underline or None,
                reverse=given.reverse or None,
                strike=given.strike or None,
            )
        return style

    def _coloured(self, given: SgrStyle) -> Style:
        if self._paper is None:
            return Style.from_color(_native(given.foreground), _native(given.background)) + Style(dim=given.dim or None)
        if given.background is not None:
            ground = _known(given.background)
            letters = pole(ground) if given.foreground is None else _known(given.foreground)
            return Style.from_color(pushed(letters, ground, TEXT + SLACK).rich_color, ground.rich_color)
        if given.foreground is None:
            return self._role("muted") if given.dim else Style()
        if isinstance(given.foreground, int) and given.foreground < 16:
            return self._role(_MEANT[given.foreground % 8])
        return Style(color=self._paper.ink(_known(given.foreground)).rich_color)


def _native(colour: Colour) -> RichColor | None:
    if colour is None:
        return None
    return RichColor.from_ansi(colour) if isinstance(colour, int) else RichColor.from_rgb(*colour)


def _known(colour: int | tuple[int, int, int]) -> Color:
    """One of 256 colours as most terminals show it."""
    return Color(*RichColor.from_ansi(colour).get_truecolor()) if isinstance(colour, int) else Color(*colour)


def line_strip(text: str, base: Style, style: RunStyle | None = None) -> Strip:
    """A line as it came from the compiler, drawn on `base`, harmless, as wide as it is."""
    if style is None or "\x1b" not in text:
        shown = sgr.display(text)
        return Strip([Segment(shown, base)], cell_len(shown))
    return Strip([Segment(run, base + style(given)) for run, given in sgr.segments(text)])


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
