"""In which order the list shows functions. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from tui.app.desk.record import FunctionRecord
from tui.app.desk.store import Store
from tui.app.desk.taste import SORTS, Sort
from tui.lines.states import State

SORT_WORDS: Final[Mapping[Sort, str]] = {
    "path": "by path",
    "state": "by state",
    "size": "by size",
    "build": "by last build",
}
# What wants a person most stands first.
URGENCY: Final[tuple[State, ...]] = (
    *("failed", "refused", "blocked", "building", "queued", "cancelled"),
    *("warnings", "stale", "unbuilt", "ready", "reading"),
)
_RANKS: Final[Mapping[State, float]] = {state: float(place) for place, state in enumerate(URGENCY)}


def next_sort(sort: Sort) -> Sort:
    """The order after this one, round the end."""
    return SORTS[(SORTS.index(sort) + 1) % len(SORTS)]


def rank_of(sort: Sort, store: Store, path: str) -> float:
    """Where a function stands by that order; the less, the further up."""
    if sort == "state":
        return _RANKS[store.state(path)]
    if sort == "size":
        return -float(store[path].told.size or 0)
    return -last_build(store[path]) if sort == "build" else 0.0


def join_of(sort: Sort) -> Callable[[Iterable[float]], float]:
    """Where a folder stands, by what is in it: sizes add up, else its first function tells."""
    return sum if sort == "size" else min


def last_build(record: FunctionRecord) -> float:
    """When the function was built last, as POSIX time; 0 where that is not known."""
    times = [record.finished, record.modified, record.told.built]
    return max((time for time in times if time is not None), default=0.0)
