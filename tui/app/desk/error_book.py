"""What is wrong with the functions, each with its errors: configs that are refused, builds that failed, verdicts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from tui.app.desk.record import FunctionRecord
from tui.app.desk.standing import failure_words, is_outdone, state_of
from tui.app.desk.store import Change, Store, sort_key
from tui.app.rows.lines import in_lines
from tui.building.events import Diagnostic

if TYPE_CHECKING:
    from tui.gateway.verdict import Finding
    from tui.workspace.function import ConfigError

FINDINGS_MOST: Final = 20  # of one verdict


@dataclass(frozen=True, slots=True)
class ErrorEntry:
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


class ErrorPlace(NamedTuple):
    """One thing that is wrong: the function's path, and the number of its diagnostic."""

    path: str
    number: int

    @property
    def key(self) -> str:
        """What it is found by in a list."""
        return f"{self.path}:{self.number}"


class ErrorBook:
    """The entries of all functions. Changes are taken in when somebody asks."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._entries: dict[str, ErrorEntry] = {}
        self._waiting: set[str] = {path for path in store.paths if store.state(path) != "reading"}
        store.listen(self._changed)

    def _changed(self, change: Change) -> None:
        self._waiting |= change.paths

    @property
    def entries(self) -> dict[str, ErrorEntry]:
        """What is wrong now, by path."""
        waiting, self._waiting = self._waiting, set()
        for path in waiting:
            record = self.store.get(path)
            entry = entry_of(record) if record is not None else None
            if entry is not None:
                self._entries[path] = entry
            else:
                self._entries.pop(path, None)
        return self._entries

    def in_order(self, first: str | None = None) -> list[ErrorEntry]:
        """The entries in the list's order, round the end: from one function on."""
        ordered = sorted(self.entries.values(), key=lambda entry: sort_key(entry.path))
        if first is None:
            return ordered
        here = sort_key(first)
        before = sum(sort_key(entry.path) < here for entry in ordered)
        return [*ordered[before:], *ordered[:before]]

    def places(self, first: str | None = None) -> list[ErrorPlace]:
        """All that is wrong, in that order."""
        return [ErrorPlace(entry.path, number) for entry in self.in_order(first) for number in range(entry.places)]

    def count(self, severity: str) -> int:
        """How many of one severity are listed."""
        return sum(entry.count(severity) for entry in self.entries.values())


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
        return ErrorEntry(record.path, directory, (), failure_words(record.ended))
    found = _findings(record) if state == "blocked" else ()
    return ErrorEntry(record.path, directory, found) if found else None


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
