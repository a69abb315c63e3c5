"""A cursor over rows: the keys, the mouse, folding. What the rows look like is the list's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.message import Message

from tui.app.rows.selectable import SelectableLines
from tui.app.rows.stack import RowStack
from tui.app.rows.table import Row

GUTTER = 2  # cells left of each row: the cursor's mark and a blank


@dataclass
class RowHighlighted(Message):
    """The cursor came to another row."""

    rows: RowCursor
    row: Row

    @property
    def control(self) -> RowCursor:
        """The list that the row is in."""
        return self.rows


@dataclass
class RowSelected(Message):
    """Enter, or a click on the row under the cursor."""

    rows: RowCursor
    row: Row

    @property
    def control(self) -> RowCursor:
        """The list that the row is in."""
        return self.rows


class RowCursor(SelectableLines, inherit_bindings=False):
    """Moves over the rows of a stack."""

    # The other keys (j k g G ctrl+d ctrl+u enter) are the action table's; it calls the methods below by their names.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pagedown", "page_down", "page down", show=False),
        Binding("pageup", "page_up", "page up", show=False),
        Binding("right,l", "fold(False)", "unfold", show=False),
        Binding("left,h", "fold(True)", "fold", show=False),
    ]

    def __init__(self, stack: RowStack, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.stack = stack
        self.cursor = 0  # index into stack.shown

    @property
    def row(self) -> Row | None:
        """The row under the cursor."""
        shown = self.stack.shown
        return shown[self.cursor] if 0 <= self.cursor < len(shown) else None

    def lay_out(self, was: Row | None) -> None:
        """Lay the rows out again, and bring the cursor back to the row `was`."""
        raise NotImplementedError

    def redraw_row(self, index: int) -> None:
        """Draw the lines of one shown row again."""
        raise NotImplementedError

    def move_to(self, index: int) -> None:
        """Put the cursor on a shown row, and scroll until the row shows."""
        was, before = self.row, self.cursor
        self.cursor = self.stack.nearest(index)
        if self.cursor != before:
            self.redraw_row(before)
            self.redraw_row(self.cursor)
        self.scroll_to_cursor()
        self.announce(was)

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

    def announce(self, was: Row | None) -> None:
        """Tell where the cursor is, if that is not where it was."""
        row = self.row
        if row is not None and row.selectable and (was is None or was.key != row.key):
            self.post_message(RowHighlighted(self, row))

    def action_cursor_down(self) -> None:
        """One row down."""
        self._step(1)

    def action_cursor_up(self) -> None:
        """One row up."""
        self._step(-1)

    def _step(self, step: int) -> None:
        """Move by one row; past the last one, scroll."""
        shown, place = self.stack.shown, self.cursor + step
        while 0 <= place < len(shown) and not shown[place].selectable:
            place += step
        if 0 <= place < len(shown):
            self.move_to(place)
        else:
            self.scroll_relative(y=step, animate=False)

    def action_half_page_down(self) -> None:
        """Half a page down."""
        self._leap(self.scrollable_content_region.height // 2)

    def action_half_page_up(self) -> None:
        """Half a page up."""
        self._leap(-(self.scrollable_content_region.height // 2))

    def action_page_down(self) -> None:
        """A page down, one line less."""
        self._leap(self.scrollable_content_region.height - 1)

    def action_page_up(self) -> None:
        """A page up, one line less."""
        self._leap(1 - self.scrollable_content_region.height)

    def _leap(self, lines: int) -> None:
        """Move by so many lines, by one row at least."""
        if self.row is None:
            return
        direction = -1 if lines < 0 else 1
        index = self.stack.at(max(self.stack.tops[self.cursor] + lines, 0))
        self.move_to(self.stack.nearest(index + direction * (index == self.cursor), direction))

    def action_cursor_top(self) -> None:
        """To the first row."""
        self.move_to(0)
        self.scroll_to(y=0, animate=False)

    def action_cursor_bottom(self) -> None:
        """To the last row."""
        self.move_to(self.stack.nearest(len(self.stack.shown) - 1, -1))
        self.scroll_to(y=self.max_scroll_y, animate=False)

    def action_open(self) -> None:
        """Open the row under the cursor."""
        if (row := self.row) is not None and row.selectable:
            self.post_message(RowSelected(self, row))

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
        self.lay_out(self.row)

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
            self.action_open()
