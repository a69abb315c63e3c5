"""The errors of all functions: one list, in which n and N step, enter opens the editor and y copies the fix."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tui.app.desk.record import FunctionRecord
from tui.app.desk.store import NOTHING, Change, Store
from tui.app.keys.handlers import Handlers
from tui.app.panes.errors.rows import ErrorEntry, entries_of, error_rows
from tui.app.rows.cursor import Direction
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.row_list import RowList, RowSelected
from tui.app.rows.table import Row
from tui.app.shell.messages import CopyRequested, EditRequested, FullTextRequested

TAKE_SECONDS: Final = 1 / 30  # between two drawings, however many functions change


class ErrorsPane(RowList):
    """Reads the store by itself. The function that is shown comes first, and the others stay."""

    standing = ""

    def __init__(self, store: Store, *, glyphs: Glyphs | None = None, id: str | None = None) -> None:  # noqa: A002
        super().__init__(glyphs=glyphs, id=id)
        self.store = store
        self._entries: dict[str, ErrorEntry] = {}
        self._waiting = NOTHING  # what changed and was not looked at yet
        self._coming = False  # whether a look is due
        self._shown: str | None = None
        self._stale = True  # something is to be shown that was not laid out yet
        self._in_sight = False

    # -- what is shown

    def on_mount(self) -> None:
        """Take in what is known, and hear of what comes."""
        read = frozenset(path for path in self.store.paths if self.store.state(path) != "reading")
        self._waiting = Change(read)
        self.store.listen(self._changed)

    def show(self, record: FunctionRecord | None) -> None:
        """Bring one function's errors to the front. Costs little while out of sight or unchanged."""
        path = record.path if record is not None else self._shown
        moved = path != self._shown
        self._shown, self._stale = path, self._stale or moved
        self._look()
        if moved and path is not None:
            self.go_to_function(path)

    def say_absent(self, words: str) -> None:
        """The errors of all functions show, whatever is filtered away."""

    def _changed(self, change: Change) -> None:
        """Functions changed: look at them at the next frame, or when somebody sees it."""
        self._waiting |= change
        if self._in_sight and not self._coming and self.is_attached:
            self._coming = True
            self.set_timer(TAKE_SECONDS, self._look)

    def _look(self) -> None:
        """Take in what changed, and lay it out where somebody sees it."""
        self._coming = False
        if not self._in_sight:
            return
        waiting, self._waiting = self._waiting, NOTHING
        before = dict(self._entries)
        for path in waiting.paths:
            record = self.store.get(path)
            found = entries_of((record,)) if record is not None else ()
            if found:
                self._entries[path] = found[0]
            else:
                self._entries.pop(path, None)
        if self._stale or self._entries != before:
            self._stale = False
            self.fill(self._rows_for)

    def _rows_for(self, width: int) -> Sequence[Row]:
        return error_rows(self._in_order(), self.glyphs, width)

    def _in_order(self) -> list[ErrorEntry]:
        """The function that is looked at first, the others by path."""
        return sorted(self._entries.values(), key=lambda entry: (entry.path != self._shown, entry.path))

    def on_show(self) -> None:
        """Lay out what came while out of sight."""
        self._in_sight = True
        self._look()
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
            self.go_to_key(keys[0])

    # -- what is asked here

    def handlers(self) -> Handlers:
        """The list's, and what one does with an error."""
        own: Handlers = {"next-error": self.next_error, "previous-error": self.previous_error, "edit": self.edit}
        return {**super().handlers(), **own}

    def next_error(self) -> None:
        """To the next diagnostic, round the end."""
        self._go_round(1)

    def previous_error(self) -> None:
        """To the one before, round the end."""
        self._go_round(-1)

    def _go_round(self, step: Direction) -> None:
        further = self.cursor.stepped(step)
        self.go(self.stack.nearest(0 if step > 0 else self.stack.last, step) if further is None else further)

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
