"""The difference between a function's module and the one before: what grew, what went, what changed its type."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from textual.widget import Widget

from tui.app.dialogs.dialog import Dialog, hint, open_dialog
from tui.app.dialogs.dialog_rows import DialogRows
from tui.app.dialogs.difference_rows import COLUMNS, diff_rows
from tui.app.keys.handlers import Handlers
from tui.app.messages import CopyRequested
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.row_list import RowSelected
from tui.app.rows.table import Row
from tui.wasm.diff import ModuleDiff

FOLDED_FROM: Final = 40  # a group of more rows starts folded


class DiffScreen(Dialog[None]):
    """Rows in groups that fold; y copies the name under the cursor, Y all of it as text."""

    DEFAULT_CSS = """
    DiffScreen > #dialog { width: 110; height: 92%; }
    DiffScreen #dialog-body { height: 1fr; }
    DiffScreen DialogRows { height: 1fr; }
    """

    def __init__(self, found: ModuleDiff, name: str, *, glyphs: Glyphs | None = None) -> None:
        hints = hint(
            ("open", "folds, or shows whole"), ("copy", "copies"), ("log-copy-all", "copies all"), ("back", "closes")
        )
        super().__init__(f"{name}: difference to the build before", glyphs or Glyphs(), hints)
        self.found = found
        self.rows = DialogRows(glyphs=self.glyphs, columns=COLUMNS, id="diff")
        if len(found.functions) > FOLDED_FROM:
            self.rows.stack.folded.add("group:Functions")

    def handlers(self) -> Handlers:
        """The list's, copying, and the key that opened it."""
        own: Handlers = {"copy": self.rows.copy, "log-copy-all": self.copy_all, "diff": self.action_leave}
        return {**super().handlers(), **own}

    def body(self) -> list[Widget]:
        """The rows."""
        return [self.rows]

    def on_mount(self) -> None:
        """Fill them."""
        self.rows.fill(self._rows)
        self.rows.focus()

    def _rows(self, width: int) -> Sequence[Row]:
        return diff_rows(self.found, self.glyphs, width)

    def on_row_selected(self, message: RowSelected) -> None:
        """Fold a group; show a row whole, or all of it where the row stands for all: in the summary."""
        message.stop()
        if message.row.branch:
            self.rows.toggle_fold(message.row)
            return
        from tui.app.dialogs.whole_text import TextScreen

        text = message.row.full or self.text
        open_dialog(TextScreen("Difference", text, self.glyphs), self, table=self.table)

    @property
    def text(self) -> str:
        """The whole difference, as `fn-tui diff` prints it."""
        from tui.wasm.difference_text import diff_lines

        return "\n".join(diff_lines("before", "now", self.found))

    def copy_all(self) -> None:
        """Copy the whole difference as text."""
        self.post_message(CopyRequested(self.text, "the difference"))
