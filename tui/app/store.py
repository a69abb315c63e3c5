"""The one owner of what is known of the functions. Everyone else reads it, asks it to change, and is told."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tui.app.record import FunctionRecord, FunctionState
from tui.app.standing import Counts, state_of
from tui.workspace.model import Function

if TYPE_CHECKING:
    from dataclasses import dataclass
else:  # made with less CPU: it counts before the first frame
    from tui.wasm.record import dataclass


@dataclass(frozen=True, slots=True)
class Change:
    """What one update touched. `membership`: functions came or went, so the list's rows are others."""

    paths: frozenset[str]
    membership: bool = False

    def __or__(self, other: Change) -> Change:
        return Change(self.paths | other.paths, self.membership or other.membership)


Listener = Callable[[Change], None]
NOTHING = Change(frozenset())


def sort_key(path: str) -> tuple[str, ...]:
    """Order of paths: folder by folder, as a tree is read; the workspace itself first."""
    return () if path == "." else tuple(path.split("/"))


class Store:
    """path -> FunctionRecord, in path order, with each one's state kept beside it. Not for several threads."""

    def __init__(self) -> None:
        self._records: dict[str, FunctionRecord] = {}
        self._states: dict[str, FunctionState] = {}
        self._order: list[tuple[tuple[str, ...], str]] = []
        self._tally: Counter[FunctionState] = Counter()
        self._listeners: list[Listener] = []

    def __len__(self) -> int:
        return len(self._records)

    def __contains__(self, path: object) -> bool:
        return path in self._records

    def __iter__(self) -> Iterator[FunctionRecord]:
        """Records in path order."""
        return (self._records[path] for _, path in self._order)

    def __getitem__(self, path: str) -> FunctionRecord:
        return self._records[path]

    def get(self, path: str | None) -> FunctionRecord | None:
        """The record of that path, or None."""
        return None if path is None else self._records.get(path)

    def state(self, path: str) -> FunctionState:
        """The state of a function that is there."""
        return self._states[path]

    @property
    def paths(self) -> list[str]:
        """All paths, in order."""
        return [path for _, path in self._order]

    @property
    def counts(self) -> Counts:
        """How many functions are in each state, now."""
        return Counts({state: count for state, count in self._tally.items() if count})

    @property
    def marked(self) -> list[str]:
        """Paths of the marked functions, in order."""
        return [path for _, path in self._order if self._records[path].marked]

    def listen(self, listener: Listener) -> None:
        """Call `listener` after each change."""
        self._listeners.append(listener)

    def find(self, functions: Iterable[Function], *, whole: bool = False) -> Change:
        """Take in functions found on disk. `whole`: those not among them are gone. Known ones keep what is known."""
        found = {function.path: function for function in functions}
        touched = {path for path, function in found.items() if self._take(path, function)}
        new = {path for path in touched if self._states.get(path) is None}
        gone = [path for path in self._records if path not in found] if whole else []
        for path in touched:
            self._judge(path)
        self._insert(new)
        for path in gone:
            self._drop(path)
        return self._tell(Change(frozenset(touched | set(gone)), membership=bool(new or gone)))

    def change(self, path: str, **fields: Any) -> Change:
        """Replace fields of one record. Nothing happens, and nobody is told, where it is gone or they are equal."""
        record = self._records.get(path)
        if record is None or all(_same(getattr(record, name), value) for name, value in fields.items()):
            return NOTHING
        self._records[path] = replace(record, **fields)
        self._judge(path)
        return self._tell(Change(frozenset({path})))

    def judge_again(self, paths: Iterable[str]) -> Change:
        """Tell the listeners that these want drawing again though no field changed (a clock ticked)."""
        return self._tell(Change(frozenset(path for path in paths if path in self._records)))

    def _take(self, path: str, function: Function) -> bool:
        known = self._records.get(path)
        if known is None:
            self._records[path] = FunctionRecord(function)
        elif known.function != function:
            self._records[path] = replace(known, function=function)
        else:
            return False
        return True

    def _insert(self, new: set[str]) -> None:
        if len(new) > 16:
            self._order = sorted([*self._order, *((sort_key(path), path) for path in new)])
            return
        for path in new:
            insort(self._order, (sort_key(path), path))

    def _judge(self, path: str) -> None:
        before, now = self._states.get(path), state_of(self._records[path])
        if before == now:
            return
        if before is not None:
            self._tally[before] -= 1
        self._tally[now] += 1
        self._states[path] = now

    def _drop(self, path: str) -> None:
        del self._records[path]
        self._tally[self._states.pop(path)] -= 1
        place = bisect_left(self._order, (sort_key(path), path))
        del self._order[place]

    def _tell(self, change: Change) -> Change:
        if change.paths:
            for listener in self._listeners:
                listener(change)
        return change


def _same(old: object, new: object) -> bool:
    """Equality that never walks through large values: bytes and modules are compared by identity first."""
    return old is new or (type(old) is type(new) and old == new)
