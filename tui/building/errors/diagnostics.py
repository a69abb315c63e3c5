"""What a compiler or linker printed -> diagnostics with places, fixes and plain words.

The rules are those of TinyGo 0.35, stock Go and wasm-ld as measured; the texts they read stand in the tests. Nothing is
lost: the transcript keeps every line, and a failure of which nothing could be read shows its last lines.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from tui.building.errors.explanations import explain
from tui.building.errors.places import Places
from tui.building.log import sgr
from tui.building.model import Diagnostic, DiagnosticSeverity
from tui.text import printable

LAST_LINES: Final = 5  # shown of a failure that says nothing known
LINES_READ: Final = 10_000  # half of them from the start, half from the end
DIAGNOSTICS_KEPT: Final = 1_000
DETAILS_KEPT: Final = 50
LINE_CHARACTERS: Final = 4_000

_SUFFIXES: Final = "go|s|S|c|h|cc|cpp|cxx|hpp|m|mod|work|sum|json"
_PLACED: Final = re.compile(
    rf"(?P<path>(?:[A-Za-z]:)?[^\s:][^:]*\.(?:{_SUFFIXES})):(?P<line>\d+)(?::(?P<column>\d+))?: (?P<message>.+)"
)
_BARE_PLACE: Final = re.compile(rf"(?:[A-Za-z]:)?[^\s:][^:]*\.(?:{_SUFFIXES}):\d+(?::\d+)?:?\s*")
_PACKAGE: Final = re.compile(r"# (\S+)(?: \[.*\])?")
_SEVERITY: Final = re.compile(r"(?:(fatal )?(error|warning|note|remark)): ")
_SEVERITIES: Final[dict[str, DiagnosticSeverity]] = {
    "error": "error",
    "warning": "warning",
    "note": "note",
    "remark": "note",
}
_NOISE: Final = re.compile(
    r"go: (?:downloading|finding|extracting|found|added|upgraded|downgraded|removed) |too many errors$"
)
_CONTINUED: Final = re.compile(r"\t|  |>>> ?")
# Failures of the function as a whole: no file, no line.
_UNPLACED: Final = re.compile(
    r"(?:tinygo:)?(?:wasm-ld|ld\.lld|clang|wasm-opt|lld|ld): |(?:fatal )?error: |go: |warning: "
    r"|requires go version |no Go files in "
    r"|cannot use \".*\" as |LLVM ERROR|panic: |fatal: |could not |no usable |failed to |wasm-opt failed"
    r"|package \S+ (?:is not in|provided by)|package \S+: |build constraints exclude |no required module "
    r"|(?:open|stat|mkdir|rename|fork/exec|chdir|remove|lstat|read|write) .*: |expected .*main package"
    r"|flag provided but not defined|unknown |invalid |unsupported |missing |import cycle |signal: |cannot find |can't "
    r"|fatal error: |runtime: |go tool |collect2: |malformed "
)
# What an older TinyGo adds below a linker's own words.
_TAIL: Final = re.compile(r"failed to run tool: |(?:error: )?failed to link |exit status \d+$|signal: killed$")
_CYCLE: Final = re.compile(r"package (\S+)$")
_FIX: Final = re.compile(r"go (?:get|mod (?:download|tidy|init|vendor)|work (?:use|sync|init)|env -w) ?.*|go mod tidy")


@dataclass(slots=True)
class _Draft:
    """A diagnostic whose continuation lines may still come."""

    diagnostic: Diagnostic
    details: list[str] = field(default_factory=list)
    takes_all: bool = False  # a trace: everything below belongs to it


def parse_diagnostics(lines: Sequence[str], directory: Path, *, failed: bool = True) -> tuple[Diagnostic, ...]:
    """The diagnostics in a build's output, the user's own before those in the compiler's tree, each once.

    `lines` is the output in order (escape sequences allowed); `log_line` of each diagnostic is an index into it. Paths
    come relative to `directory` (absolute) where they lie in it. With `failed` (the exit was not 0), output of which
    nothing could be read gives one diagnostic with the last lines. Never raises.
    """
    reader = _Reader(Places(directory))
    for index, line in _portion(lines):
        reader.read(index, sgr.strip(line[:LINE_CHARACTERS]).rstrip())
    found = [_finished(draft, reader.places) for draft in reader.drafts]
    unique: dict[object, Diagnostic] = {}
    for item in found:
        unique.setdefault((item.severity, item.message, item.path, item.line, item.column), item)
    ordered = sorted(unique.values(), key=lambda item: item.in_toolchain)
    if not ordered and failed:
        return _last_words(lines)
    return tuple(ordered[:DIAGNOSTICS_KEPT])


def _portion(lines: Sequence[str]) -> Iterable[tuple[int, str]]:
    """All lines with their index; of a flood, the first and the last ones."""
    if len(lines) <= LINES_READ:
        return enumerate(lines)
    half = LINES_READ // 2
    return [*enumerate(lines[:half]), *enumerate(lines[-half:], len(lines) - half)]


class _Reader:
    """Goes through the lines once."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.drafts: list[_Draft] = []
        self._package: str | None = None

    def read(self, index: int, line: str) -> None:
        """Take in one line, without escape sequences and blanks at its end."""
        package = _PACKAGE.fullmatch(line)
        if package is not None:
            self._package = printable(package[1])
        elif self._belongs_above(line):
            self._continue(line)
        elif not line or _NOISE.match(line):
            return
        elif (placed := _PLACED.fullmatch(line)) is not None:
            self._add_placed(index, placed)
        elif _UNPLACED.match(line) or _CYCLE.fullmatch(line):
            self._add(index, line)

    def _belongs_above(self, line: str) -> bool:
        if not self.drafts:
            return False
        last = self.drafts[-1]
        if line == "traceback:":
            last.takes_all = True
        if last.takes_all:
            return not _PLACED.fullmatch(line)
        if _BARE_PLACE.fullmatch(line) or (_TAIL.match(line) and "ld: " in last.diagnostic.message):
            return True
        return bool(line) and _CONTINUED.match(line) is not None

    def _continue(self, line: str) -> None:
        draft = self.drafts[-1]
        if line and len(draft.details) < DETAILS_KEPT:
            draft.details.append(line.strip())

    def _add_placed(self, index: int, placed: re.Match[str]) -> None:
        severity, message = _severity(placed["message"])
        place = self.places.of(placed["path"])
        column = placed["column"]
        self._put(
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

    def _add(self, index: int, line: str) -> None:
        severity, message = _severity(line)
        self._put(Diagnostic(severity, printable(message), package=self._package, log_line=index))
        if line.startswith(("panic: ", "fatal error: ")):
            self.drafts[-1].takes_all = True

    def _put(self, diagnostic: Diagnostic) -> None:
        self.drafts.append(_Draft(diagnostic))


def _number(digits: str) -> int:
    """A line or column as printed; a number that no file has stays within an editor's range."""
    return min(int(digits[:9]), 10**9)


def _severity(message: str) -> tuple[DiagnosticSeverity, str]:
    """The severity that a message names, and the message without that word; an error where it names none."""
    named = _SEVERITY.match(message)
    if named is None:
        return "error", message
    return _SEVERITIES[named[2]], message[named.end() :] or message


def _finished(draft: _Draft, places: Places) -> Diagnostic:
    """The diagnostic with its details, its suggested fix, a place for what the linker misses, and plain words."""
    details = tuple(printable(line) for line in draft.details)
    diagnostic = replace(draft.diagnostic, details=details)
    if _CYCLE.fullmatch(diagnostic.message) and details:
        diagnostic = replace(diagnostic, message=_import_failure(details[-1]))
    fix = next((line for line in draft.details if _FIX.fullmatch(line)), None)
    if diagnostic.path is None:
        diagnostic = places.place_symbol(diagnostic)
    known = explain(diagnostic)
    if known is None:
        return replace(diagnostic, fix=printable(fix) if fix is not None else None)
    return replace(diagnostic, fix=printable(fix) if fix is not None else known.fix, explanation=known.words)


def _import_failure(last: str) -> str:
    """The reason at the end of a chain `imports a`, `imports b: import cycle not allowed`."""
    _, colon, reason = last.partition(": ")
    return reason if colon else last


def _last_words(lines: Sequence[str]) -> tuple[Diagnostic, ...]:
    """The last lines of a failure that says nothing known, as one diagnostic."""
    found: list[tuple[int, str]] = []
    for index in range(len(lines) - 1, max(len(lines) - 1 - LINES_READ, -1), -1):
        text = sgr.strip(lines[index][:LINE_CHARACTERS]).strip()
        if text:
            found.append((index, printable(text)))
        if len(found) == LAST_LINES:
            break
    if not found:
        return ()
    found.reverse()
    diagnostic = Diagnostic("error", found[-1][1], details=tuple(text for _, text in found[:-1]), log_line=found[-1][0])
    known = explain(diagnostic)
    return (replace(diagnostic, fix=known.fix, explanation=known.words) if known is not None else diagnostic,)


def first_error(diagnostics: Sequence[Diagnostic]) -> Diagnostic | None:
    """The one that a person should see first: an error of theirs before anything else."""
    return next((item for item in diagnostics if item.severity == "error"), diagnostics[0] if diagnostics else None)


def place_text(diagnostic: Diagnostic) -> str:
    """`function.go:5:14`, `function.go:6`, or "" without a place."""
    parts = (diagnostic.path, diagnostic.line, diagnostic.column)
    return ":".join(str(part) for part in parts if part is not None) if diagnostic.path is not None else ""


def absolute_path(diagnostic: Diagnostic, directory: Path) -> Path | None:
    """The file of a diagnostic of the function in `directory`; None without a place."""
    return Path(os.path.normpath(directory / diagnostic.path)) if diagnostic.path is not None else None
