"""What a person asks of the list besides moving: folding, sorting, marking, opening."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from textual.message import Message

from tui.app.functions.folding import Folding
from tui.app.functions.listing import Listing
from tui.app.functions.marking import Marks
from tui.app.functions.messages import FunctionOpened, ListArranged
from tui.app.keys.handlers import Handlers
from tui.app.rows.cursor import Walked, step_by


class Rows(Protocol):
    """The list, as what is asked of it needs it."""

    @property
    def steps(self) -> Walked:
        """Its cursor."""

    @property
    def listing(self) -> Listing:
        """Its rows."""

    @property
    def marks(self) -> Marks:
        """Its marks."""

    def arranging(self) -> AbstractContextManager[None]:
        """While the rows are put otherwise."""

    def measure(self) -> None:
        """The names are others."""

    def post_message(self, message: Message) -> bool:
        """Tell the screen."""


class Asked:
    """Does what the keys of the list ask for."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.folding = Folding(rows.listing)

    def handlers(self) -> Handlers:
        """What the action table reaches here."""
        return {
            "open": self.open_row,
            "fold": self.fold,
            "unfold": self.unfold,
            "fold-all": self.fold_all,
            "flat": self.toggle_flat,
            "sort": self.next_sort,
            "mark": self.mark,
            "mark-range": self.mark_range,
            "mark-others": self.invert_marks,
        }

    def open_row(self) -> None:
        """Choose the function under the cursor; fold or unfold the folder."""
        row = self.rows.listing.row
        if row is not None and not row.is_folder:
            self.rows.post_message(FunctionOpened(row.key))
            return
        with self.rows.arranging():
            self.folding.toggle()

    # -- folders and order

    def fold(self) -> None:
        """Fold the folder under the cursor; else go to the one that its row is in."""
        with self.rows.arranging():
            self.folding.fold()

    def unfold(self) -> None:
        """Unfold the folder under the cursor; else go into it."""
        with self.rows.arranging():
            self.folding.unfold()

    def fold_all(self) -> None:
        """Fold every folder, or unfold all."""
        with self.rows.arranging():
            self.folding.fold_all()

    def toggle_flat(self) -> None:
        """A tree or a flat list."""
        with self.rows.arranging():
            self.rows.listing.toggle_flat()
            self.rows.measure()

    def next_sort(self) -> None:
        """Another order."""
        with self.rows.arranging():
            self.rows.listing.next_sort()

    # -- marks

    def mark(self) -> None:
        """Mark the function under the cursor or those of the folder, or take the marks away, and move on."""
        if self.rows.marks.end_range():
            self.rows.post_message(ListArranged())
        elif self.rows.marks.toggle():
            step_by(self.rows.steps, 1)

    def mark_range(self) -> None:
        """Mark what the cursor passes from here on; once more, and that is that."""
        self.rows.marks.toggle_range()
        self.rows.post_message(ListArranged())

    def invert_marks(self) -> None:
        """Mark the others."""
        self.rows.marks.invert()
