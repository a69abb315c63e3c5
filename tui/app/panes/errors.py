"""The errors of all functions: one list, in which n and N step, enter opens the editor and y copies the fix."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tui.app.desk.record import FunctionRecord
from tui.app.panes.error_rows import ErrorEntry, entries_of, error_rows
from tui.app.rows.cursor import RowSelected
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.row_list import RowList
from tui.app.rows.table import Row
from tui.app.shell.messages import CopyRequested, EditRequested, FullTextRequested


class ErrorsPane(RowList):
    """`show(entries)` lists them; `show(record)` brings one function's to the front and keeps the others'."""

    def __init__(self, *, glyphs: Glyphs | None = None, id: str | None = None) -> None:  # noqa: A002
        super().__init__(glyphs=glyphs, id=id)
        self._entries: dict[str, ErrorEntry] = {}
        self._shown: str | None = None
        self._stale = True  # something is to be shown that was not laid out yet
        self._in_sight = False

    def show(self, shown: Sequence[ErrorEntry] | FunctionRecord | None) -> None:
        """Show the entries of all functions, or what is new of one. Costs little while out of sight or unchanged."""
        before = dict(self._entries)
        if isinstance(shown, FunctionRecord):
            self._take(shown)
        elif shown is not None:
            self._entries = {entry.path: entry for entry in shown}
        moved = isinstance(shown, FunctionRecord) and shown.path != self._shown
        if self._entries != before or moved:
            self._stale = True
        if isinstance(shown, FunctionRecord):
            self._shown = shown.path
        if self._in_sight and self._stale:
            self._renew()
        if moved and self._shown is not None:
            self.go_to_function(self._shown)

    def take(self, records: Iterable[FunctionRecord], gone: Iterable[str] = ()) -> None:
        """Take in what is new of some functions, and that others are gone. The cursor stays where it is."""
        before = dict(self._entries)
        for path in gone:
            self._entries.pop(path, None)
        for record in records:
            self._take(record)
        self._stale = self._stale or self._entries != before
        if self._in_sight and self._stale:
            self._renew()

    def _take(self, record: FunctionRecord) -> None:
        found = entries_of((record,))
        if found:
            self._entries[record.path] = found[0]
        else:
            self._entries.pop(record.path, None)

    def _renew(self) -> None:
        self._stale = False
        self.fill(self._rows_for)

    def _rows_for(self, width: int) -> Sequence[Row]:
        return error_rows(self._in_order(), self.glyphs, width)

    def _in_order(self) -> tuple[ErrorEntry, ...]:
        """The function that is looked at first, the others by path."""
        return tuple(sorted(self._entries.values(), key=lambda entry: (entry.path != self._shown, entry.path)))

    def on_show(self) -> None:
        """Lay out what came while out of sight."""
        self._in_sight = True
        if self._stale:
            self._renew()
        if self._shown is not None:
            self.go_to_function(self._shown)

    def on_hide(self) -> None:
        """Put work off until in sight again."""
        self._in_sight = False

    @property
    def count(self) -> int:
        """How many diagnostics are listed."""
        return sum(len(entry.diagnostics) for entry in self._entries.values())

    def go_to_function(self, path: str) -> None:
        """Put the cursor on the first diagnostic of a function, if it has one."""
        keys = [row.key for row in self.stack.shown if row.selectable and row.key.startswith(f"{path}:")]
        if keys and not (self.row is not None and self.row.key in keys):
            self.move_to_key(keys[0])

    def action_next_error(self) -> None:
        """To the next diagnostic, round the end."""
        self._step(1)

    def action_previous_error(self) -> None:
        """To the one before, round the end."""
        self._step(-1)

    def _step(self, step: int) -> None:
        rows = self.stack.shown
        order = [(self.cursor + step * offset) % len(rows) for offset in range(1, len(rows) + 1)]
        target = next((index for index in order if rows[index].selectable), None)
        if target is not None:
            self.move_to(target)

    def action_edit(self) -> None:
        """Open the editor at the place of the diagnostic under the cursor."""
        row = self.row
        if row is not None and row.edit is not None:
            self.post_message(EditRequested(row.edit.path, row.edit.line, row.edit.column))

    def copy_target(self) -> CopyRequested | None:
        """What `y` copies: the command that mends it, else the error."""
        row = self.row
        return CopyRequested(row.copy, row.what) if row is not None and row.copy else None

    def on_row_selected(self, message: RowSelected) -> None:
        """Enter: the editor at its place; without a place, the whole text."""
        if message.rows is not self:
            return
        message.stop()
        if message.row.edit is not None:
            self.action_edit()
        elif message.row.full:
            self.post_message(FullTextRequested("the error", message.row.full))
