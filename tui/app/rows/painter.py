"""The lines of a stack of rows as strips of cells, kept while they may be drawn again."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.strip import Strip
from textual.widget import Widget

from tui.app.colours.roles import Line, Part
from tui.app.rows.draw import drawn_style
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import fit, pad
from tui.app.rows.stack import RowStack

GUTTER = 2  # cells left of each row: the cursor's mark and a blank
STRIPS_KEPT = 500  # several screens; a strip is some kilobytes, and a list may have many thousand lines


class RowPainter:
    """Draws in the colours of one widget. Only lines in sight are ever asked for."""

    def __init__(self, widget: Widget, stack: RowStack, glyphs: Glyphs) -> None:
        self.widget = widget
        self.stack = stack
        self.glyphs = glyphs
        self.strips: dict[tuple[int, bool], Strip] = {}
        self._styles: dict[tuple[str, bool], RichStyle] = {}

    def forget(self) -> None:
        """The rows are others now."""
        self.strips.clear()

    def forget_styles(self) -> None:
        """The theme is another now."""
        self.strips.clear()
        self._styles.clear()

    def forget_lines(self, top: int, end: int) -> None:
        """These lines say something else now."""
        for line in range(top, end):
            self.strips.pop((line, False), None)
            self.strips.pop((line, True), None)

    def line(self, line: int, width: int, *, marked: bool) -> Strip:
        """A line of the stack; `marked`: the cursor is on its row."""
        strip = self.strips.get((line, marked))
        if strip is None:
            if len(self.strips) >= STRIPS_KEPT:
                self.strips.clear()
            strip = self.strips[line, marked] = self.strip(self.stack.line(line), width, marked=marked)
        return strip

    def strip(self, parts: Line, width: int, *, marked: bool = False) -> Strip:
        """Parts as a line of the list, with the gutter at its left."""
        mark = self.glyphs["cursor"] if marked else " "
        whole = (Part(mark.ljust(GUTTER), "accent"), *fit(parts, width - GUTTER, self.glyphs["ellipsis"]))
        return Strip([Segment(part.text, self._style(part.role, marked)) for part in pad(whole, width)], width)

    def _style(self, role: str, marked: bool) -> RichStyle:
        """The style of a role on the widget's background, or on the cursor's."""
        key = (role, marked)
        if key not in self._styles:
            self._styles[key] = drawn_style(self.widget, role, self.widget.visual_style, cursor=marked)
        return self._styles[key]
