"""Which functions the list's filter lets through, as they change. No widget."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from tui.app.desk.standing import BUSY
from tui.app.desk.store import Store

if TYPE_CHECKING:
    from tui.app.functions.query import Hit, Query


class Sieve:
    """Asks a filter of the functions of a store, and remembers which it found."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.needle = ""
        self.hits: dict[str, Hit] = {}
        self._query: Query | None = None
        self._kept: set[str] = set()  # found once, though they would not be any more

    @property
    def is_on(self) -> bool:
        """Whether there is a filter."""
        return self._query is not None

    def search(self, needle: str) -> None:
        """Ask another filter of every function; "" is none."""
        self.needle, self.hits, self._kept, self._query = needle, {}, set(), None
        if needle.strip():
            from tui.app.functions.query import query_of  # loaded with the first filter

            self._query = query_of(needle, self.store.paths)
            self.sift(self.store.paths, None)

    def renew(self, here: str | None) -> None:
        """Functions came or went; the cursor is `here`."""
        self.sift({*self.store.paths, *self.hits}, here)

    def sift(self, paths: Iterable[str], here: str | None) -> bool:
        """Ask the filter of these functions anew; whether one came or went.

        One that builds stays until that has ended, and so does the one `here`, under the cursor.
        """
        came = False
        if self._query is None:
            return came
        before = len(self.hits)
        for path in list(paths):
            was = path in self.hits
            hit = self._ask(self._query, path) if path in self.store else None
            if hit is not None:
                came = came or not was
                self.hits[path] = hit
                self._kept.discard(path)
            elif was and path in self.store and (path == here or self.store.state(path) in BUSY):
                self._kept.add(path)
            elif was:
                del self.hits[path]
                self._kept.discard(path)
        return came or len(self.hits) != before

    def leave(self, here: str | None) -> bool:
        """The cursor went on, and is `here`: what was kept for it may go; whether it did."""
        return bool(self._kept - {here}) and self.sift(self._kept, here)

    def _ask(self, query: Query, path: str) -> Hit | None:
        from tui.app.functions.query import traits_of

        traits = traits_of(self.store[path], self.store.state(path)) if query.asks_traits else frozenset[str]()
        return query.hit(path, traits)
