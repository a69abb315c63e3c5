"""A list of rows drawn line by line: cursor, mouse, folding. One widget for thousands of rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.reactive import Reactive
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip

from tui.app.keys.handlers import Handlers
from tui.app.messages import TabTurned
from tui.app.rows.cursor import Direction, leap_page, walk
from tui.app.rows.draw import is_in_use
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import plain
from tui.app.rows.painter import GUTTER, RowPainter
from tui.app.rows.scroll_bars import PlainScrollBar
from tui.app.rows.selectable import with_selection
from tui.app.rows.stack import RowStack
from tui.app.rows.steps import RowSteps
from tui.app.rows.table import Column, Row
from tui.app.terminal.textual_private import resize_rows

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
    ]

    virtual_size: Reactive[Size] = Reactive(Size(0, 0))  # see resize_rows

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
        self.steps = RowSteps(self, self.stack, self._moved)
        self.cursor = self.steps.cursor
        self.cursor_shows = False  # without the focus, too
        self.painter = RowPainter(self, self.stack, self.glyphs)
        self._fill: Fill | None = None
        self._laid_out_for = -1
        self._came_ahead = False  # the rows are laid out for a width that the list has from the next resize on
        self._rows_seen = 0  # at the height before this one
        self._clicked = False  # the cursor is where a click brought it

    def handlers(self) -> Handlers:
        """What the action table reaches here."""
        folds = {"fold": partial(self.fold, True), "unfold": partial(self.fold, False)}
        return {**walk(self.steps), **folds, "open": self.open_row}

    # -- rows in

    def set_rows(self, rows: Sequence[Row], *, keep_cursor: bool = True) -> None:
        """Show these rows. The cursor stays on the row with the same key, or near where it was."""
        was = self.row if keep_cursor else None
        if not keep_cursor:
            self.cursor.place = 0
            self.scroll_to(y=0, animate=False)
        self.stack.fill(rows)
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
        """Lay the rows out, and bring the cursor back to the row `was`; where it was seen, it stays so."""
        seen = was is not None and self.steps.in_sight(self.steps.page)
        self._laid_out_for = self.row_width
        self.steps.lay_out(self.row_width, was)
        self.painter.forget()
        before = self.virtual_size.height
        resize_rows(self, Size(self.scrollable_content_region.width, self.stack.height))
        if self.stack.height != before:
            self.post_message(RowsLaidOut())
        if seen and not self.steps.in_sight(self.steps.page):
            self.steps.into_sight()
        self.refresh()
        self.announce(was)

    def lay_out_ahead(self, width: int) -> None:
        """The list is about to be so many cells wide: lay its rows out for that before it is, so that a height that is
        theirs is right in the first frame.
        """
        width -= self.scrollbar_size_vertical
        row_width = max(width - GUTTER, 1)
        if row_width == self._laid_out_for:
            return
        was = self.row
        if self._fill is not None:
            self.stack.fill(self._fill(row_width))
        self._laid_out_for = row_width
        self.steps.lay_out(row_width, was)
        self.painter.forget()
        self.set_reactive(RowList.virtual_size, Size(width, self.stack.height))
        self._came_ahead = True
        self.announce(was)

    @property
    def row_width(self) -> int:
        """The cells that a row has."""
        return max(self.scrollable_content_region.width - GUTTER, 1)

    # -- the cursor

    @property
    def row(self) -> Row | None:
        """The row under the cursor."""
        return self.steps.row

    def _moved(self, before: int, was: Row | None) -> None:
        self._clicked = self._clicked and self.cursor.place == before
        if self.cursor.place != before:
            self.redraw_row(before)
            self.redraw_row(self.cursor.place)
        self.announce(was)

    def announce(self, was: Row | None) -> None:
        """Tell where the cursor is, if that is not where it was."""
        row = self.row
        if row is not None and row.selectable and (was is None or was.key != row.key):
            self.post_message(RowHighlighted(self, row))

    def action_page(self, step: Direction) -> None:
        """A page down or up."""
        leap_page(self.steps, step)

    def open_row(self) -> None:
        """Open the row under the cursor."""
        if (row := self.row) is not None and row.selectable:
            self.post_message(RowSelected(self, row))

    def fold(self, fold: bool) -> None:
        """Fold or unfold the branch under the cursor; folding inside a branch goes to its head. Where there is nothing
        to fold, the tab beside this one is meant.
        """
        row = self.row
        if row is not None and row.branch and (row.key in self.stack.folded) != fold:
            self.toggle_fold(row)
        elif row is not None and fold and (parent := self.stack.parent(self.cursor.place)) is not None:
            self.steps.go(parent)
        else:
            self.post_message(TabTurned(-1 if fold else 1))

    def toggle_fold(self, row: Row) -> None:
        """Fold or unfold a branch."""
        self.stack.folded ^= {row.key}
        self.lay_out(self.row)

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the row that was clicked; a click on its fold mark folds, a second one on it opens it."""
        found = self.steps.under(event)
        if found is None or not self.stack.shown[found[0]].selectable:
            return
        index, inside = found
        row = self.stack.shown[index]
        again = index == self.cursor.place and (self._clicked or event.chain > 1)
        self.steps.go(index)
        self._clicked = True
        if row.branch and inside.x < 2 * row.level + 2:
            self.toggle_fold(row)
        elif again:
            self.open_row()

    # -- drawing

    def on_mount(self) -> None:
        """Take the scroll bar that the alphabet asks for."""
        if self.glyphs.ascii:
            self.vertical_scrollbar.renderer = PlainScrollBar  # type: ignore[misc]

    def on_resize(self) -> None:
        """Lay out for the new width; in a new height alone a cursor that is seen stays so, with what is above the first
        row. Who scrolled away from it is left where they are.
        """
        before, self._rows_seen = self._rows_seen, self.scrollable_content_region.height
        ahead, self._came_ahead = self._came_ahead, False
        if self._laid_out_for == self.row_width:
            if ahead or self.steps.in_sight(before):
                self.steps.into_sight()
            return
        if self._fill is not None:
            self.stack.fill(self._fill(self.row_width))
        self.lay_out(self.row)
        self.steps.into_sight()

    @on(events.Focus)
    @on(events.Blur)
    def show_use(self) -> None:
        """Show the cursor's mark, or hide it; a click that comes back is a first one."""
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
        if not y and self.steps.pinned is not None:
            return self.painter.strip(self.steps.pinned, width)
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
