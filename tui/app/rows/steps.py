"""The cursor of a list of rows, and the scrolling that follows it."""

from __future__ import annotations

from collections.abc import Callable

from textual import events
from textual.geometry import Offset, Region
from textual.scroll_view import ScrollView

from tui.app.colours.roles import Line
from tui.app.rows.cursor import Cursor, Direction
from tui.app.rows.painter import GUTTER
from tui.app.rows.stack import RowStack
from tui.app.rows.table import Row

Moved = Callable[[int, Row | None], None]  # the place that the cursor was on, and the row


class RowSteps:
    """Puts the cursor on rows, scrolls the view until they show, and tells `moved`."""

    def __init__(self, view: ScrollView, stack: RowStack, moved: Moved) -> None:
        self.view = view
        self.stack = stack
        self.moved = moved
        self.cursor = Cursor(stack)
        self.pinned: Line | None = None  # what the first line says, wherever one has scrolled to

    @property
    def row(self) -> Row | None:
        """The row under the cursor."""
        shown, place = self.stack.shown, self.cursor.place
        return shown[place] if 0 <= place < len(shown) else None

    @property
    def page(self) -> int:
        """The lines that show at once."""
        return self.view.scrollable_content_region.height

    def lay_out(self, width: int, was: Row | None) -> None:
        """Lay the rows out for that width, the cursor on the row `was`, else near where it was."""
        self.stack.lay_out(width)
        found = self.stack.find(was.key) if was else None
        self.cursor.place = self.stack.nearest(self.cursor.place if found is None else found)

    def go(self, place: int) -> None:
        """Put the cursor on a shown row, and scroll until the row shows."""
        was, before = self.row, self.cursor.place
        self.cursor.place = self.stack.nearest(place)
        self.moved(before, was)
        self.into_sight()

    def go_to_key(self, key: str) -> bool:
        """Put the cursor on the row of that key; False where there is none."""
        index = self.stack.find(key)
        if index is not None:
            self.go(index)
        return index is not None

    def under(self, event: events.Click) -> tuple[int, Offset] | None:
        """The shown row under the mouse, and where in it; None where there is none."""
        offset = event.get_content_offset(self.view)
        if offset is None or (line := offset.y + self.view.scroll_offset.y) >= self.stack.height:
            return None
        index = self.stack.at(line)
        return index, Offset(offset.x - GUTTER, line - self.stack.tops[index])

    def go_first(self) -> None:
        """To the first row."""
        self.go(0)
        self.view.scroll_to(y=0, animate=False)

    def go_last(self) -> None:
        """To the last row."""
        self.go(self.stack.nearest(self.stack.last, -1))
        self.view.scroll_to(y=self.view.max_scroll_y, animate=False)

    def nudge(self, step: Direction, lines: int = 1) -> None:
        """Scroll what cannot be stood on into sight."""
        self.view.scroll_relative(y=step * lines, animate=False)

    def in_sight(self, height: int) -> bool:
        """Whether the first line of the cursor's row is seen in a view of so many rows."""
        above = self.view.scroll_offset.y
        return self.row is not None and above <= self.stack.tops[self.cursor.place] < above + height

    def into_sight(self) -> None:
        """Bring the cursor's row into sight, below what is pinned; the headings above the first row with it, where both
        have room.
        """
        if self.row is None:
            return
        place, tops = self.cursor.place, self.stack.tops
        is_first = place == self.stack.nearest(0) and tops[place + 1] <= self.view.scrollable_content_region.height
        top = 0 if is_first else tops[place]
        self.view.scroll_to_region(Region(0, top, 1, tops[place + 1] - top), animate=False, force=True)
        if self.pinned is not None and tops[place] <= self.view.scroll_offset.y:
            self.view.scroll_to_region(Region(0, max(tops[place] - 1, 0), 1, 2), animate=False, force=True)
