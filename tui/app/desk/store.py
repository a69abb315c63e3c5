"""The one owner of what is known of the functions. Everyone else reads it, asks it to change, and is told."""

from __future__ import annotations

import os
from bisect import insort
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import fields
from typing import Any, Final

from tui.app.desk.record import FunctionRecord
from tui.app.desk.standing import Counts, state_of
from tui.facts import Fact
from tui.lines.states import State
from tui.workspace.function import Function
from tui.workspace.names import sort_key


class Change(Fact):
    """What one update touched. `membership`: functions came or went, so the list's rows are others."""

    paths: frozenset[str]
    membership: bool = False

    def __or__(self, other: Change) -> Change:
        return Change(self.paths | other.paths, self.membership or other.membership)


Listener = Callable[[Change], None]
NOTHING = Change(frozenset())
FIELDS: Final = tuple(field.name for field in fields(FunctionRecord))


class Store:
    """path -> FunctionRecord, in path order, with each one's state kept beside it. The loop's thread changes it; `get`
    may be called from others.

    A record is made when somebody first looks at it, so that thousands of names cost little.
    """

    def __init__(self) -> None:
        self._functions: dict[str, Function] = {}
        self._records: dict[str, FunctionRecord] = {}
        self._states: dict[str, State] = {}  # of those that are past "reading"
        self._order: list[str] = []
        self._places: Mapping[str, Function] | None = None  # made when it is asked for
        self._tally: Counter[State] = Counter()
        self._marked: set[str] = set()
        self._last: Mapping[str, State] = {}
        self._listeners: list[Listener] = []

    def __len__(self) -> int:
        return len(self._functions)

    def __contains__(self, path: object) -> bool:
        return path in self._functions

    def __iter__(self) -> Iterator[FunctionRecord]:
        """Records in path order."""
        return (self[path] for path in self._order)

    def __getitem__(self, path: str) -> FunctionRecord:
        record = self._records.get(path)
        if record is None:
            # One step, so that another thread's look never undoes a change made meanwhile.
            record = self._records.setdefault(path, FunctionRecord(self._functions[path]))
        return record

    def get(self, path: str | None) -> FunctionRecord | None:
        """The record of that path, or None."""
        try:
            return None if path is None else self[path]
        except KeyError:
            return None

    def state(self, path: str) -> State:
        """The state of a function that is there; KeyError where there is none."""
        state = self._states.get(path)
        if state is None and path not in self._functions:
            raise KeyError(path)
        return state or "reading"

    def remember(self, states: Mapping[str, State]) -> None:
        """What the functions were when somebody looked last: told of those that are not read yet."""
        self._last = states

    def last(self, path: str) -> State | None:
        """What a function was when somebody looked last, until it is known what it is now."""
        return self._last.get(path) if path not in self._states else None

    def function(self, path: str) -> Function:
        """Where a function lies, without asking what else is known of it; KeyError where there is none."""
        return self._functions[path]

    @property
    def places(self) -> Mapping[str, Function]:
        """Directory -> the function in it. It never changes: after a change of the store it is another one."""
        if self._places is None:
            self._places = {os.fspath(function.directory): function for function in self._functions.values()}
        return self._places

    @property
    def paths(self) -> list[str]:
        """All paths, in order."""
        return list(self._order)

    @property
    def counts(self) -> Counts:
        """How many functions are in each state, now."""
        return Counts({state: count for state, count in self._tally.items() if count})

    @property
    def marked(self) -> list[str]:
        """Paths of the marked functions, in order."""
        return sorted(self._marked, key=sort_key)

    @property
    def marks(self) -> AbstractSet[str]:
        """Paths of the marked functions."""
        return self._marked

    def listen(self, listener: Listener) -> None:
        """Call `listener` after each change."""
        self._listeners.append(listener)

    def find(self, functions: Iterable[Function], *, whole: bool = False) -> Change:
        """Take in functions found on disk. `whole`: those not among them are gone. Known ones keep what is known."""
        found = {function.path: function for function in functions}
        known = self._functions
        new = [path for path in found if path not in known]
        others = [path for path in found if path in known and not _same(known[path], found[path])]
        gone = [path for path in known if path not in found] if whole else []
        for path in others:
            self._records[path] = _replaced(self[path], {"function": found[path]})
            known[path] = found[path]
        self._insert({path: found[path] for path in new})
        self._drop(gone)
        if new or others or gone:
            self._places = None
        return self._tell(Change(frozenset((*new, *others, *gone)), membership=bool(new or gone)))

    def change(self, path: str, **fields: Any) -> Change:
        """Replace fields of one record. Nothing happens, and nobody is told, where it is gone or they are equal."""
        return self.change_all({path: fields})

    def change_all(self, changes: Mapping[str, Mapping[str, Any]]) -> Change:
        """Replace fields of several records (path -> fields); the listeners are told once, of those that changed."""
        return self._tell(Change(frozenset([path for path, fields in changes.items() if self._change(path, fields)])))

    def _change(self, path: str, fields: Mapping[str, Any]) -> bool:
        """Whether any field is another now."""
        record = self.get(path)
        if record is None or all(_same(getattr(record, name), value) for name, value in fields.items()):
            return False
        self._records[path] = record = _replaced(record, fields)
        if "marked" in fields:
            (self._marked.add if record.marked else self._marked.discard)(path)
        self._judge(path, record)
        return True

    def _insert(self, new: Mapping[str, Function]) -> None:
        self._functions.update(new)
        self._tally["reading"] += len(new)
        for path in new:
            self._records.pop(path, None)  # made for a look from another thread, just after the function had gone
        if len(new) > 16:
            self._order = sorted([*self._order, *new], key=sort_key)
            return
        for path in new:
            insort(self._order, path, key=sort_key)

    def _judge(self, path: str, record: FunctionRecord) -> None:
        before, now = self.state(path), state_of(record)
        if before != now:
            self._tally[before] -= 1
            self._tally[now] += 1
            self._states[path] = now

    def _drop(self, gone: Sequence[str]) -> None:
        for path in gone:
            self._tally[self.state(path)] -= 1
            del self._functions[path]
            self._records.pop(path, None)
            self._states.pop(path, None)
            self._marked.discard(path)
        if gone:
            self._order = [path for path in self._order if path in self._functions]

    def _tell(self, change: Change) -> Change:
        if change.paths:
            for listener in self._listeners:
                listener(change)
        return change


def _replaced(record: FunctionRecord, fields: Mapping[str, Any]) -> FunctionRecord:
    """`dataclasses.replace` in a fifth of its time: it is done twice for each of thousands of functions."""
    return FunctionRecord(*[fields[name] if name in fields else getattr(record, name) for name in FIELDS])


def _same(old: object, new: object) -> bool:
    """Equality that never walks through large values: bytes and modules are compared by identity first."""
    return old is new or (type(old) is type(new) and old == new)
