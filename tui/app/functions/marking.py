"""Marks: which functions builds and the editor are asked for together. One by one, in a range, inverted. No widget."""

from __future__ import annotations

from collections.abc import Iterable

from tui.app.desk.store import Store
from tui.app.functions.listing import Listing


class Marks:
    """Marks functions of the store, by the rows of a listing. The store keeps which are marked."""

    def __init__(self, store: Store, listing: Listing) -> None:
        self.store = store
        self.listing = listing
        self._anchor: str | None = None  # the row that a range began at
        self._before: frozenset[str] = frozenset()  # what was marked then

    @property
    def in_range(self) -> bool:
        """Whether moving the cursor marks."""
        return self._anchor is not None

    def toggle(self) -> bool:
        """Mark the function under the cursor or all of the folder, or take the marks away. False: there is none."""
        row = self.listing.row
        if row is None:
            return False
        paths = row.functions()
        marked = not set(paths) <= self.store.marks
        self._mark(paths, marked=marked)
        return True

    def toggle_range(self) -> None:
        """Begin a range at the cursor; end the one that was begun, whose marks stay."""
        row = self.listing.row
        if self.in_range or row is None:
            self._anchor = None
            return
        self._anchor, self._before = row.key, frozenset(self.store.marks)
        self.follow()

    def end_range(self) -> bool:
        """Moving marks no more. False: it did not."""
        was = self.in_range
        self._anchor = None
        return was

    def follow(self) -> None:
        """The cursor moved: in a range, what lies between is marked, and nothing else besides what was before."""
        if self._anchor is None:
            return
        rows, here = self.listing.rows, self.listing.place
        there = next((place for place, row in enumerate(rows) if row.key == self._anchor), None)
        if there is None:
            self._anchor = None  # folded away, or gone
            return
        wanted = set(self._before)
        for row in rows[min(here, there) : max(here, there) + 1]:
            if not row.is_folder or row.key in self.listing.folded:
                wanted.update(row.functions())
        now = set(self.store.marks)
        self.store.change_all({path: {"marked": path in wanted} for path in now ^ wanted})

    def invert(self) -> None:
        """Of the functions that the filter lets through, mark those that are not marked, and only those."""
        self.end_range()
        marked = set(self.store.marks)
        self.store.change_all({path: {"marked": path not in marked} for path in self.listing.order})

    def clear(self, paths: Iterable[str]) -> bool:
        """Take the marks of these functions away, and end a range. False where there was neither."""
        ranged = self.end_range()
        marked = set(self.store.marks).intersection(paths)
        self._mark(marked, marked=False)
        return ranged or bool(marked)

    def _mark(self, paths: Iterable[str], *, marked: bool) -> None:
        self.store.change_all({path: {"marked": marked} for path in paths})
