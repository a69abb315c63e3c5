"""Folding folders of the list, as its keys ask for it. No widget."""

from __future__ import annotations

from tui.app.functions.listing import Listing


class Folding:
    """Folds and unfolds by where the cursor is."""

    def __init__(self, listing: Listing) -> None:
        self.listing = listing

    def fold(self) -> bool:
        """Fold the folder that the cursor is on, else go to the one that its row is in. False: there is none."""
        listing, row = self.listing, self.listing.row
        if row is None:
            return False
        if row.is_folder and row.key not in listing.folded:
            listing.fold(listing.folded | {row.key})
            listing.settle()
            return True
        if row.above is None:
            return False
        listing.go(listing.place_of(row.above.key))
        return True

    def unfold(self) -> bool:
        """Unfold the folder that the cursor is on, else go to the first row in it. False: it is on none."""
        listing, row = self.listing, self.listing.row
        if row is None or not row.is_folder:
            return False
        if row.key in listing.folded:
            listing.fold(listing.folded - {row.key})
        else:
            listing.go(listing.place + 1)
        return True

    def toggle(self) -> bool:
        """Fold or unfold the folder that the cursor is on. False: it is on none."""
        row = self.listing.row
        if row is None or not row.is_folder:
            return False
        return self.unfold() if row.key in self.listing.folded else self.fold()

    def fold_all(self) -> None:
        """Fold every folder; where all that show are folded, unfold every one."""
        listing = self.listing
        every = frozenset(node.key for node in listing.tree.nodes.values() if node.is_folder)
        is_open = any(row.is_folder and row.key not in listing.folded for row in listing.rows)
        listing.fold(every if is_open else frozenset())
        listing.settle()
