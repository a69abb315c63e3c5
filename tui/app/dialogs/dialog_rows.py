"""A row list inside a dialog: nothing above it passes keys on, so it has those that move it itself."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from tui.app.rows.row_list import RowList
from tui.app.shell.messages import CopyRequested


class DialogRows(RowList):
    """Rows with the keys of the action table's defaults; as high as its rows, as far as the dialog allows."""

    DEFAULT_CSS = """
    DialogRows { height: auto; max-height: 1fr; min-height: 1; background: $surface; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "do('cursor-down')", show=False),
        Binding("k,up", "do('cursor-up')", show=False),
        Binding("g,home", "do('cursor-top')", show=False),
        Binding("G,end", "do('cursor-bottom')", show=False),
        Binding("ctrl+d", "do('half-page-down')", show=False),
        Binding("ctrl+u", "do('half-page-up')", show=False),
        Binding("enter", "do('open')", show=False),
    ]

    def action_do(self, action_id: str) -> None:
        """What the action table reaches in a list, reached without it."""
        self.handlers()[action_id]()

    def copy_target(self) -> CopyRequested | None:
        """What `y` copies: the row under the cursor."""
        row = self.row
        return CopyRequested(row.copy, row.what or "the line") if row is not None and row.copy else None
