"""Which functions the list's filter lets through, as they change. No widget."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from tui.app.desk.standing import BUSY
from tui.app.desk.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.app.desk.record import FunctionRecord
    from tui.app.functions.query import Query
    from tui.lines.states import State

FILTERS: Final = 16  # of which it is remembered what they found
_NOWHERE: Final[frozenset[int]] = frozenset()
_NO_TRAITS: Final[frozenset[str]] = frozenset()


class Sieve:
    """Asks a filter of the functions of a store, and remembers which it found."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.needle = ""
        self.hits: dict[str, float] = {}  # how well each fits
        self._query: Query | None = None
        self._traits_of: Callable[[FunctionRecord, State], frozenset[str]] | None = None  # where it asks for any
        self._kept: set[str] = set()  # found once, though they would not be any more
        self._found: dict[str, dict[str, float]] = {}  # what filters that ask for names alone have found

    @property
    def is_on(self) -> bool:
        """Whether there is a filter."""
        return self._query is not None

    def search(self, needle: str) -> None:
        """Ask another filter of every function; "" is none. Where more was typed, what it found before is enough."""
        before, found = self._query, self.hits
        self.needle, self.hits, self._kept, self._query = needle, {}, set(), None
        if not needle.strip():
            return
        from tui.app.functions.query import query_of, traits_of  # loaded with the first filter

        self._query = query_of(needle, self.store.paths)
        self._traits_of = traits_of if self._query.asks_traits else None
        if needle in self._found:  # a letter was taken back
            self.hits = dict(self._found[needle])
            return
        asked = found if before is not None and self._query.narrows(before) else self.store.paths
        if self._traits_of is not None:
            scores = ((path, self._ask(self._query, path)) for path in asked)
            self.hits = {path: score for path, score in scores if score is not None}
        else:
            self.hits = self._query.found(path for path in asked if path in self.store)
            self._found = dict([*self._found.items(), (needle, dict(self.hits))][-FILTERS:])

    def places(self, path: str) -> frozenset[int]:
        """The letters of a path that the filter found."""
        return self._query.places(path) if self._query is not None and path in self.hits else _NOWHERE

    def renew(self, here: str | None) -> None:
        """Functions came or went; the cursor is `here`."""
        self._found.clear()
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
            score = self._ask(self._query, path)
            if score is not None:
                came = came or not was
                self.hits[path] = score
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

    def _ask(self, query: Query, path: str) -> float | None:
        if path not in self.store:
            return None
        traits_of = self._traits_of
        traits = traits_of(self.store[path], self.store.state(path)) if traits_of is not None else _NO_TRAITS
        return query.score(path, traits)
