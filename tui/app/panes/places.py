"""For one function: where the editor opens, and what `y` copies, when the cursor is on nothing more exact."""

from __future__ import annotations

from tui.app.desk.error_book import kept_error
from tui.app.desk.record import FunctionRecord
from tui.app.desk.standing import state_of
from tui.app.messages import CopyRequested, EditPlace
from tui.building.compilers import stands_in


def place_to_edit(record: FunctionRecord) -> EditPlace:
    """At what is wrong first: in the config, the build, the verdict; else at function.go, else at function.yaml."""
    directory = record.function.directory
    error = record.refusal
    if error is not None and record.function.has_yaml:
        return EditPlace(directory / "function.yaml", error.line, error.column)
    return _compile_error(record) or _finding(record) or _source(record)


def _compile_error(record: FunctionRecord) -> EditPlace | None:
    if state_of(record) != "failed":
        return None
    kept = kept_error(record.ended) if record.last is None and record.ended is not None else None
    for found in record.last.diagnostics if record.last is not None else (kept,) if kept is not None else ():
        if found.severity == "error" and found.path is not None and not found.in_toolchain:
            return EditPlace(record.function.directory / found.path, found.line, found.column)
    return None


def _finding(record: FunctionRecord) -> EditPlace | None:
    for finding in record.verdict.findings if record.verdict is not None else ():
        place = finding.where
        if finding.severity == "error" and place is not None and not place.path.endswith(".wasm"):
            return EditPlace(record.function.directory / place.path, place.line, place.column)
    return None


def _source(record: FunctionRecord) -> EditPlace:
    name = "function.go" if record.function.has_go else "function.yaml"
    return EditPlace(record.function.directory / name)


def copy_of_record(record: FunctionRecord) -> CopyRequested:
    """The command that a build would run, ready to paste; without a plan the function's directory."""
    if record.plan is not None:
        from tui.building.plan.plan import shell_line

        what = "the stand-in's command" if stands_in(record.plan.compiler) else "the planned command"
        return CopyRequested(shell_line(record.plan), what)
    return CopyRequested(str(record.function.directory), "the function's directory")
