"""What a compiler or linker printed -> diagnostics with places, fixes and plain words.

The rules are those of TinyGo 0.35 and 0.41, stock Go, clang, wasm-ld and wasm-opt as measured; the texts they read
stand in the tests. Nothing is lost: the transcript keeps every line, lines that fit no rule become a note, and a
failure of which nothing could be read shows its last lines.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from re import Match
from typing import Final

from tui.building.errors import grammar
from tui.building.errors.causes import Causes
from tui.building.errors.situation import Situation
from tui.building.events import Diagnostic, DiagnosticSeverity
from tui.building.log import sgr
from tui.text import printable

LAST_LINES: Final = 5  # shown of a failure that says nothing known
LINES_READ: Final = 10_000  # half of them from the start, half from the end
DIAGNOSTICS_KEPT: Final = 1_000
DETAILS_KEPT: Final = 50
LINE_CHARACTERS: Final = 4_000
UNREAD_KEPT: Final = 20  # lines that fit no rule

_SEVERITIES: Final[dict[str, DiagnosticSeverity]] = {
    "error": "error",
    "warning": "warning",
    "note": "note",
    "remark": "note",
}


@dataclass(slots=True)
class _Draft:
    """A diagnostic whose continuation lines may still come."""

    diagnostic: Diagnostic
    details: list[str] = field(default_factory=list)
    takes_all: bool = False  # a trace: everything below belongs to it
    summary: bool = False  # of what is told apart: counts only where nothing else does


def parse_diagnostics(
    lines: Sequence[str], directory: Path, *, failed: bool = True, situation: Situation | None = None
) -> tuple[Diagnostic, ...]:
    """The diagnostics in a build's output, causes before what follows from them, each once.

    `lines` is the output in order (escape sequences allowed); `log_line` of each diagnostic is an index into it. Paths
    come relative to `directory` (absolute) where they lie in it. With `failed` (the exit was not 0), output of which
    nothing could be read gives one diagnostic with the last lines. Never raises.
    """
    situation = situation or Situation()
    causes = Causes(directory, situation)
    reader = _Reader(causes)
    for index, line in _portion(lines):
        reader.read(index, sgr.strip(line[:LINE_CHARACTERS]).rstrip())
    found = [_finished(draft, causes) for draft in reader.end()]
    unique: dict[object, Diagnostic] = {}
    for item in found:
        unique.setdefault((item.severity, item.message, item.path, item.line, item.column), item)
    ordered = sorted(unique.values(), key=lambda item: (item.in_toolchain, grammar.follows(item.message)))
    if not ordered and failed:
        return _last_words(lines, causes)
    return _bounded(ordered)


def _bounded(found: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    """As many as are kept, and how many more there are."""
    left = len(found) - DIAGNOSTICS_KEPT
    if left <= 0:
        return tuple(found)
    more = Diagnostic("note", f"{left:,} more diagnostics: the log has them all", log_line=found[-left].log_line)
    return (*found[:DIAGNOSTICS_KEPT], more)


def _portion(lines: Sequence[str]) -> Iterable[tuple[int, str]]:
    """All lines with their index; of a flood, the first and the last ones."""
    if len(lines) <= LINES_READ:
        return enumerate(lines)
    half = LINES_READ // 2
    return [*enumerate(lines[:half]), *enumerate(lines[-half:], len(lines) - half)]


class _Reader:
    """Goes through the lines once."""

    def __init__(self, causes: Causes) -> None:
        self._places = causes.places
        self._drafts: list[_Draft] = []
        self._package: str | None = None
        self._unread: list[tuple[int, str]] = []  # lines that fit no rule, and follow nothing that they could belong to
        self._orphans: list[tuple[int, str]] = []  # continuation lines that came before what they continue

    def read(self, index: int, line: str) -> None:
        """Take in one line, without escape sequences and blanks at its end."""
        package = grammar.PACKAGE.fullmatch(line)
        if package is not None:
            self._package = printable(package[1])
        elif self._belongs_above(line):
            self._continue(line)
        elif not line or grammar.NOISE.match(line):
            return
        elif (placed := grammar.PLACED.fullmatch(line)) is not None:
            self._placed(index, line, placed)
        elif grammar.SUMMARY.match(line):
            self._add(index, line, summary=True)
        elif grammar.UNPLACED.match(line):
            self._add(index, line)
        elif self._drafts and self._drafts[-1].diagnostic.path is None:
            self._continue(line)
        elif len(self._unread) < UNREAD_KEPT:
            self._unread.append((index, line))

    def end(self) -> list[_Draft]:
        """All drafts: summaries only where nothing else tells more, what nobody claimed as it is."""
        for index, line in self._orphans:
            self._give_home(index, line)
        told = [draft for draft in self._drafts if not draft.summary]
        drafts = told or self._drafts
        if drafts and self._unread:
            first, *rest = self._unread
            note = Diagnostic("note", printable(first[1].strip()), log_line=first[0])
            drafts = [*drafts, _Draft(note, [line.strip() for _, line in rest])]
        return drafts

    def _belongs_above(self, line: str) -> bool:
        if not self._drafts:
            return False
        last = self._drafts[-1]
        if line == "traceback:":
            last.takes_all = True
        if last.takes_all:
            return not grammar.PLACED.fullmatch(line)
        if grammar.BARE_PLACE.fullmatch(line) or (grammar.TAIL.match(line) and not last.summary):
            return True
        return bool(line) and grammar.CONTINUED.match(line) is not None

    def _continue(self, line: str) -> None:
        draft = self._drafts[-1]
        if line and len(draft.details) < DETAILS_KEPT:
            draft.details.append(line.strip())

    def _placed(self, index: int, line: str, placed: Match[str]) -> None:
        if not placed["message"][0].isspace():
            self._add_placed(index, placed)
        elif self._drafts and grammar.OTHER_DECLARATION.fullmatch(placed["message"].strip()) is None:
            self._continue(_detail(line))
        else:  # `other declaration of x` is sorted by its place, not to what it belongs to
            self._orphans.append((index, _detail(line)))

    def _give_home(self, index: int, line: str) -> None:
        """A continuation line to what it continues; on its own where there is no such thing."""
        named = grammar.OTHER_DECLARATION.search(line)
        begin = f"{named[1]} redeclared" if named is not None else ""
        for draft in self._drafts:
            if draft.diagnostic.message.startswith(begin) and len(draft.details) < DETAILS_KEPT:
                draft.details.append(line)
                return
        placed = grammar.PLACED.fullmatch(line)
        if placed is not None:
            self._add_placed(index, placed)

    def _add_placed(self, index: int, placed: Match[str]) -> None:
        severity, message = _severity(grammar.TEMPORARY.sub("", placed["message"]))
        place = self._places.of(placed["path"])
        column = placed["column"]
        self._drafts.append(
            _Draft(
                Diagnostic(
                    severity,
                    printable(message),
                    path=place.path,
                    line=_number(placed["line"]),
                    column=_number(column) if column else None,
                    package=self._package,
                    in_toolchain=place.in_toolchain,
                    log_line=index,
                )
            )
        )

    def _add(self, index: int, line: str, *, summary: bool = False) -> None:
        severity, message = _severity(grammar.TEMPORARY.sub("", line))
        diagnostic = Diagnostic(severity, printable(message), package=self._package, log_line=index)
        self._drafts.append(_Draft(diagnostic, takes_all=bool(grammar.TRACE.match(line)), summary=summary))


def _detail(line: str) -> str:
    """A continuation line with its place: `function.go:4:5: b refers to`."""
    placed = grammar.PLACED.fullmatch(line)
    if placed is None:
        return line.strip()
    return f"{line[: placed.start('message')]}{placed['message'].strip()}"


def _number(digits: str) -> int:
    """A line or column as printed; a number that no file has stays within an editor's range."""
    return min(int(digits[:9]), 10**9)


