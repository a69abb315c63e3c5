"""What all panes of the detail area share: shown one record, rebuilt only when something of theirs changed."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import ClassVar

from tui.app.desk.record import FunctionRecord
from tui.app.panes.pane_filter import FilteredRows
from tui.app.panes.pane_rows import LISTED, SIFTED, text_row
from tui.app.rows.cursor import RowSelected
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.table import Column, Row
from tui.app.shell.messages import CopyRequested, EditRequested, FullTextRequested
from tui.app.shell.roles import Part

NO_FUNCTION = "no function is chosen"


class Shown:
    """The part of a record that a pane draws, compared by identity: records are replaced, not changed."""

    def __init__(self, fields: Sequence[str]) -> None:
        self.fields = tuple(fields)
        self.record: FunctionRecord | None = None
        self._parts: tuple[object, ...] | None = ()

    def take(self, record: FunctionRecord | None) -> bool:
        """Keep the record; whether anything that is drawn is another now."""
        parts = None if record is None else tuple(getattr(record, field) for field in self.fields)
        same = _same(parts, self._parts) and (record is None or self.path == record.path)
        self.record, self._parts = record, parts
        return not same

    @property
    def path(self) -> str | None:
        """The path of the function shown."""
        return self.record.path if self.record is not None else None


def _same(new: tuple[object, ...] | None, old: tuple[object, ...] | None) -> bool:
    if new is None or old is None:
        return new is old
    return len(new) == len(old) and all(a is b for a, b in zip(new, old, strict=True))


class RecordPane(FilteredRows):
    """A pane of rows about one function. Subclasses name the record's fields that they draw, and make rows of them."""

    FIELDS: ClassVar[tuple[str, ...]] = ()
    COLUMNS: ClassVar[tuple[Column, ...]] = ()
    NAME: ClassVar[str] = ""

    def __init__(self, *, glyphs: Glyphs | None = None, id: str | None = None) -> None:  # noqa: A002
        super().__init__(glyphs=glyphs, columns=self.COLUMNS, id=id)
        self.shown = Shown(self.FIELDS)
        self.absence = ""  # why none shows, where that is the filter's doing
        self._in_sight = False
        self._late: bool | None = None  # rows to make once in sight, True: of another function than before

    @abstractmethod
    def make_rows(self, record: FunctionRecord, width: int) -> Sequence[Row]:
        """The rows about a function, laid out for `width` cells."""

    @property
    def record(self) -> FunctionRecord | None:
        """The record shown."""
        return self.shown.record

    def show(self, record: FunctionRecord | None) -> None:
        """Show a function; costs nothing where what this pane draws is the same, and little while out of sight."""
        before = self.shown.path
        if self.shown.take(record):
            another = before != self.shown.path
            if another:
                self.needle, self.typing = "", False
            self._late = another or bool(self._late)
        if self._late is not None and self.in_sight:
            self.renew(another=self._late)

    def say_absent(self, words: str) -> None:
        """Say why no function shows; "" where none is there."""
        if words != self.absence:
            self.absence = words
            if self.record is None and self.in_sight:
                self.renew()

    @property
    def in_sight(self) -> bool:
        """Whether a person can see it. The active pane of its host counts: its Show event can be late or lost."""
        return self._in_sight or (self.is_attached and self.has_class("-active"))

    def renew(self, *, another: bool = False) -> None:
        """Make the rows again; the cursor keeps its row unless they are about another function."""
        self._late = None
        self.fill(self._rows_for, keep_cursor=not another)

    def _rows_for(self, width: int) -> Sequence[Row]:
        if self.record is None:
            return [text_row("none", (Part(self.absence or NO_FUNCTION, "muted"),), width)]
        return self.narrowed(self.make_rows(self.record, width), self.opened)

    @property
    def opened(self) -> set[str]:
        """Keys of the branches that a person opened: where rows are filtered, all that is in them shows."""
        return set()

    @property
    def listed(self) -> int:
        """How many rows a list may have: more where they are sifted by a filter."""
        return SIFTED if self.needle else LISTED

    def filtered(self) -> None:
        """Make the rows again, with or without the filter."""
        if self.in_sight:
            self.renew()

    def on_show(self) -> None:
        """Make the rows that were put off while out of sight."""
        self._in_sight = True
        if self._late is not None or self._fill is None:
            self.renew(another=bool(self._late))

    def on_hide(self) -> None:
        """Put work off until in sight again."""
        self._in_sight = False

    def copy_target(self) -> CopyRequested | None:
        """What `y` copies: what the cursor is on."""
        row = self.row
        return CopyRequested(row.copy, row.what or "the line") if row is not None and row.copy else None

    def on_row_selected(self, message: RowSelected) -> None:
        """Enter: fold a branch, open the editor, or show the whole text, whichever the row has."""
        if message.rows is not self:
            return
        message.stop()
        row = message.row
        if row.branch:
            self.toggle_fold(row)
        elif row.edit is not None:
            self.post_message(EditRequested(row.edit.path, row.edit.line, row.edit.column))
        elif row.full or row.copy:
            self.post_message(FullTextRequested(row.what or "the whole text", row.full or row.copy))
