"""A list of rows drawn line by line: cursor, vim keys, mouse, folding. One widget for thousands of rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.geometry import Size
from textual.strip import Strip

from tui.app.rows.cursor import GUTTER, RowCursor
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import fit, pad, plain
from tui.app.rows.selectable import AsciiScrollBarRender
from tui.app.rows.stack import RowStack
from tui.app.rows.table import Column, Row
from tui.app.shell.roles import Line, Part, style_of

Fill = Callable[[int], Sequence[Row]]


class RowList(RowCursor, can_focus=True):
    """Rows with a cursor. Rows come as they are, or from a function that lays them out for a width."""

    DEFAULT_CSS = """
    RowList {
        height: 1fr;
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-gutter: stable;
        scrollbar-size-vertical: 1;
    }
    """
    CURSOR_STAYS: ClassVar[bool] = False  # the cursor shows without focus too

    def __init__(
        self,
        *,
        glyphs: Glyphs | None = None,
        columns: Sequence[Column] = (),
        id: str | None = None,  # noqa: A002
    ) -> None:
        self.glyphs = glyphs or Glyphs()
        super().__init__(RowStack(self.glyphs, columns), id=id)
        self._fill: Fill | None = None
        self._laid_out_for = -1
        self._strips: dict[tuple[int, bool], Strip] = {}
        self._styles: dict[tuple[str, str], RichStyle] = {}

    # -- rows in

    def set_rows(self, rows: Sequence[Row], *, keep_cursor: bool = True) -> None:
        """Show these rows. The cursor stays on the row with the same key, or near where it was."""
        was = self.row if keep_cursor else None
        if not keep_cursor:
            self.cursor = 0
            self.scroll_to(y=0, animate=False)
        self.stack.take(rows)
        self.lay_out(was)

    def fill(self, make: Fill, *, keep_cursor: bool = True) -> None:
        """Show what `make(width)` gives, now and whenever the width changes."""
        self._fill = make
        self.set_rows(make(self.row_width), keep_cursor=keep_cursor)

    def update_row(self, row: Row) -> None:
        """Replace the row of the same key, and draw it again."""
        index = self.stack.replace(row)
        if index is None:
            self.lay_out(self.row)
        else:
            self.redraw_row(index)

    @property
    def row_width(self) -> int:
        """The cells that a row has."""
        return max(self.scrollable_content_region.width - GUTTER, 1)

    def lay_out(self, was: Row | None) -> None:
        """Lay the rows out, and bring the cursor back to the row `was`."""
        self._laid_out_for = self.row_width
        self.stack.lay_out(self.row_width)
        self._strips.clear()
        found = self.stack.find(was.key) if was else None
        self.cursor = self.stack.nearest(self.cursor if found is None else found)
        self.virtual_size = Size(self.scrollable_content_region.width, self.stack.height)
        self.refresh()
        self.announce(was)

    # -- drawing

    def on_mount(self) -> None:
        """Take the scroll bar that the alphabet asks for."""
        if self.glyphs.ascii:
            self.vertical_scrollbar.renderer = AsciiScrollBarRender  # type: ignore[misc]

    def on_resize(self) -> None:
        """Lay out for the new width."""
        if self._laid_out_for == self.row_width:
            return
        if self._fill is not None:
            self.stack.take(self._fill(self.row_width))
        self.lay_out(self.row)
        self.scroll_to_cursor()

    def on_focus(self) -> None:
        """Show the cursor's mark."""
        self.redraw_row(self.cursor)

    def on_blur(self) -> None:
        """Hide the cursor's mark."""
        self.redraw_row(self.cursor)

    def notify_style_update(self) -> None:
        """Forget the strips of another theme."""
        self._strips.clear()
        self._styles.clear()
        super().notify_style_update()

    def redraw_row(self, index: int) -> None:
        """Draw the lines of one shown row again."""
        if 0 <= index < len(self.stack.shown):
            top, end = self.stack.tops[index], self.stack.tops[index + 1]
            for line in range(top, end):
                self._strips.pop((line, False), None)
                self._strips.pop((line, True), None)
            self.refresh_lines(top, end - top)

    def render_line(self, y: int) -> Strip:
        """One line of the widget."""
        line = y + self.scroll_offset.y
        width = self.scrollable_content_region.width
        if line >= self.stack.height:
            return Strip.blank(width, self.rich_style)
        index = self.stack.at(line)
        marked = index == self.cursor and self.stack.shown[index].selectable and (self.has_focus or self.CURSOR_STAYS)
        strip = self._strips.get((line, marked))
        if strip is None:
            strip = self._strips[line, marked] = self._strip(self.stack.line(line), width, marked)
        return self.with_selection(strip, line).apply_offsets(0, line)

    def _strip(self, parts: Line, width: int, marked: bool) -> Strip:
        mark = self.glyphs["cursor"] if marked else " "
        base = ("cursor-16" if self.app.native_ansi_color else "cursor") if marked else ""
        whole = (Part(mark.ljust(GUTTER), "accent"), *fit(parts, width - GUTTER, self.glyphs["ellipsis"]))
        segments = [Segment(part.text, self._style(part.role, base)) for part in pad(whole, width)]
        return Strip(segments, width)

    def _style(self, role: str, base: str) -> RichStyle:
        """The style of a role on this widget's background, or on the cursor's."""
        key = (role, base)
        if key not in self._styles:
            parse = self.app.stylesheet.parse_style
            below = self.visual_style + parse(style_of(base)) if base else self.visual_style
            self._styles[key] = (below + parse(style_of(role))).rich_style
        return self._styles[key]

    def selectable_text(self) -> str:
        """All lines, as the mouse selects from them."""
        lines = (" " * GUTTER + plain(self.stack.line(line)).rstrip() for line in range(self.stack.height))
        return "\n".join(lines)
