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
        Binding("j,down", "cursor_down", show=False),
        Binding("k,up", "cursor_up", show=False),
        Binding("g,home", "cursor_top", show=False),
        Binding("G,end", "cursor_bottom", show=False),
        Binding("ctrl+d", "half_page_down", show=False),
        Binding("ctrl+u", "half_page_up", show=False),
        Binding("enter", "open", show=False),
    ]

    def copy_target(self) -> CopyRequested | None:
        """What `y` copies: the row under the cursor."""
        row = self.row
        return CopyRequested(row.copy, row.what or "the line") if row is not None and row.copy else None