def _severity(message: str) -> tuple[DiagnosticSeverity, str]:
    """The severity that a message names, and the message without that word; an error where it names none."""
    named = grammar.SEVERITY.match(message)
    if named is None:
        return "error", message
    return _SEVERITIES[named[2]], message[named.end() :] or message


def _finished(draft: _Draft, causes: Causes) -> Diagnostic:
    """The diagnostic with its details, its suggested fix, a place for what has none, and plain words."""
    diagnostic = draft.diagnostic._replace(details=tuple(printable(line) for line in draft.details))
    if grammar.IMPORT_CHAIN.fullmatch(diagnostic.message) and diagnostic.details:
        diagnostic = _end_of_chain(diagnostic, causes)
    fix = next((printable(line) for line in draft.details if grammar.FIX.fullmatch(line)), None)
    return causes.explained(causes.placed(diagnostic._replace(fix=fix), draft.diagnostic.message))


def _end_of_chain(diagnostic: Diagnostic, causes: Causes) -> Diagnostic:
    """The reason at the end of a chain `imports a`, `imports b: import cycle not allowed`; its place if it has one."""
    last = diagnostic.details[-1]
    placed = grammar.PLACED.fullmatch(last)
    if placed is None:
        _, colon, reason = last.partition(": ")
        return diagnostic._replace(message=reason if colon else last)
    column = placed["column"]
    return diagnostic._replace(
        message=placed["message"],
        path=causes.places.of(placed["path"]).path,
        line=_number(placed["line"]),
        column=_number(column) if column else None,
        details=diagnostic.details[:-1],
    )


def _last_words(lines: Sequence[str], causes: Causes) -> tuple[Diagnostic, ...]:
    """The last lines of a failure that says nothing known, as one diagnostic; how it ended, where it said nothing."""
    found: list[tuple[int, str]] = []
    for index in range(len(lines) - 1, max(len(lines) - 1 - LINES_READ, -1), -1):
        text = sgr.strip(lines[index][:LINE_CHARACTERS]).strip()
        if text:
            found.append((index, printable(text)))
        if len(found) == LAST_LINES:
            break
    found.reverse()
    ended = causes.situation.ended
    if "signal: " in ended:  # says more than where the compiler had come to
        rest, log_line = tuple(text for _, text in found), found[-1][0] if found else None
        return (causes.explained(Diagnostic("error", ended, details=rest, log_line=log_line)),)
    if not found:
        return ()
    rest = tuple(text for _, text in found[:-1])
    return (causes.explained(Diagnostic("error", found[-1][1], details=rest, log_line=found[-1][0])),)


def first_error(diagnostics: Sequence[Diagnostic]) -> Diagnostic | None:
    """The one that a person should see first: an error of theirs before anything else."""
    return next((item for item in diagnostics if item.severity == "error"), diagnostics[0] if diagnostics else None)


def place_text(diagnostic: Diagnostic) -> str:
    """`function.go:5:14`, `function.go:6`, or "" without a place."""
    parts = (diagnostic.path, diagnostic.line, diagnostic.column)
    return ":".join(str(part) for part in parts if part is not None) if diagnostic.path is not None else ""


def headline(diagnostic: Diagnostic) -> str:
    """A diagnostic in one line: `function.go:5:14: undefined: x`."""
    place = place_text(diagnostic)
    return f"{place}: {diagnostic.message}" if place else diagnostic.message


def absolute_path(diagnostic: Diagnostic, directory: Path) -> Path | None:
    """The file of a diagnostic of the function in `directory`; None without a place."""
    return Path(os.path.normpath(directory / diagnostic.path)) if diagnostic.path is not None else None
