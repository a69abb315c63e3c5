"""`fn-tui list [WORKSPACE]`: the function directories of a workspace, one a line."""

from __future__ import annotations

import os
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tui.assessment.assess import stated
from tui.assessment.ran import ran_words
from tui.assessment.summary import summary_line
from tui.assessment.terms import terms_here
from tui.building.compilers import DEFAULT
from tui.cli import EXIT_OK, EXIT_USAGE
from tui.cli.commands.config import config_record
from tui.cli.folders import below, folder_fault, no_functions, place
from tui.cli.options import add_compiler, add_contract, add_no_cache
from tui.cli.output import complain, emit, say
from tui.cli.paint import Paint, paint_for, role_of
from tui.lines.canvas import Line, cells
from tui.text import first_line, human_bytes, printable
from tui.workspace.find import iter_functions
from tui.workspace.function import FindProblem, Function

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from tui.assessment.assessment import Assessment
    from tui.assessment.terms import Terms
    from tui.building.inputs.freshness import Staleness
    from tui.building.plan.build_plan import CompilerName
    from tui.building.record.runs import RunRecord
    from tui.cli.options import Declares
    from tui.gateway.contract.contract import Contract

_NAME_WIDTH: Final = 60
FEW: Final = 12  # functions from which on it is worth it to load what keeps what was learned


def add_arguments(parser: Declares) -> None:
    """Declare the arguments of `list`."""
    parser.add_argument("workspace", nargs="?", default=".", metavar="WORKSPACE", help="folder to search (default: .)")
    add_compiler(parser, "what a build would use")
    add_contract(parser)
    parser.add_argument("--json", action="store_true", help="one JSON object a function")
    add_no_cache(parser)


def run(args: argparse.Namespace) -> int:
    """List the functions; 0, or 2 where the workspace is no folder."""
    keep = not args.no_cache
    return print_listing(args.workspace, paint_for(args), args.compiler, args.contract, as_json=args.json, keep=keep)


def print_listing(
    typed: str,
    paint: Paint,
    compiler: CompilerName = DEFAULT,
    contract: Path | None = None,
    *,
    as_json: bool = False,
    keep: bool = True,
) -> int:
    """Print the functions below the folder `typed` and, on stderr, those that could not be searched; the exit code.

    A module that another compiler than `compiler` built is stale, as on screen. `keep`: use what was learned before,
    where there are enough functions to make that worth it.
    """
    fault = folder_fault(typed)
    if fault is not None:
        complain(fault)
        return EXIT_USAGE
    problems: list[FindProblem] = []
    terms = terms_here(lambda: _contract(contract), compiler, contract_id=_contract_id(contract))
    rows = _rows(Path(typed), problems, terms, keep=keep)
    try:
        if as_json:
            for row in rows:
                emit(function_record(typed, row))
        else:
            _print_table(list(rows), typed, problems, paint)
    except _NoContractError as error:
        complain(str(error))
        return EXIT_USAGE
    for problem in sorted(problems, key=lambda problem: problem.path.split("/")):
        complain(f"{problem.path}: {problem.message}")
    for unsaved in (terms.cache.save(), terms.kept.close() if terms.kept is not None else None):
        if unsaved is not None:
            complain(unsaved)
    # A folder below that cannot be read is a gap in the list; the workspace itself is all of it.
    return EXIT_USAGE if any(problem.path == "." for problem in problems) else EXIT_OK


class _NoContractError(Exception):
    """The contract that was asked for cannot be had; the text says why."""


def _contract(file: Path | None) -> Contract:
    """The host's contract, once a verdict asks for it. Raises _NoContractError."""
    from tui.gateway.contract.contract import ContractError
    from tui.gateway.contract.reading import load_contract

    try:
        return load_contract(file)
    except ContractError as error:
        raise _NoContractError(str(error)) from error


def _contract_id(file: Path | None) -> str:
    """What tells the contract from others. The shipped one is not loaded for that: most lists need none."""
    if file is None:
        return ""
    from tui.gateway.contract.reading import contract_id

    return contract_id(file)


def _rows(root: Path, problems: list[FindProblem], terms: Terms, *, keep: bool) -> Iterator[Assessment]:
    """The functions in order of the walk: a folder before its subfolders, names sorted."""
    functions = _functions(root, problems)
    first = list(islice(functions, FEW))
    if keep and len(first) == FEW:
        from tui.assessment.kept.kept import kept_of

        terms.kept = kept_of(os.fspath(root))
    for function in chain(first, functions):
        yield stated(function, terms)


