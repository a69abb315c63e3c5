"""The errors of all functions: one list, in which n and N step, enter opens the editor and y copies the fix."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from tui.app.beside import run_beside
from tui.app.desk.error_book import ErrorBook, ErrorEntry, ErrorPlace
from tui.app.desk.record import FunctionRecord
from tui.app.desk.store import Change
from tui.app.keys.handlers import Handlers
from tui.app.messages import CopyRequested, EditRequested, FullTextRequested
from tui.app.panes.errors.rows import SourceLines, error_rows
from tui.app.panes.sight import Sight
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.row_list import RowList, RowSelected
from tui.app.rows.table import Row

TAKE_SECONDS: Final = 1 / 30  # between two drawings, however many functions change
AT_ONCE: Final = 8  # files whose lines are read for the next frame; of more a thread reads them


class ErrorsPane(RowList):
    """Reads the book by itself. The errors of the function that is shown come first, then those of the next one."""

    def __init__(self, book: ErrorBook, *, glyphs: Glyphs | None = None, id: str | None = None) -> None:  # noqa: A002
        super().__init__(glyphs=glyphs, id=id)
        self.book = book
        self._laid_out: list[ErrorEntry] | None = None  # what is drawn
        self._shown: str | None = None
        self._wanted: ErrorPlace | None = None  # where the cursor is to be, once that is laid out
        self._coming = False  # whether a look is due
        self._reading = False  # whether a thread reads the lines of sources
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
        places = self.book.places() if here is not None else []
        if here not in places:
            return ""
        return f"{places.index(here) + 1:,} of {len(places):,}"

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
        if self._sight.shown and not self._coming and self.is_attached:
            self._coming = True
            self.set_timer(TAKE_SECONDS, self._look)

    def _look(self) -> None:
        """Lay out what is wrong now, where somebody sees it and it is another than before."""
        self._coming = False
        if not self._sight.is_on or not self.size.width:
            return
        entries = self.book.in_order(self._shown)
        if entries == self._laid_out or len(_files(entries)) <= AT_ONCE:
            self._lay_out(entries, partial(error_rows, entries, self.glyphs))
        elif not self._reading:
            self._reading = True
            run_beside(self, "sources", self._read, entries, self.row_width)

    async def _read(self, entries: list[ErrorEntry], width: int) -> None:
        """Lay out errors with the lines that they name: reading those of hundreds of functions is for a thread."""
        sources = SourceLines()
        try:
            rows = await asyncio.to_thread(error_rows, entries, self.glyphs, width, sources)
        finally:
            self._reading = False
        self._lay_out(entries, lambda now: rows if now == width else error_rows(entries, self.glyphs, now, sources))
        if self.book.in_order(self._shown) != entries:
            self.set_timer(TAKE_SECONDS, self._look)

    def _lay_out(self, entries: list[ErrorEntry], rows: Callable[[int], Sequence[Row]]) -> None:
        """Show these, where they are others than before, and go where the cursor is to be."""
        if entries != self._laid_out:
            self._laid_out = entries
            self.fill(rows)
        if self._wanted is not None and self.steps.go_to_key(self._wanted.key):
            # Its function's name, which stands over it, is in sight too.
            self.scroll_to(y=max(self.stack.tops[self.cursor.place] - 1, 0), animate=False)
        self._wanted = None

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
        """Open the editor at the place of the diagnostic under the cursor."""
        row = self.row
        if row is not None and row.edit is not None:
            self.post_message(EditRequested(row.edit))

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


def _files(entries: Sequence[ErrorEntry]) -> set[tuple[Path, str]]:
    """The files of which the errors name a line."""
    return {
        (entry.directory, found.path)
        for entry in entries
        for found in entry.diagnostics
        if found.path is not None and found.line is not None
    }
