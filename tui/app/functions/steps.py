"""The cursor of the list of functions, and the scrolling that follows it."""

from __future__ import annotations

from collections.abc import Callable

from textual.geometry import Region, Size
from textual.scroll_view import ScrollView

from tui.app.functions.listing import Listing
from tui.app.rows.cursor import Cursor, Direction, PlainTrack
from tui.app.terminal.textual_private import resize_rows


class ListSteps:
    """Puts the cursor on rows that a person goes to, and keeps it on its line when rows are put otherwise."""

    def __init__(self, view: ScrollView, listing: Listing, moved: Callable[[int | None], None]) -> None:
        self.view = view
        self.listing = listing
        self.moved = moved  # told of the line that the cursor was on, where the rows are others; else of None
        self.cursor = Cursor(PlainTrack())

    @property
    def page(self) -> int:
        """The rows that show at once."""
        return self.view.size.height

    @property
    def line(self) -> int:
        """The line on screen that the cursor is on."""
        return self.listing.place - self.view.scroll_offset.y

    def go(self, place: int) -> None:
        """Put the cursor on a row because a person asked for it."""
        rows, line = self.listing.rows, self.line
        self.listing.go(place)
        if self.listing.rows is not rows:
            self.moved(line)
            return
        self.cursor.place = self.listing.place
        self.into_sight()
        self.moved(None)

    def go_first(self) -> None:
        """To the first."""
        self.go(0)

    def go_last(self) -> None:
        """To the last."""
        self.go(len(self.listing.rows) - 1)

    def nudge(self, step: Direction, lines: int = 1) -> None:
        """All rows can be stood on: there is nothing further."""

    # -- what shows

    def lay_out(self) -> None:
        """As many rows as there are now."""
        self.cursor.track = PlainTrack(len(self.listing.rows))
        self.cursor.place = self.listing.place
        resize_rows(self.view, Size(self.view.size.width, len(self.listing.rows)))

    def into_sight(self) -> None:
        """Scroll until the cursor's row shows."""
        if self.listing.rows and self.page:
            self.view.scroll_to_region(Region(0, self.listing.place, 1, 1), animate=False, force=True)

    def hold(self, line: int) -> None:
        """Keep the cursor on that line of the screen, where the eye is, and in sight."""
        if not self.page:
            return
        place = self.listing.place
        most = max(len(self.listing.rows) - self.page, 0)
        top = max(min(place - line, most, place), 0, place - self.page + 1)
        if top != self.view.scroll_offset.y:
            self.view.scroll_to(y=top, animate=False, force=True)
