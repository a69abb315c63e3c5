"""`fn-tui check [DIR|WORKSPACE]...`: what the host would refuse or swallow, function by function, before deploy."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tui.cli import EXIT_FAILED, EXIT_OK, EXIT_USAGE
from tui.cli.folders import below, folder_fault, no_functions
from tui.cli.options import add_compiler, add_contract, add_no_cache
from tui.cli.output import complain

if TYPE_CHECKING:
    import argparse

    from tui.assessment.assessment import Assessment
    from tui.assessment.kept.kept import Kept
    from tui.assessment.terms import Terms
    from tui.cli.options import Declares
    from tui.cli.reports.check import CheckedFunction, Report
    from tui.workspace.function import Function

FORMATS: Final = ("text", "json", "github", "sarif")


def add_arguments(parser: Declares) -> None:
    """Declare the arguments of `check`."""
    parser.add_argument(
        "paths",
        nargs="*",
        default=["."],
        metavar="DIR|WORKSPACE",
        help="functions, or folders that hold some (default: .)",
    )
    parser.add_argument("--json", action="store_true", help="the same as --format json: one JSON object a function")
    parser.add_argument("--format", choices=FORMATS, default="text", help="how to print (default: text)")
    parser.add_argument("--strict", action="store_true", default=None, help="exit 1 on warnings and unbuilt ones too")
    add_contract(parser)
    add_compiler(parser, "what a build would use")
    add_no_cache(parser)
    parser.add_argument("--all", action="store_true", help="the whole picture of good functions too")
    parser.epilog = (
        "exit codes: 0 the host takes all of them, or deploying would build them; 1 one is blocked, failed to build or "
        "could not be read to its end (with --strict: or has a warning, or is unbuilt); 2 there is nothing to check"
    )


def run(args: argparse.Namespace) -> int:
    """Check the functions; 1 where one would not do, 2 where there is nothing to check."""
    from tui.assessment.assess import assess, concluded
    from tui.assessment.terms import terms_here
    from tui.cli.reports.check import TextReport
    from tui.gateway.contract.contract import ContractError
    from tui.gateway.contract.reading import contract_id, load_contract

    try:
        contract = load_contract(args.contract)
    except ContractError as error:
        complain(str(error))
        return EXIT_USAGE
    functions, missing = _functions(args.paths)
    if not functions:
        if not missing:
            complain(no_functions(*args.paths))
        return EXIT_USAGE
    report = _report(args, len(functions))
    checked = []
    kept = None if args.no_cache or len(functions) == 1 else _kept(args.paths)
    terms = terms_here(
        lambda: contract, args.compiler, validate=True, kept=kept, contract_id=contract_id(args.contract)
    )
    look = assess if isinstance(report, TextReport) else concluded  # only the text draws lives
    for one in _checked(functions, terms, look):
        checked.append(one)
        report.function(one)
    report.end(checked)
    return _exit_code(checked, args.strict, missing)


def _functions(paths: list[str]) -> tuple[list[tuple[str, Function]], bool]:
    """The functions in and below the paths, each once and named from here; and whether a path could not be searched."""
    from tui.workspace.find import find_functions

    found: dict[Path, tuple[str, Function]] = {}
    missing = False
    for path in paths:
        root = Path(path)
        fault = folder_fault(path)
        if fault is not None:
            complain(fault)
            missing = True
            continue
        functions, problems = find_functions(root)
        for function in functions:
            found.setdefault(function.directory, (below(path, function.path), function))
        for problem in problems:
            complain(f"{os.path.normpath(root / problem.path)}: {problem.message}")
            missing = missing or problem.path == "."
    return list(found.values()), missing


def _kept(paths: list[str]) -> Kept:
    """What is kept of the workspace; of several folders in that of the first."""
    from tui.assessment.kept.kept import kept_of

    return kept_of(paths[0])


def _checked(
    functions: list[tuple[str, Function]], terms: Terms, look: Callable[[Function, Terms], Assessment]
) -> Iterator[CheckedFunction]:
    """Each function checked, in order."""
    from tui.cli.reports.check import CheckedFunction

    for path, function in functions:
        yield CheckedFunction(path, look(function, terms))
    for unsaved in (terms.cache.save(), terms.kept.close() if terms.kept is not None else None):
        if unsaved is not None:
            complain(unsaved)


def _report(args: argparse.Namespace, count: int) -> Report:
    """The format asked for."""
    from tui.cli.paint import paint_for
    from tui.cli.reports.check import GithubReport, JsonReport, SarifReport, TextReport

    reports: dict[str, type[JsonReport | GithubReport | SarifReport]] = {
        "json": JsonReport,
        "github": GithubReport,
        "sarif": SarifReport,
    }
    chosen = reports.get("json" if args.json else args.format)
    if chosen is not None:
        return chosen()
    import shutil

    width = shutil.get_terminal_size((100, 24)).columns
    return TextReport(width, paint_for(args), whole=args.all or count == 1)


def _exit_code(checked: list[CheckedFunction], strict: bool, missing: bool) -> int:
    from tui.assessment.assessment import BAD, UNCERTAIN

    words = {one.found.verdict_word for one in checked}
    if words & BAD or (strict and words & UNCERTAIN):
        return EXIT_FAILED
    return EXIT_USAGE if missing else EXIT_OK
