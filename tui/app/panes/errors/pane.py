"""The errors of all functions: one list, in which n and N step, enter opens the editor and y copies the fix."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Final

from tui.app.beside import run_beside
from tui.app.desk.error_book import ErrorBook, ErrorEntry, ErrorPlace
from tui.app.desk.record import FunctionRecord
from tui.app.desk.store import Change
from tui.app.keys.handlers import Handlers
from tui.app.messages import CopyRequested, EditRequested, FullTextRequested
from tui.app.panes.errors.rows import ErrorRows
from tui.app.panes.places import place_to_edit
from tui.app.panes.sight import Sight
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.row_list import RowList, RowSelected
from tui.app.rows.table import Row

TAKE_SECONDS: Final = 1 / 30  # between two drawings, however many functions change
BULK_SECONDS: Final = 1 / 4  # the same where many have errors
BULK: Final = 100  # functions with errors, which are many


class ErrorsPane(RowList):
    """Reads the book by itself. The errors of the function that is shown come first, then those of the next one."""

    def __init__(self, book: ErrorBook, *, glyphs: Glyphs | None = None, id: str | None = None) -> None:  # noqa: A002
        super().__init__(glyphs=glyphs, id=id)
        self.book = book
        self._laid_out: list[ErrorEntry] | None = None  # what is drawn
        self._rows = ErrorRows(self.glyphs)
        self._made_for = -1  # the width for which the rows were made that are drawn
        self._shown: str | None = None
        self._wanted: ErrorPlace | None = None  # where the cursor is to be, once that is laid out
        self._coming = False  # whether a look is due
        self._making = False  # whether a thread makes rows, with the lines of sources that they name
        self._sight = Sight(self)

    # -- what is shown

    @property
    def rows_wanted(self) -> int | None:
        """The lines of what is listed."""
        if not self.book.entries:
            return 0
        return self.stack.height if self._laid_out is not None else None

    @property
    def standing(self) -> str:
        """Which of how many the cursor is on."""
        here = self.place
        standing = self.book.standing(here) if here is not None else None
        return "{:,} of {:,}".format(*standing) if standing is not None else ""

    @property
    def place(self) -> ErrorPlace | None:
        """What the cursor is on."""
        path, colon, number = self.row.key.rpartition(":") if self.row is not None else ("", "", "")
        return ErrorPlace(path, int(number)) if colon and number.isdigit() else None

    def on_mount(self) -> None:
        """Hear of what comes."""
        super().on_mount()
        self.book.store.listen(self._changed)

    def show(self, record: FunctionRecord | None) -> None:
        """Bring one function's errors to the front. Costs little while out of sight or unchanged."""
        path = record.path if record is not None else self._shown
        moved, self._shown = path != self._shown, path
        if moved and path is not None and self._wanted is None:
            self._wanted = ErrorPlace(path, 0)
        self._look()

    def say_absent(self, words: str) -> None:
        """The errors of all functions show, whatever is filtered away."""

    def _changed(self, change: Change) -> None:  # noqa: ARG002 (the book knows)
        """Functions changed: look at them at the next frame, or when somebody sees it."""
        if self._sight.shown and self.is_attached:
            self._look_soon()

    def _look_soon(self) -> None:
        if not self._coming:
            self._coming = True
            self.set_timer(BULK_SECONDS if len(self.book.entries) > BULK else TAKE_SECONDS, self._look)

    def _look(self) -> None:
        """Lay out what is wrong now, where somebody sees it and it is another than before."""
        self._coming = False
        if not self._sight.is_on or not self.size.width:
            return
        entries = self.book.in_order(self._shown)
        if self._rows.known(entries, self.row_width) is not None:
            self._lay_out(entries)
        elif not self._making:
            self._making = True
            run_beside(self, "errors", self._make, entries, self.row_width)

    async def _make(self, entries: list[ErrorEntry], width: int) -> None:
        """Make rows and show them, then look again: there may be others by now, or another width."""
        try:
            await asyncio.to_thread(self._rows.make, entries, width)
        finally:
            self._making = False
        self._lay_out(entries)
        if self._rows.known(self.book.in_order(self._shown), self.row_width) is None:
            self._look_soon()

    def _lay_out(self, entries: list[ErrorEntry]) -> None:
        """Show these, where they are others than before, and go where the cursor is to be."""
        if entries != self._laid_out or self._made_for != self.row_width:
            self._laid_out = entries
            self.fill(partial(self._rows_for, entries))
        if self._wanted is not None and self.steps.go_to_key(self._wanted.key):
            # Its function's name, which stands over it, is in sight too.
            self.scroll_to(y=max(self.stack.tops[self.cursor.place] - 1, 0), animate=False)
        self._wanted = None

    def _rows_for(self, entries: list[ErrorEntry], width: int) -> Sequence[Row]:
        """The rows for a width; those for another, until they are made."""
        rows = self._rows.known(entries, width)
        if rows is None:
            self.call_after_refresh(self._look)
            return self.stack.rows
        self._made_for = width
        return rows

    def on_show(self) -> None:
        """Lay out what came while out of sight."""
        self._sight.shown = True
        self._look()

    def on_resize(self) -> None:
        """Lay out what came before there was a width."""
        if self._laid_out is None:
            self._look()

    def on_hide(self) -> None:
        """Put work off until in sight again."""
        self._sight.shown = False

    def go_to_place(self, place: ErrorPlace) -> None:
        """Put the cursor on one error, as soon as it is laid out."""
        self._wanted = place
        self._look()

    # -- what is asked here

    def handlers(self) -> Handlers:
        """The list's, and what one does with an error."""
        return {**super().handlers(), "edit": self.edit}

    def edit(self) -> None:
        """Open the editor at the place of the diagnostic under the cursor; where it has none, as for its function."""
        here = self.place
        if self.row is not None and self.row.edit is not None:
            self.post_message(EditRequested(self.row.edit))
        elif (record := self.book.store.get(here.path if here is not None else self._shown or "")) is not None:
            self.post_message(EditRequested(place_to_edit(record)))

    def copy_target(self) -> CopyRequested | None:
        """What `y` copies: the command that mends it, else the error."""
        row = self.row
        return CopyRequested(row.copy, row.what) if row is not None and row.copy else None

    def on_row_selected(self, message: RowSelected) -> None:
        """Enter: the editor at its place; without a place, the whole text."""
        message.stop()
        if message.row.edit is not None:
            self.edit()
        elif message.row.full:
            self.post_message(FullTextRequested("the error", message.row.full))
