"""What is wrong with the functions, each with its errors: configs that are refused, builds that failed, verdicts."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tui.app.desk.record import FunctionRecord
from tui.app.desk.standing import failure_words, is_outdone, state_of
from tui.app.desk.store import Change, Store
from tui.app.rows.lines import in_lines
from tui.building.events import Diagnostic, DiagnosticSeverity
from tui.facts import Fact
from tui.workspace.names import sort_key

if TYPE_CHECKING:
    from tui.building.record.history import BuildRecord
    from tui.gateway.verdict import Finding
    from tui.workspace.function import ConfigError

# `function.go:21:10: undefined: clamp`, as a build's first error is kept.
_PLACED: Final = re.compile(r"([^:]+\.\w+):([1-9]\d{0,8})(?::([1-9]\d{0,8}))?: (.+)", re.DOTALL)
FINDINGS_MOST: Final = 20  # of one verdict
SEVERITIES: Final[tuple[DiagnosticSeverity, ...]] = ("error", "warning", "note")


class ErrorEntry(Fact):
    """What is wrong with one function."""

    path: str  # the function's, relative to the workspace
    directory: Path
    diagnostics: tuple[Diagnostic, ...]
    error: str | None = None  # the build's own sentence, for a failure without diagnostics

    @property
    def places(self) -> int:
        """How many there are to step through; a failure that names no place is one itself."""
        return len(self.diagnostics) or 1

    def count(self, severity: str) -> int:
        """How many of one severity."""
        if not self.diagnostics:
            return int(severity == "error")
        return sum(diagnostic.severity == severity for diagnostic in self.diagnostics)


class ErrorPlace(Fact):
    """One thing that is wrong: the function's path, and the number of its diagnostic."""

    path: str
    number: int

    @property
    def key(self) -> str:
        """What it is found by in a list."""
        return f"{self.path}:{self.number}"


class ErrorBook:
    """The entries of all functions. Changes are taken in when somebody asks; what each frame asks is counted along."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._entries: dict[str, ErrorEntry] = {}
        self._counts: Counter[str] = Counter()  # by severity
        self._keys: list[str] | None = None  # the entries' places in the list's order; None: to be sorted anew
        self._before: list[int] = []  # how many places come before each entry's, and the sum
        self._waiting: set[str] = {path for path in store.paths if store.state(path) != "reading"}
        store.listen(self._changed)

    def _changed(self, change: Change) -> None:
        self._waiting |= change.paths

    @property
    def entries(self) -> dict[str, ErrorEntry]:
        """What is wrong now, by path."""
        self._take_in()
        return self._entries

    def _take_in(self) -> None:
        waiting, self._waiting = self._waiting, set()
        for path in waiting:
            record = self.store.get(path)
            entry = entry_of(record) if record is not None else None
            before = self._entries.pop(path, None)
            if entry is not None:
                self._entries[path] = entry
            if entry is not None or before is not None:
                self._count(before, -1)
                self._count(entry, 1)
                self._keys = None

    def _count(self, entry: ErrorEntry | None, by: int) -> None:
        if entry is not None:
            for severity in SEVERITIES:
                self._counts[severity] += by * entry.count(severity)

    def _sorted(self) -> list[str]:
        """The entries' keys, in order."""
        self._take_in()
        if self._keys is None:
            self._entries = {path: self._entries[path] for path in sorted(self._entries, key=sort_key)}
            self._keys = [sort_key(path) for path in self._entries]
            self._before = [0, *accumulate(entry.places for entry in self._entries.values())]
        return self._keys

    def in_order(self, first: str | None = None) -> list[ErrorEntry]:
        """The entries in the list's order, round the end: from one function on."""
        keys = self._sorted()
        ordered = list(self._entries.values())
        before = bisect_left(keys, sort_key(first)) if first is not None else 0
        return [*ordered[before:], *ordered[:before]]

    def places(self, first: str | None = None) -> list[ErrorPlace]:
        """All that is wrong, in that order."""
        return [ErrorPlace(entry.path, number) for entry in self.in_order(first) for number in range(entry.places)]

    def standing(self, place: ErrorPlace) -> tuple[int, int] | None:
        """Which of all places it is, from 1, and how many there are; None where it is none."""
        keys = self._sorted()
        entry = self._entries.get(place.path)
        if entry is None or not 0 <= place.number < entry.places:
            return None
        return self._before[bisect_left(keys, sort_key(place.path))] + place.number + 1, self._before[-1]

    def count(self, severity: DiagnosticSeverity) -> int:
        """How many of one severity are listed."""
        self._take_in()
        return self._counts[severity]


def entry_of(record: FunctionRecord) -> ErrorEntry | None:
    """What is wrong with one function; None where nothing is."""
    directory = record.function.directory
    last = None if is_outdone(record) else record.last
    if record.refusal is not None:
        refused = _refused(record.refusal)
        said = last.diagnostics if last is not None else ()
        return ErrorEntry(record.path, directory, (*refused, *said))
    if last is not None and (last.diagnostics or last.status == "failed"):
        return ErrorEntry(record.path, directory, last.diagnostics, last.error if last.status == "failed" else None)
    state = state_of(record)
    if state == "failed" and record.ended is not None:
        kept = kept_error(record.ended)
        words = failure_words(record.ended) if kept is None else None
        return ErrorEntry(record.path, directory, (kept,) if kept is not None else (), words)
    found = _findings(record) if state == "blocked" else ()
    return ErrorEntry(record.path, directory, found) if found else None


def kept_error(ended: BuildRecord) -> Diagnostic | None:
    """The first error of a build of which only that is on record: it did not run on a screen."""
    from tui.gateway.life.words import BUILD

    if ended.error is None:
        return None
    more = f"what else that build said is not on record: {BUILD}"
    placed = _PLACED.fullmatch(ended.error)
    if placed is None:
        return Diagnostic("error", ended.error, explanation=more)
    path, line, column, said = placed.groups()
    return Diagnostic("error", said, path, int(line), int(column) if column is not None else None, explanation=more)


def _findings(record: FunctionRecord) -> tuple[Diagnostic, ...]:
    return tuple(_found(finding) for finding in record.findings if finding.severity == "error")[:FINDINGS_MOST]


def _found(finding: Finding) -> Diagnostic:
    """A finding of the verdict as one more thing that is wrong. A module is no place to go to."""
    place = finding.where if finding.where is not None and not finding.where.path.endswith(".wasm") else None
    first, *details = in_lines(finding.message)
    return Diagnostic(
        "error",
        first,
        place.path if place is not None else None,
        place.line if place is not None else None,
        place.column if place is not None else None,
        details=tuple(details),
        explanation=finding.remedy or None,
    )


def _refused(error: ConfigError) -> tuple[Diagnostic, ...]:
    """What is wrong with function.yaml, as the deploy tool says it: a place for each of several problems."""
    if len(error.problems) > 1:
        places = ((problem.message, problem.line, problem.column) for problem in error.problems)
        return tuple(Diagnostic("error", said, "function.yaml", line, column) for said, line, column in places)
    first, *details = in_lines(error.text)
    return (Diagnostic("error", first, "function.yaml", error.line, error.column, details=tuple(details)),)
