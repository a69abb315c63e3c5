"""A list of rows drawn line by line: cursor, vim keys, mouse, folding. One widget for thousands of rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style as RichStyle
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip

from tui.app.glyphs import Glyphs
from tui.app.lines import fit, pad, plain
from tui.app.roles import Line, Part, style_of
from tui.app.row_stack import RowStack
from tui.app.selectable import SelectableLines
from tui.app.table import Column, Row

Fill = Callable[[int], Sequence[Row]]
GUTTER = 2  # cells left of each row: the cursor's mark and a blank


class RowList(SelectableLines, can_focus=True):
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
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", "down", show=False, id="rows.down"),
        Binding("up,k", "move(-1)", "up", show=False, id="rows.up"),
        Binding("g,home", "first", "first row", show=False, id="rows.first"),
        Binding("G,end", "last", "last row", show=False, id="rows.last"),
        Binding("ctrl+d,pagedown", "page(1)", "page down", show=False, id="rows.page_down"),
        Binding("ctrl+u,pageup", "page(-1)", "page up", show=False, id="rows.page_up"),
        Binding("enter", "select", "open", show=False, id="rows.select"),
        Binding("right,l", "fold(False)", "unfold", show=False, id="rows.unfold"),
        Binding("left,h", "fold(True)", "fold", show=False, id="rows.fold"),
    ]
    CURSOR_STAYS: ClassVar[bool] = False  # the cursor shows without focus too

    @dataclass
    class Highlighted(Message):
        """The cursor came to another row."""

        rows: RowList
        row: Row

        @property
        def control(self) -> RowList:
            """The list that the row is in."""
            return self.rows

    @dataclass
    class Selected(Message):
        """Enter, or a click on the row under the cursor."""

        rows: RowList
        row: Row

        @property
        def control(self) -> RowList:
            """The list that the row is in."""
            return self.rows

    def __init__(
        self,
        *,
        glyphs: Glyphs | None = None,
        columns: Sequence[Column] = (),
        id: str | None = None,  # noqa: A002
    ) -> None:
        super().__init__(id=id)
        self.glyphs = glyphs or Glyphs()
        self.stack = RowStack(self.glyphs, columns)
        self.cursor = 0  # index into stack.shown
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
        self._lay_out(was)

    def fill(self, make: Fill, *, keep_cursor: bool = True) -> None:
        """Show what `make(width)` gives, now and whenever the width changes."""
        self._fill = make
        self.set_rows(make(self.row_width), keep_cursor=keep_cursor)

    def update_row(self, row: Row) -> None:
        """Replace the row of the same key, and draw it again."""
        index = self.stack.replace(row)
        if index is None:
            self._lay_out(self.row)
        else:
            self._redraw_row(index)

    @property
    def row_width(self) -> int:
        """The cells that a row has."""
        return max(self.scrollable_content_region.width - GUTTER, 1)

    @property
    def row(self) -> Row | None:
        """The row under the cursor."""
        shown = self.stack.shown
        return shown[self.cursor] if 0 <= self.cursor < len(shown) else None

    def _lay_out(self, was: Row | None) -> None:
        """Lay the rows out, and bring the cursor back to the row `was`."""
        self._laid_out_for = self.row_width
        self.stack.lay_out(self.row_width)
        self._strips.clear()
        found = self.stack.find(was.key) if was else None
        self.cursor = self.stack.nearest(self.cursor if found is None else found)
        self.virtual_size = Size(self.scrollable_content_region.width, self.stack.height)
        self.refresh()
        self._announce(was)

    # -- the cursor

    def move_to(self, index: int) -> None:
        """Put the cursor on a shown row, and scroll until the row shows."""
        was, before = self.row, self.cursor
        self.cursor = self.stack.nearest(index)
        if self.cursor != before:
            self._redraw_row(before)
            self._redraw_row(self.cursor)
        self.scroll_to_cursor()
        self._announce(was)

    def move_to_key(self, key: str) -> bool:
        """Put the cursor on the row of that key; False where there is none."""
        index = self.stack.find(key)
        if index is not None:
            self.move_to(index)
        return index is not None

    def scroll_to_cursor(self) -> None:
        """Bring the cursor's row into sight, and the headings above the first row with it."""
        if self.row is not None:
            top = 0 if self.cursor == self.stack.nearest(0) else self.stack.tops[self.cursor]
            height = self.stack.tops[self.cursor + 1] - top
            self.scroll_to_region(Region(0, top, 1, height), animate=False, force=True)

    def _announce(self, was: Row | None) -> None:
        row = self.row
        if row is not None and row.selectable and (was is None or was.key != row.key):
            self.post_message(self.Highlighted(self, row))

    def action_move(self, step: int) -> None:
        """Move by one row; past the last one, scroll."""
        shown, place = self.stack.shown, self.cursor + step
        while 0 <= place < len(shown) and not shown[place].selectable:
            place += step
        if 0 <= place < len(shown):
            self.move_to(place)
        else:
            self.scroll_relative(y=step, animate=False)

    def action_page(self, direction: int) -> None:
        """Move by a page less one line."""
        if self.row is None:
            return
        page = max(self.scrollable_content_region.height - 1, 1)
        index = self.stack.at(max(self.stack.tops[self.cursor] + direction * page, 0))
        self.move_to(self.stack.nearest(index + direction * (index == self.cursor), direction))

    def action_first(self) -> None:
        """Move to the first row."""
        self.move_to(0)
        self.scroll_to(y=0, animate=False)

    def action_last(self) -> None:
        """Move to the last row."""
        self.move_to(self.stack.nearest(len(self.stack.shown) - 1, -1))
        self.scroll_to(y=self.max_scroll_y, animate=False)

    def action_select(self) -> None:
        """Open the row under the cursor."""
        if (row := self.row) is not None and row.selectable:
            self.post_message(self.Selected(self, row))

    def action_fold(self, fold: bool) -> None:
        """Fold or unfold the branch under the cursor; folding inside a branch goes to its head."""
        row = self.row
        if row is None:
            return
        if row.branch and (row.key in self.stack.folded) != fold:
            self.toggle_fold(row)
        elif fold and (parent := self.stack.parent(self.cursor)) is not None:
            self.move_to(parent)

    def toggle_fold(self, row: Row) -> None:
        """Fold or unfold a branch."""
        self.stack.folded ^= {row.key}
        self._lay_out(self.row)

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the row that was clicked; a click on its fold mark folds, one on the cursor opens it."""
        offset = event.get_content_offset(self)
        if offset is None or (line := offset.y + self.scroll_offset.y) >= self.stack.height:
            return
        index = self.stack.at(line)
        row = self.stack.shown[index]
        if not row.selectable:
            return
        again = index == self.cursor
        self.move_to(index)
        if row.branch and offset.x < GUTTER + 2 * row.level + 2:
            self.toggle_fold(row)
        elif again or event.chain > 1:
            self.action_select()

    # -- drawing

    def on_resize(self) -> None:
        """Lay out for the new width."""
        if self._laid_out_for == self.row_width:
            return
        if self._fill is not None:
            self.stack.take(self._fill(self.row_width))
        self._lay_out(self.row)
        self.scroll_to_cursor()

    def on_focus(self) -> None:
        """Show the cursor's mark."""
        self._redraw_row(self.cursor)

    def on_blur(self) -> None:
        """Hide the cursor's mark."""
        self._redraw_row(self.cursor)

    def notify_style_update(self) -> None:
        """Forget the strips of another theme."""
        self._strips.clear()
        self._styles.clear()
        super().notify_style_update()

    def _redraw_row(self, index: int) -> None:
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
        base = "cursor" if marked else ""
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
