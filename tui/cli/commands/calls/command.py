"""`fn-tui test [DIR ...|WORKSPACE]`: builds what is stale, runs the calls of each calls.yaml, shows what differs."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tui.cli import EXIT_FAILED, EXIT_OK, EXIT_USAGE
from tui.cli.folders import folder_fault, no_functions
from tui.cli.options import add_compiler, add_jobs
from tui.cli.output import complain, emit, remark, say
from tui.running.availability import EXTRA, is_available

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from tui.cli.commands.calls.suite import Tested

EXIT_NOT_BUILT: Final = 3
EXIT_NO_ENGINE: Final = 4
WATCHED: Final = (".go", ".yaml", ".mod", ".sum", ".sql", ".json")
NONE: Final = "no function here has a calls.yaml (fn-tui run --save NAME begins one)"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `test`."""
    parser.add_argument(
        "directories", nargs="*", default=["."], metavar="DIR|WORKSPACE", help="functions or workspaces (default: .)"
    )
    parser.add_argument("--watch", action="store_true", help="again on every save, until it is interrupted")
    parser.add_argument("--junit", type=Path, metavar="FILE", help="write a JUnit XML report")
    parser.add_argument("--update", action="store_true", help="expect what came from now on, after asking")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument("--json", action="store_true", help="one JSON object a call")
    add_jobs(parser)
    add_compiler(parser)
    parser.epilog = (
        "exit codes: 0 all came as expected, 1 some did not (or a calls.yaml is broken), 2 usage, 3 some could not be "
        "built, 4 there is no engine"
    )


def run(args: argparse.Namespace) -> int:
    """Run the calls; gives the exit code."""
    fault = _fault(args)
    if fault is not None:
        complain(fault)
        return EXIT_USAGE
    if not is_available():
        complain(EXTRA)
        return EXIT_NO_ENGINE
    return _watch(args) if args.watch else _once(args)


def _fault(args: argparse.Namespace) -> str | None:
    for directory in args.directories:
        fault = folder_fault(directory)
        if fault is not None:
            return fault
    if args.junit is not None and not os.path.isdir(args.junit.absolute().parent):
        return f"{args.junit}: there is no such folder to write the report in"
    if args.update and not args.yes and not (os.isatty(0) and os.isatty(2)):
        return "--update asks before it writes: without a terminal add --yes"
    if args.update and args.watch:
        return "--update and --watch do not go together"
    return None


def _once(args: argparse.Namespace) -> int:
    from tui.cli.commands.calls.suite import any_functions, functions_of, test_all

    folders = functions_of(args.directories)
    if not folders:
        complain(NONE if any_functions(args.directories) else no_functions(*args.directories))
        return EXIT_USAGE if args.directories != ["."] else EXIT_OK
    tested = test_all(folders, args.compiler, args.jobs or 0, lambda each: _tell(each, args))
    if not args.json:
        _tell_sum(tested)
    written = _write_junit(args.junit, tested)
    if args.update:
        tested = _update(tested, ask=not args.yes)
    if any(each.not_built for each in tested):
        return EXIT_NOT_BUILT
    return EXIT_OK if written and all(each.passed for each in tested) else EXIT_FAILED


def _tell(tested: Tested, args: argparse.Namespace) -> None:
    """What became of one function's calls."""
    from tui.cli.paint import paint_for
    from tui.cli.reports.calls import records, text_lines

    if args.json:
        for record in records(tested):
            emit(record)
    else:
        paint_for(args).say(*text_lines(tested))


def _tell_sum(tested: Sequence[Tested]) -> None:
    from tui.text import plural

    calls = [outcome for each in tested for outcome in each.outcomes]
    failed = sum(not outcome.passed for outcome in calls)
    broken = sum(each.problem is not None for each in tested)
    words = [f"{plural(len(calls) - failed, 'call')} as expected"]
    words += [f"{failed} not"] if failed else []
    words += [f"{plural(broken, 'function')} not tested"] if broken else []
    say(", ".join(words))


def _write_junit(path: Path | None, tested: Sequence[Tested]) -> bool:
    if path is None:
        return True
    from tui.cli.reports.calls import junit_of_calls
    from tui.files import write_named

    try:
        write_named(path, junit_of_calls(tested))
    except OSError as error:
        complain(f"{path}: cannot write the report: {error.strerror or error}")
        return False
    return True


def _update(tested: Sequence[Tested], *, ask: bool) -> list[Tested]:
    """Write what came as what is expected, where a person agrees; what is to be said of the run then."""
    from dataclasses import replace

    from tui.running.calls.compare import renewed
    from tui.running.calls.write import renew

    after = []
    for each in tested:
        fresh = {
            one.call.name: renewed(one.call.expect, one.answer)
            for one in each.outcomes
            if not one.passed and one.answer is not None
        }
        if not fresh or (ask and not _agreed(each.shown, list(fresh))):
            after.append(each)
            continue
        problem = renew(each.folder, fresh)
        if problem is not None:
            complain(problem)
        else:
            remark(f"{each.shown}/calls.yaml expects from now on what came of {', '.join(fresh)}")
        kept = tuple(one for one in each.outcomes if problem is not None or one.call.name not in fresh)
        after.append(replace(each, outcomes=kept))
    return after


def _agreed(shown: str, names: list[str]) -> bool:
    from tui.cli.typed import typed_line
    from tui.text import printable

    sys.stderr.write(printable(f"expect in {shown}/calls.yaml what came of {', '.join(names)}?") + " [y/N] ")
    sys.stderr.flush()
    return typed_line().strip().lower() in {"y", "yes"}


def _watch(args: argparse.Namespace) -> int:
    """Run again whenever a source, a calls.yaml or what it names is saved. Ctrl+c ends it."""
    import threading

    from tui.cli.commands.calls.saves import Saves

    saves = Saves([Path(os.path.abspath(each)) for each in args.directories], WATCHED)  # noqa: PTH100
    threading.Thread(target=saves.follow, daemon=True).start()
    _once(args)
    remark("watching; ctrl+c ends it")
    while True:
        saves.wait()
        _once(args)
