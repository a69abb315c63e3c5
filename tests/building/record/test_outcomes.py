"""What builds said is there again, as it was; and never more of it than is bounded."""

from __future__ import annotations

import json
from pathlib import Path

from tui.building.events import BuildResult, Diagnostic
from tui.building.log.log_file import build_log
from tui.building.log.transcript import Run, Transcript
from tui.building.record.history import BuildRecord
from tui.building.record.outcomes import (
    DETAILS_KEPT,
    DIAGNOSTICS_KEPT,
    OUTCOMES,
    OUTCOMES_KEPT,
    keep_outcome,
    load_outcome,
    outcome_of,
    result_of,
    transcript_of,
)
from tui.settings.store.files import default_store

FN = Path("/w/fn")
FOUND = Diagnostic("error", "undefined: x", "function.go", 3, 2, package="fn", details=("a", "b"), log_line=1)
NOTE = Diagnostic("note", "no place", in_toolchain=True, fix="go get x")


def ended(finished: float = 1_700_000_000.25, *diagnostics: Diagnostic) -> BuildResult:
    return BuildResult(
        FN,
        "failed",
        1,
        2.5,
        error="function.go:3:2: undefined: x",
        diagnostics=diagnostics,
        compiler="go",
        recorded=True,
        finished=finished,
        tool_error="go build failed: exit status 1",
    )


def record_of(result: BuildResult) -> BuildRecord:
    assert result.finished is not None
    return BuildRecord(result.finished, result.seconds, result.status, result.compiler, error=result.error)


def logged() -> Transcript:
    transcript = Transcript(file=build_log(FN))
    transcript.note("$ go build", 0.0)
    transcript.extend("stderr", ("# fn", "./function.go:3:2: undefined: \x1b[31mx\x1b[0m"), 0.75)
    transcript.extend("stdout", ("done",), 1.5)
    transcript.note("failed", 2.5)
    transcript.close(2.5)
    return transcript


def test_result_and_log_are_there_again_as_they_were() -> None:
    result, transcript = ended(1e9, FOUND, NOTE), logged()
    outcome = outcome_of(result, transcript)
    assert outcome is not None
    assert keep_outcome(FN, outcome) is None
    kept = load_outcome(FN, 1e9)
    assert kept == outcome
    assert result_of(FN, record_of(result), kept) == result
    again = transcript_of(kept)
    assert again is not None
    assert list(again.lines()) == list(transcript.lines())
    assert (again.closed, again.path) == (True, transcript.path)
    assert load_outcome(FN, 2e9) is None
    assert load_outcome(Path("/w/other"), 1e9) is None


def test_of_a_long_log_the_end_is_there() -> None:
    transcript = Transcript(file=build_log(FN))
    transcript.extend("stderr", [f"line {number}" for number in range(1000)], 0.5)
    transcript.note("end", 1.0)
    transcript.close(1.0)
    outcome = outcome_of(ended(), transcript)
    assert outcome is not None
    again = transcript_of(outcome, limit=100)
    assert again is not None
    assert again.total == 1001
    last = again.line(1000)
    assert (last.text, last.stream, last.seconds) == ("end", "fn-tui", 1.0)
    assert again.line(999).stream == "stderr"


def test_lines_of_which_no_run_tells_are_the_compiler_s() -> None:
    file = build_log(FN)
    again = Transcript.restored(["a", "b", "c"], [Run(1, "fn-tui", 2.0)], 100, file)
    assert [line.stream for line in again.lines()] == ["stdout", "stdout", "fn-tui"]
    # A file that was cut, or is another's: no more lines than there are.
    short = Transcript.restored(["c"], [Run(2, "stderr", 1.0), Run(1, "fn-tui", 2.0)], 100, file)
    assert [(line.text, line.stream) for line in short.lines()] == [("c", "fn-tui")]
    assert Transcript.restored([], [Run(3, "stderr", 1.0)], 100, file).total == 0


def test_a_log_that_is_gone_is_none_and_a_name_leads_nowhere_else() -> None:
    transcript = logged()
    outcome = outcome_of(ended(), transcript)
    assert outcome is not None
    assert transcript.path is not None
    assert transcript_of(outcome._replace(log="../state.json")) is None
    assert transcript_of(outcome._replace(log="")) is None
    transcript.path.unlink()
    assert transcript_of(outcome) is None


def test_what_is_kept_is_bounded() -> None:
    many = tuple(Diagnostic("error", "x" * 10_000, details=("d",) * 100) for _ in range(DIAGNOSTICS_KEPT + 5))
    outcome = outcome_of(ended(1.0, *many), None)
    assert outcome is not None
    assert len(outcome.diagnostics) == DIAGNOSTICS_KEPT
    assert len(outcome.diagnostics[0].details) == DETAILS_KEPT
    assert len(outcome.diagnostics[0].message) < 10_000
    for number in range(OUTCOMES_KEPT + 3):
        small = outcome_of(ended(float(number), FOUND), None)
        assert small is not None
        keep_outcome(FN, small)
    assert load_outcome(FN, 2.0) is None
    assert load_outcome(FN, 3.0) is not None


def test_a_build_on_no_record_is_not_kept() -> None:
    assert outcome_of(BuildResult(FN, "failed", None, 0.0), None) is None


def test_damaged_entries_are_left_out() -> None:
    outcome = outcome_of(ended(5.0, FOUND, NOTE), None)
    assert outcome is not None
    keep_outcome(FN, outcome)
    path = default_store().path(OUTCOMES, str(FN))
    document = json.loads(path.read_text())
    document["builds"][0]["diagnostics"][0]["line"] = "three"
    document["builds"].insert(0, {"finished": "never"})
    path.write_text(json.dumps(document))
    kept = load_outcome(FN, 5.0)
    assert kept is not None
    assert kept.diagnostics == (NOTE,)