def _functions(root: Path, problems: list[FindProblem]) -> Iterator[Function]:
    for found in iter_functions(root):
        if isinstance(found, FindProblem):
            problems.append(found)
        else:
            yield found


def function_record(typed: str, row: Assessment) -> dict[str, object]:
    """One function of the workspace `typed` as `--json` prints it."""
    config, error = (row.reading.config, row.reading.error) if row.reading is not None else (None, None)
    record: dict[str, object] = {
        **place(below(typed, row.path)),
        "name": config.name if config is not None else row.function.directory.name,
        "state": row.state,
    }
    if config is not None:
        record["config"] = config_record(config)
    else:
        record["error"] = error.text if error is not None else ""
        record["line"] = error.line if error is not None else None
    plan = row.plan
    record["plan"] = {"argv": list(plan.argv), "mode": plan.mode, "reason": plan.reason} if plan is not None else None
    record["wasm"] = _wasm_record(row.staleness)
    if row.ran is not None:
        record["ran"] = ran_record(row.ran)
    return record


def ran_record(ran: RunRecord) -> dict[str, object]:
    """The last run here as `--json` prints it, of what has run."""
    return {
        "at": iso_time(ran.at),
        "ok": ran.answered,
        "ms": ran.ms,
        "host_calls": ran.host_calls,
        "error": ran.error,
    }


def _wasm_record(freshness: Staleness | None) -> dict[str, object] | None:
    """function.wasm as `--json` prints it; None where there is none."""
    if freshness is None or freshness.state == "absent":
        return None
    return {
        "size": freshness.size,
        "modified": iso_time(freshness.modified),
        "stale": freshness.is_stale,
        "reason": freshness.reason,
        "mode": freshness.mode,
        "valid": freshness.fault is None,
        "error": freshness.fault,
    }


def iso_time(seconds: float | None) -> str | None:
    """A POSIX time as ISO 8601 in UTC: `2026-01-31T12:00:00.125Z`; None where there is none."""
    if seconds is None:
        return None
    import time

    milliseconds = int(seconds * 1000)
    try:
        whole = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(milliseconds // 1000))
    except (OverflowError, ValueError, OSError):
        return None  # a time that is none: some disks hold it
    return f"{whole}.{milliseconds % 1000:03d}Z"


def _print_table(rows: list[Assessment], typed: str, problems: list[FindProblem], paint: Paint) -> None:
    if not rows and any(problem.path == "." for problem in problems):
        return  # what is in it is not known
    if not rows:
        say(no_functions(typed))
        return
    name_width = min(max(cells(printable(row.path)) for row in rows), _NAME_WIDTH)
    for row in rows:
        paint.say(_line(row, name_width, paint))
    paint.say(((summary_line(row.state for row in rows), "label"),))


def _line(row: Assessment, name_width: int, paint: Paint) -> Line:
    """`✓ echo   1.9 MB  command  ready`, with a reason where there is one."""
    size = human_bytes(row.staleness.size) if row.staleness is not None and row.staleness.size is not None else ""
    role = role_of(row.state)
    mode = row.plan.mode if row.plan is not None else ""
    folder, name = os.path.split(printable(row.path))
    above = f"{folder}/" if folder else ""
    gap = " " * max(name_width - cells(above + name), 0)
    word, why = _note(row)
    return (
        (f"{paint.sign(row.state)} ", role),
        (above, "muted"),
        (f"{name}{gap}", "label"),
        (f"  {size:>8}", "muted"),
        (f"  {mode:<7}  ", "mode"),
        (word, role),
        (why, "space"),
        (f"; {ran_words(row.ran)}" if row.ran is not None else "", "muted"),
    )


def _note(row: Assessment) -> tuple[str, str]:
    """The state, and why."""
    if row.refusal is not None:
        return row.refusal.summary, ""
    reason = None
    if row.ended is not None:
        reason = row.ended.error
    elif row.staleness is not None and row.staleness.fault is not None:
        reason = row.staleness.fault
    elif row.state == "blocked" and row.verdict is not None:
        reason = next((finding.message for finding in row.verdict.findings if finding.severity == "error"), None)
    elif row.staleness is not None:
        reason = row.staleness.reason
    first = first_line(reason or "")
    return row.state, f": {first}" if first and first != row.state else ""
