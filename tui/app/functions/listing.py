"""What the list of functions shows, and where its cursor is: folders, order and filter over the store. No widget.

Whatever changes, every function that the filter lets through has its place in it once, and the cursor stays on its row.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from tui.app.desk.store import Store
from tui.app.desk.taste import PLAIN, Sort, Taste
from tui.app.functions.order import join_of, next_sort, rank_of
from tui.app.functions.sieve import Sieve
from tui.app.functions.tree import Node, Rank, Tree, Trees, grow


class Listing:
    """Rows of a store. What changes it keeps the cursor where it is; `go` alone moves it."""

    def __init__(self, store: Store, taste: Taste = PLAIN) -> None:
        self.store = store
        self.taste = taste
        self.sieve = Sieve(store)
        self.rows: list[Node] = []
        self.key: str | None = None  # of the row that the cursor is on
        self.place = 0  # of that row
        self.tree: Tree = grow(())
        self._trees = Trees(store)
        self._index: dict[str, int] = {}
        self._ranks: dict[str, Rank] = {}
        self._folded_here: frozenset[str] = frozenset()  # while a filter is on: it shows what it finds
        self._settled: str | None = None  # where a person put the cursor, whatever a filter hides meanwhile

    # -- asked

    def __contains__(self, key: object) -> bool:
        return key in self._index

    @property
    def row(self) -> Node | None:
        """The row that the cursor is on."""
        return self.rows[self.place] if self.rows else None

    @property
    def folded(self) -> AbstractSet[str]:
        """The folders that are folded now."""
        return self._folded_here if self.sieve.is_on else self.taste.folded

    @property
    def order(self) -> list[str]:
        """The functions that the filter lets through, in the order of the rows, those in folded folders too."""
        return [node.key for node in self.tree.shown() if not node.is_folder]

    @property
    def count(self) -> int:
        """How many functions the filter lets through."""
        return len(self.sieve.hits) if self.sieve.is_on else len(self.store)

    def place_of(self, key: str) -> int:
        """The place of a row that shows."""
        return self._index[key]

    # -- what changed

    def renew(self) -> None:
        """Functions came or went."""
        self._trees.let_go()
        self.sieve.renew(self.key)
        self._lay_out()

    def follow(self, paths: Iterable[str]) -> set[str] | None:
        """These functions are known otherwise. The keys of the rows that say something else; None: rows are others."""
        known = [path for path in paths if path in self.store]
        changed = self.tree.count({path: self.store.state(path) for path in known})
        if self.sieve.sift(known, self.key):
            self._lay_out()
        elif any(self._rank(path) != self._ranks[path] for path in known if path in self._ranks):
            self._arrange()
            self._show()
        else:
            nodes = filter(None, map(self.tree.nodes.get, known))
            return changed.union(known, (folder.key for node in nodes for folder in node.folders_above()))  # its marks
        return None

    # -- what a person asks for

    def go(self, place: int) -> None:
        """Put the cursor on a row."""
        self.place = max(0, min(place, len(self.rows) - 1))
        self.key = self.rows[self.place].key if self.rows else None
        self.settle()
        if self.sieve.leave(self.key):
            self._lay_out()

    def reveal(self, key: str) -> bool:
        """Put the cursor on that row, whatever hides it; False where there is none."""
        if key not in self.tree.nodes and self.sieve.is_on:
            self.search("")
        node = self.tree.nodes.get(key)
        if node is None:
            return False
        closed = {folder.key for folder in node.folders_above()}
        if closed & self.folded:
            self.fold(self.folded - closed)
        self.go(self.place_of(key))
        return True

    def search(self, needle: str) -> None:
        """Narrow to what the filter finds, its best hit under the cursor; "" shows all."""
        was_on, self._folded_here = self.sieve.is_on, frozenset()
        self.sieve.search(needle)
        if not self.sieve.is_on and not was_on:
            return
        self._lay_out()
        if self.sieve.hits:
            self._stand_best()
        elif not self.sieve.is_on:
            self._stand_settled()

    def settle(self) -> None:
        """The cursor is where a person wants it: it stays there when the filter goes. Where nothing was found, it is
        nowhere, and comes back to where it was.
        """
        if self.key is not None:
            self._settled = self.key

    def next_sort(self) -> Sort:
        """Another order; which one."""
        self.taste = self.taste._replace(sort=next_sort(self.taste.sort))
        self._lay_out()
        return self.taste.sort

    def toggle_flat(self) -> bool:
        """With folders or without; whether they are left out now."""
        self.taste = self.taste._replace(flat=not self.taste.flat)
        self._lay_out()
        return self.taste.flat

    def fold(self, folded: AbstractSet[str]) -> None:
        """Fold these folders and no others, the cursor on its row."""
        if self.sieve.is_on:
            self._folded_here = frozenset(folded)
        else:
            self.taste = self.taste._replace(folded=frozenset(folded))
        self._show()

    # -- how it comes about

    def _lay_out(self) -> None:
        """Everything anew, from the names on."""
        paths = self.store.paths
        if self.sieve.is_on:
            paths = [path for path in paths if path in self.sieve.hits]
        self.tree = self._trees.of(paths, flat=self.taste.flat)
        if not self.sieve.is_on:
            self._trees.let_go(1)
        self._arrange()
        self._show()

    def _rank(self, path: str) -> Rank:
        return (-self.sieve.hits.get(path, 0.0), rank_of(self.taste.sort, self.store, path))

    def _arrange(self) -> None:
        """Put the rows of each folder in order."""
        if self.taste.sort == "path":
            hits = self.sieve.hits
            worth = {score: (-score, 0.0) for score in set(hits.values())}  # few, of thousands of functions
            self._ranks = {path: worth[score] for path, score in hits.items()}
            if len(worth) > 1:
                self.tree.arrange(self._ranks, _least)
            else:
                self.tree.restore()
            return
        self._ranks = {path: self._rank(path) for path in self.tree.states}
        join = join_of(self.taste.sort)

        def joined(ranks: list[Rank]) -> Rank:
            scores, others = zip(*ranks, strict=True)
            return (min(scores), join(others))

        self.tree.arrange(self._ranks, joined)

    def _show(self) -> None:
        """Work out which rows show, and bring the cursor back to its row."""
        self.rows = self.tree.shown(self.folded)
        self._index = {row.key: place for place, row in enumerate(self.rows)}
        place = self._where(self.key)
        self.place = max(0, min(self.place if place is None else place, len(self.rows) - 1))
        if self.key is None and not self.sieve.is_on:
            self.place = self._first()
        self.key = self.rows[self.place].key if self.rows else None
        if not self.sieve.is_on and self.key is not None:
            self._settled = self._settled if self._settled in self.tree.nodes else self.key

    def _first(self) -> int:
        """The first row that is a function; the first of all where none shows."""
        return next((place for place, row in enumerate(self.rows) if not row.is_folder), 0)

    def _where(self, key: str | None) -> int | None:
        """The row of that key; else the one that it is folded into, or that stands for what is left of it."""
        if key is None:
            return None
        if key in self._index:
            return self._index[key]
        node = self.tree.nodes.get(key)
        if node is not None:
            return next((self._index[up.key] for up in node.folders_above() if up.key in self._index), None)
        if not key.endswith("/"):
            return None  # it is gone: what stands in its place now has the cursor
        inside = (place for place, row in enumerate(self.rows) if row.key.startswith(key))
        outside = (self._index[up] for up in _parents(key) if up in self._index)
        return next(inside, next(outside, None))

    def _stand_best(self) -> None:
        """The cursor on the best hit; where it is on one that is as good, it stays."""
        hits = self.sieve.hits
        best = max(hits.values())
        if self.key is None or hits.get(self.key) != best:
            self._stand(next(row.key for row in self.rows if hits.get(row.key) == best))

    def _stand_settled(self) -> None:
        """The cursor where a person had put it, before the filter hid it."""
        place = self._where(self._settled)
        if place is not None:
            self._stand(self.rows[place].key)

    def _stand(self, key: str) -> None:
        self.place, self.key = self._index[key], key


def _least(ranks: list[Rank]) -> Rank:
    return ranks[0]


def _parents(key: str) -> Iterable[str]:
    """The keys of the folders that a row of that key would be in, innermost first."""
    path = key.rstrip("/")
    while "/" in path:
        path = path.rpartition("/")[0]
        yield f"{path}/"
