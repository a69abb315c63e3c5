"""What the last builds of a function said, kept across runs: their diagnostics, and which log is whose.

One small file a function beside its history; the log itself is the file that was written while the build ran.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

from tui.building.events import BuildResult, Diagnostic
from tui.building.log.log_file import LogFile, log_named
from tui.building.log.transcript import LINES_KEPT, ORIGINS, LineOrigin, Run, Transcript
from tui.building.record.history import BuildRecord, history_key
from tui.facts import Fact
from tui.reading import read_end
from tui.settings.store.files import default_store
from tui.settings.store.store import Document, Table

OUTCOMES_KEPT: Final = 20  # builds of one function
DIAGNOSTICS_KEPT: Final = 200  # of one build
DETAILS_KEPT: Final = 20  # lines of one diagnostic
RUNS_KEPT: Final = 2_000  # of one log
LOG_BYTES: Final = 16 << 20  # that are read of a log again
_LONGEST: Final = 4_000  # characters of one text


class Outcome(Fact):
    """What one build said. `finished` is that of its record."""

    finished: float
    exit_code: int | None = None
    tool_error: str | None = None
    diagnostics: tuple[Diagnostic, ...] = ()
    log: str = ""  # the name of the log file; "" where there is none
    runs: tuple[Run, ...] = ()  # of its last lines: how many came together, from where, and when


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Those of one function, oldest first."""

    builds: tuple[Outcome, ...] = ()

    def of(self, finished: float) -> Outcome | None:
        """That of the build which ended then."""
        return next((one for one in reversed(self.builds) if one.finished == finished), None)


def outcome_of(result: BuildResult, transcript: Transcript | None) -> Outcome | None:
    """What is worth keeping of a build that ended; None where it is on no record."""
    if result.finished is None:
        return None
    path = transcript.path if transcript is not None else None
    whole = transcript is not None and transcript.problem is None
    return Outcome(
        finished=result.finished,
        exit_code=result.exit_code,
        tool_error=result.tool_error,
        diagnostics=tuple(_bounded(found) for found in result.diagnostics[:DIAGNOSTICS_KEPT]),
        log=path.name if path is not None else "",
        runs=tuple(transcript.runs(RUNS_KEPT)) if transcript is not None and whole else (),
    )


def _bounded(found: Diagnostic) -> Diagnostic:
    return found._replace(
        message=found.message[:_LONGEST], details=tuple(line[:_LONGEST] for line in found.details[:DETAILS_KEPT])
    )


def keep_outcome(directory: Path, outcome: Outcome) -> str | None:
    """Add one; the sentence of what went wrong, or None."""

    def add(known: Outcomes | None) -> Outcomes:
        return Outcomes((*(known.builds if known is not None else ()), outcome)[-OUTCOMES_KEPT:])

    return default_store().update(OUTCOMES, history_key(directory), add)


def load_outcome(directory: Path, finished: float) -> Outcome | None:
    """What the build of `directory` said that ended then, where it is kept."""
    found = default_store().read(OUTCOMES, history_key(directory)).value
    return found.of(finished) if found is not None else None


def result_of(directory: Path, build: BuildRecord, outcome: Outcome) -> BuildResult:
    """The result of a build, as it was."""
    return BuildResult(
        directory,
        cast("Any", build.status),
        outcome.exit_code,
        build.seconds,
        size=build.size,
        error=build.error,
        diagnostics=outcome.diagnostics,
        compiler=build.compiler,
        recorded=True,
        phases=build.phases,
        tool_error=outcome.tool_error,
        finished=build.finished,
    )


def transcript_of(outcome: Outcome, limit: int = LINES_KEPT) -> Transcript | None:
    """The log of a build, read again; of a long one its end. None where it is gone or was never written."""
    path = log_named(outcome.log) if outcome.log else None
    if path is None:
        return None
    try:
        content, is_cut = read_end(path, LOG_BYTES)
    except OSError:
        return None
    lines = content.decode("utf-8", "replace").removesuffix("\n").split("\n")[is_cut:]
    return Transcript.restored(lines, outcome.runs, limit, LogFile.written(path))


def _document(outcomes: Outcomes) -> Document:
    return {"builds": [_entry(one) for one in outcomes.builds]}


def _entry(one: Outcome) -> Mapping[str, object]:
    found = [{k: v for k, v in each._asdict().items() if v not in (None, (), False)} for each in one.diagnostics]
    return {**one._asdict(), "diagnostics": found}


def _outcomes(read: Document) -> Outcomes | None:
    """The outcomes as read, without those that are damaged; None where it is none."""
    listed = read.get("builds")
    if not isinstance(listed, list):
        return None
    return Outcomes(tuple(one for entry in listed[-OUTCOMES_KEPT:] if (one := _outcome(entry)) is not None))


def _outcome(entry: object) -> Outcome | None:
    if not isinstance(entry, dict):
        return None
    finished, code, log = entry.get("finished"), entry.get("exit_code"), entry.get("log", "")
    listed, runs = entry.get("diagnostics", ()), entry.get("runs", ())
    if not isinstance(finished, int | float) or not _is_number(finished, 1e11) or not isinstance(log, str):
        return None
    if not isinstance(listed, list | tuple) or not isinstance(runs, list | tuple):
        return None
    said = entry.get("tool_error")
    return Outcome(
        float(finished),
        code if isinstance(code, int) and not isinstance(code, bool) and abs(code) < 1 << 31 else None,
        said if isinstance(said, str) else None,
        tuple(d for each in listed[:DIAGNOSTICS_KEPT] if (d := _diagnostic(each)) is not None),
        log,
        _runs(runs),
    )


def _runs(read: Sequence[object]) -> tuple[Run, ...]:
    """The runs as read; none where one is damaged: the lines then are all the compiler's."""
    runs: list[Run] = []
    for entry in read[-RUNS_KEPT:]:
        if not isinstance(entry, list | tuple) or len(entry) != 3:
            return ()
        count, origin, seconds = entry
        if not _is_number(count, LINES_KEPT + 1e6) or origin not in ORIGINS or not _is_number(seconds, 1e6):
            return ()
        runs.append(Run(int(count), cast("LineOrigin", origin), float(seconds)))
    return tuple(runs)


def _is_number(value: object, most: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < most


_TEXTS: Final = frozenset({"path", "package", "fix", "explanation"})
_NUMBERS: Final = frozenset({"line", "column", "log_line"})
_FIELDS: Final = frozenset(Diagnostic._fields)


def _diagnostic(read: object) -> Diagnostic | None:
    if not isinstance(read, dict) or read.get("severity") not in ("error", "warning", "note"):
        return None
    known = {name: value for name, value in read.items() if name in _FIELDS}
    details = known.pop("details", ())
    if not isinstance(known.get("message"), str) or not isinstance(details, list | tuple):
        return None
    if not all(isinstance(line, str) for line in details) or not isinstance(known.get("in_toolchain", False), bool):
        return None
    if not all(isinstance(known[name], str) for name in _TEXTS & known.keys()):
        return None
    if not all(_is_number(known[name], 1 << 53) and isinstance(known[name], int) for name in _NUMBERS & known.keys()):
        return None
    return Diagnostic(**known, details=tuple(details))


OUTCOMES: Final[Table[Outcomes]] = Table(
    name="outcomes",
    version=1,
    encode=_document,
    decode=_outcomes,
    what="what the last builds said",
    home="state",
    most_entries=1_000,  # functions
)
