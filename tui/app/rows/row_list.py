"""A list of rows drawn line by line: cursor, mouse, folding. One widget for thousands of rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip

from tui.app.colours.roles import Line
from tui.app.keys.handlers import Handlers
from tui.app.messages import TabTurned
from tui.app.rows.cursor import Cursor, Direction, leap_page, walk
from tui.app.rows.draw import is_in_use
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import plain
from tui.app.rows.painter import GUTTER, RowPainter
from tui.app.rows.scroll_bars import PlainScrollBar
from tui.app.rows.selectable import with_selection
from tui.app.rows.stack import RowStack
from tui.app.rows.table import Column, Row

Fill = Callable[[int], Sequence[Row]]


@dataclass
class RowHighlighted(Message):
    """The cursor came to another row."""

    rows: RowList
    row: Row

    @property
    def control(self) -> RowList:
        """The list that the row is in."""
        return self.rows


@dataclass
class RowSelected(Message):
    """Enter, or a click on the row under the cursor."""

    rows: RowList
    row: Row

    @property
    def control(self) -> RowList:
        """The list that the row is in."""
        return self.rows


class RowsLaidOut(Message):
    """The rows take another number of lines than before."""


class RowList(ScrollView, can_focus=True, inherit_bindings=False):
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
    # The other keys (j k g G ctrl+d ctrl+u enter) are the action table's.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pagedown", "page(1)", "page down", show=False),
        Binding("pageup", "page(-1)", "page up", show=False),
        Binding("right,l", "fold(False)", "unfold", show=False),
        Binding("left,h", "fold(True)", "fold", show=False),
    ]

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
        self.cursor = Cursor(self.stack)
        self.cursor_shows = False  # without the focus, too
        self.painter = RowPainter(self, self.stack, self.glyphs)
        self.pinned: Line | None = None  # what the first line says, wherever one has scrolled to
        self._fill: Fill | None = None
        self._laid_out_for = -1
        self._clicked = False  # the cursor is where a click brought it

    def handlers(self) -> Handlers:
        """What the action table reaches here."""
        return {**walk(self), "open": self.open_row}

    # -- rows in

    def set_rows(self, rows: Sequence[Row], *, keep_cursor: bool = True) -> None:
        """Show these rows. The cursor stays on the row with the same key, or near where it was."""
        was = self.row if keep_cursor else None
        if not keep_cursor:
            self.cursor.place = 0
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

    def lay_out(self, was: Row | None) -> None:
        """Lay the rows out, and bring the cursor back to the row `was`."""
        self._laid_out_for = self.row_width
        self.stack.lay_out(self.row_width)
        self.painter.forget()
        found = self.stack.find(was.key) if was else None
        self.cursor.place = self.stack.nearest(self.cursor.place if found is None else found)
        before = self.virtual_size.height
        self.virtual_size = Size(self.scrollable_content_region.width, self.stack.height)
        if self.stack.height != before:
            self.post_message(RowsLaidOut())
        self.refresh()
        self.announce(was)

    @property
    def row_width(self) -> int:
        """The cells that a row has."""
        return max(self.scrollable_content_region.width - GUTTER, 1)

    # -- the cursor

    @property
    def row(self) -> Row | None:
        """The row under the cursor."""
        shown, place = self.stack.shown, self.cursor.place
        return shown[place] if 0 <= place < len(shown) else None

    @property
    def page(self) -> int:
        """The lines that show at once."""
        return self.scrollable_content_region.height

    def go(self, place: int) -> None:
        """Put the cursor on a shown row, and scroll until the row shows."""
        was, before = self.row, self.cursor.place
        self.cursor.place = self.stack.nearest(place)
        self._clicked = self._clicked and self.cursor.place == before
        if self.cursor.place != before:
            self.redraw_row(before)
            self.redraw_row(self.cursor.place)
        self.scroll_to_cursor()
        self.announce(was)

    def go_to_key(self, key: str) -> bool:
        """Put the cursor on the row of that key; False where there is none."""
        index = self.stack.find(key)
        if index is not None:
            self.go(index)
        return index is not None

    def go_first(self) -> None:
        """To the first row."""
        self.go(0)
        self.scroll_to(y=0, animate=False)

    def go_last(self) -> None:
        """To the last row."""
        self.go(self.stack.nearest(self.stack.last, -1))
        self.scroll_to(y=self.max_scroll_y, animate=False)

    def nudge(self, step: Direction, lines: int = 1) -> None:
        """Scroll what cannot be stood on into sight."""
        self.scroll_relative(y=step * lines, animate=False)

    def scroll_to_cursor(self) -> None:
        """Bring the cursor's row into sight, the headings above the first row with it; below what is pinned."""
        if self.row is None:
            return
        place = self.cursor.place
        top = 0 if place == self.stack.nearest(0) else self.stack.tops[place]
        self.scroll_to_region(Region(0, top, 1, self.stack.tops[place + 1] - top), animate=False, force=True)
        if self.pinned is not None and self.stack.tops[place] <= self.scroll_offset.y:
            self.scroll_to_region(Region(0, max(self.stack.tops[place] - 1, 0), 1, 2), animate=False, force=True)

    def announce(self, was: Row | None) -> None:
        """Tell where the cursor is, if that is not where it was."""
        row = self.row
        if row is not None and row.selectable and (was is None or was.key != row.key):
            self.post_message(RowHighlighted(self, row))

    def action_page(self, step: Direction) -> None:
        """A page down or up."""
        leap_page(self, step)

    def open_row(self) -> None:
        """Open the row under the cursor."""
        if (row := self.row) is not None and row.selectable:
            self.post_message(RowSelected(self, row))

    def action_fold(self, fold: bool) -> None:
        """Fold or unfold the branch under the cursor; folding inside a branch goes to its head. Where there is nothing
        to fold, the tab beside this one is meant.
        """
        row = self.row
        if row is not None and row.branch and (row.key in self.stack.folded) != fold:
            self.toggle_fold(row)
        elif row is not None and fold and (parent := self.stack.parent(self.cursor.place)) is not None:
            self.go(parent)
        else:
            self.post_message(TabTurned(-1 if fold else 1))

    def toggle_fold(self, row: Row) -> None:
        """Fold or unfold a branch."""
        self.stack.folded ^= {row.key}
        self.lay_out(self.row)

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the row that was clicked; a click on its fold mark folds, a second one on it opens it."""
        offset = event.get_content_offset(self)
        if offset is None or (line := offset.y + self.scroll_offset.y) >= self.stack.height:
            return
        index = self.stack.at(line)
        row = self.stack.shown[index]
        if not row.selectable:
            return
        again = index == self.cursor.place and (self._clicked or event.chain > 1)
        self.go(index)
        self._clicked = True
        if row.branch and offset.x < GUTTER + 2 * row.level + 2:
            self.toggle_fold(row)
        elif again:
            self.open_row()

    # -- drawing

    def on_mount(self) -> None:
        """Take the scroll bar that the alphabet asks for."""
        if self.glyphs.ascii:
            self.vertical_scrollbar.renderer = PlainScrollBar  # type: ignore[misc]

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
        self.redraw_row(self.cursor.place)

    def on_blur(self) -> None:
        """Hide the cursor's mark; a click that comes back is a first one."""
        self._clicked = False
        self.redraw_row(self.cursor.place)

    def notify_style_update(self) -> None:
        """Forget the strips of another theme."""
        self.painter.forget_styles()
        super().notify_style_update()

    def redraw_row(self, index: int) -> None:
        """Draw the lines of one shown row again."""
        if 0 <= index < len(self.stack.shown):
            top, end = self.stack.tops[index], self.stack.tops[index + 1]
            self.painter.forget_lines(top, end)
            self.refresh_lines(top, end - top)

    def render_line(self, y: int) -> Strip:
        """One line of the widget."""
        line = y + self.scroll_offset.y
        width = self.scrollable_content_region.width
        if not y and self.pinned is not None:
            return self.painter.strip(self.pinned, width)
        if line >= self.stack.height:
            return Strip.blank(width, self.rich_style)
        index = self.stack.at(line)
        here = index == self.cursor.place and self.stack.shown[index].selectable
        marked = here and (self.cursor_shows or is_in_use(self))
        strip = self.painter.line(line, width, marked=marked)
        return with_selection(self, strip, line).apply_offsets(0, line)

    # -- selection by mouse

    def selectable_text(self) -> str:
        """All lines, as the mouse selects from them."""
        lines = (" " * GUTTER + plain(self.stack.line(line)).rstrip() for line in range(self.stack.height))
        return "\n".join(lines)

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The text under the mouse's selection."""
        return selection.extract(self.selectable_text()), "\n"

    def selection_updated(self, selection: Selection | None) -> None:  # noqa: ARG002
        """Draw the selection."""
        self.refresh()
