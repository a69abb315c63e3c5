"""A row list inside a dialog, which passes it the keys that move it."""

from __future__ import annotations

from textual.geometry import Size

from tui.app.messages import CopyRequested
from tui.app.rows.row_list import RowList


class DialogRows(RowList):
    """Rows, as high as they are, as far as the dialog allows."""

    DEFAULT_CSS = """
    DialogRows {
        height: auto; max-height: 1fr; min-height: 1; background: $surface; scrollbar-size-horizontal: 0;
    }
    """  # an app that sets the size of all scroll bars says so again: else a row is kept free for one

    least = 0  # lines that they take in any case

    def hold(self, on: bool) -> None:
        """Stay as high as they are, however few are left: what stands above them keeps its place while one types."""
        self.least = (self.least or self.size.height) if on else 0

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - Textual's own
        """The height of the rows in that width."""
        self.lay_out_ahead(width)
        return max(self.stack.height, self.least)

    def copy_target(self) -> CopyRequested | None:
        """What `y` copies: the row under the cursor."""
        row = self.row
        return CopyRequested(row.copy, row.what or "the line") if row is not None and row.copy else None

    def copy(self) -> None:
        """Copy it."""
        if (target := self.copy_target()) is not None:
            self.post_message(target)
