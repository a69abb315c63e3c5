"""`fn-tui run [DIR|FILE.wasm]`: run a function as the gateway would, and show what it did."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tui.cli import EXIT_FAILED, EXIT_OK, EXIT_USAGE
from tui.cli.folders import folder_fault
from tui.cli.options import add_compiler
from tui.cli.output import complain, emit
from tui.running.answer import Answer, Call, Target
from tui.running.availability import EXTRA, is_available
from tui.running.gather import WASM, NotBuilt, Unusable, gather, workspace_of
from tui.running.host.settings import HostSettings, HostSetupError

if TYPE_CHECKING:
    import argparse

    from tui.building.record.runs import Stamp
    from tui.running.outcome.flame import Stacks

EXIT_NOT_BUILT: Final = 3
EXIT_NO_ENGINE: Final = 4


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `run`."""
    parser.add_argument("path", nargs="?", default=".", metavar="DIR|FILE.wasm", help="a function (default: .)")
    parser.add_argument("--data", metavar="JSON|@FILE|-", help="the input (default: {}); - reads standard input")
    parser.add_argument("--raw", action="store_true", help="send the input as it is, JSON or not")
    parser.add_argument("--frame", action="append", metavar="TEXT|@FILE", help="a frame of a persistent function")
    parser.add_argument("--caller", default="", metavar="wallet=..,claim.x=..", help="who calls (also sub, device)")
    parser.add_argument("--trigger", metavar="cron|pubsub:TOPIC", help="run as a trigger would, --data is the message")
    parser.add_argument("--workspace", metavar="DIR", help="the workspace that the function belongs to")
    parser.add_argument(
        "--state", metavar="DIR", help="the local store (default: one of the workspace, under XDG state)"
    )
    parser.add_argument("--fresh", action="store_true", help="begin with an empty store, and keep nothing")
    parser.add_argument("--seed", metavar="FILE.sql", help="SQL to run on the store before the call")
    parser.add_argument("--secrets", metavar="FILE", help="KEY=VALUE lines (default: secrets.env beside the settings)")
    parser.add_argument("--http", metavar="FILE", help="answer fetches from this recording")
    parser.add_argument("--record", metavar="FILE", help="record fetches into this file")
    parser.add_argument("--save", metavar="NAME", help="keep the call and what came in calls.yaml, for fn-tui test")
    parser.add_argument("--build", action="store_true", help="build first where the module is missing or stale")
    add_compiler(parser, "what --build builds with")
    parser.add_argument("--timeout", type=float, metavar="S", help="seconds, in place of the function's own")
    parser.add_argument("--profile", action="store_true", help="show where time went, and write a flame graph")
    parser.add_argument("--verbose", action="store_true", help="show the function's stdout and stderr too")
    parser.add_argument("--json", action="store_true", help="one JSON object on one line, also on failure")
    parser.epilog = "exit codes: 0 the function answered, 1 it failed, 2 usage, 3 it is not built, 4 there is no engine"


class RefusedError(Exception):
    """Nothing is run. The text says why."""

    def __init__(self, code: int, words: str, target: Target | None = None) -> None:
        super().__init__(words)
        self.code = code
        self.target = target


def run(args: argparse.Namespace) -> int:
    """Run the function; gives the exit code."""
    try:
        call = _call(args)
        target = _target(args)
        if args.save is not None:
            _check_save(args)
    except RefusedError as refused:
        return _refused(args, refused)
    if args.timeout is not None:
        target = replace(target, timeout=args.timeout)
    return _run(args, target, call)


def _call(args: argparse.Namespace) -> Call:
    """The call that the arguments make. Raises RefusedError."""
    from tui.cli.commands.run.words import UsageError, call_of

    fault = folder_fault(args.workspace) if args.workspace is not None else None
    if fault is None and args.http and args.record:
        fault = "--http answers fetches from a recording and --record makes one: give one of the two"
    if fault is not None:
        raise RefusedError(EXIT_USAGE, fault)
    try:
        return call_of(args)
    except UsageError as error:
        raise RefusedError(EXIT_USAGE, str(error)) from error


def _target(args: argparse.Namespace) -> Target:
    """The function, built first where that is asked for. Raises RefusedError."""
    if args.build:
        from tui.cli.commands.run.building import build_first  # asyncio, which costs as much as a run

        failed = build_first(Path(args.path), args.compiler)
        if failed is not None:
            raise RefusedError(EXIT_NOT_BUILT, failed)
    target = gather(args.path)
    if isinstance(target, Unusable):
        raise RefusedError(EXIT_FAILED if os.path.lexists(args.path) else EXIT_USAGE, target.words)
    if isinstance(target, NotBuilt):
        raise RefusedError(EXIT_NOT_BUILT, target.words)
    if not is_available():
        raise RefusedError(EXIT_NO_ENGINE, EXTRA, target)
    if args.frame and not target.persistent:
        raise RefusedError(EXIT_USAGE, "--frame is for functions with ws_persistent: true", target)
    return target


def _run(args: argparse.Namespace, target: Target, call: Call) -> int:
    import tui.cli.reports.run  # noqa: F401 -- half of it is what the guest's process needs: loaded once for both
    from tui.building.record.runs import stamp_of
    from tui.cli.commands.run.waiting import WaitingLine, has_line
    from tui.running.process.guest_process import GuestProcess, GuestProcessError
    from tui.settings.xdg import cache_home

    folder = Path(args.path) if os.path.isdir(args.path) else Path(args.path).parent
    workspace = Path(args.workspace) if args.workspace else workspace_of(folder)
    waiting = WaitingLine(target) if has_line(json=args.json) else None
    tell = waiting.tell if waiting is not None else None
    process = GuestProcess(cache_home() / "compiled", host_settings(args, workspace.absolute()), tell)
    typed = target.persistent and _is_session(args)
    stamp = stamp_of(folder / WASM)
    try:
        if typed:
            from tui.cli.commands.run.session import converse

            answer = converse(process, target, call)
        else:
            answer = process.run(target, call, profile=args.profile)
    except HostSetupError as error:
        return _refused(args, RefusedError(EXIT_USAGE, str(error), target))
    except GuestProcessError as error:
        typed, stamp, answer = False, None, Answer(None, "run", str(error))
    finally:
        process.close()
        if waiting is not None:
            waiting.erase()
    if not typed:  # what came of one is shown as it comes
        _report(args, target, call, answer)
    if stamp is not None and (os.path.isdir(args.path) or Path(args.path).name == WASM):
        _note(folder, answer, stamp)
    unsaved = _save(args, call, answer) if args.save is not None else None
    if unsaved is not None:
        complain(unsaved)
        return EXIT_FAILED
    if answer.unkept is not None:
        complain(answer.unkept)
    return EXIT_OK if answer.ok and answer.unkept is None else EXIT_FAILED


def host_settings(args: argparse.Namespace, workspace: Path) -> HostSettings:
    """How the host is set up: what the arguments name, else what belongs to the workspace and the person."""
    from tui.running.host.settings import usual_settings

    def absolute(path: str | None) -> str:
        return os.path.abspath(path) if path else ""  # noqa: PTH100 - resolve() would ask the disk

    usual = usual_settings(str(workspace))
    return HostSettings(
        workspace=usual.workspace,
        state=absolute(args.state) or usual.state,
        fresh=args.fresh,
        seed=absolute(args.seed),
        secrets=absolute(args.secrets) or usual.secrets,
        http=absolute(args.http),
        record=absolute(args.record),
    )


def _check_save(args: argparse.Namespace) -> None:
    """Whether the call can be kept, asked before anything runs. Raises RefusedError."""
    from tui.cli.commands.run.saving import save_fault

    fault = save_fault(args)
    if fault is not None:
        raise RefusedError(EXIT_USAGE, fault)


def _note(folder: Path, answer: Answer, stamp: Stamp) -> None:
    """Keep that it ran, for what is said of the function from now on."""
    from tui.building.record.runs import note_run
    from tui.running.record import record_of

    unkept = note_run(folder, record_of(answer, stamp))
    if unkept is not None:
        complain(unkept)


def _save(args: argparse.Namespace, call: Call, answer: Answer) -> str | None:
    from tui.cli.commands.run.saving import save

    return save(args, call, answer)


def _is_session(args: argparse.Namespace) -> bool:
    """Whether a person types the frames."""
    return not args.frame and not args.json and args.save is None and os.isatty(0)


def _report(args: argparse.Namespace, target: Target, call: Call, answer: Answer) -> None:
    from tui.cli.reports.run import answer_lines, answer_record

    if args.json:
        emit(answer_record(args.path, target, answer))
    else:
        from tui.cli.output import say

        say(*answer_lines(target, call, answer, verbose=args.verbose))
    if answer.profile:
        _write_profile(target, answer.profile, quiet=args.json)
    elif args.profile:
        complain("no profile: the function ended before it was looked at for the first time, after a millisecond")


def _write_profile(target: Target, stacks: Stacks, *, quiet: bool) -> None:
    """The table on the terminal, and the flame graph in a file of its own."""
    from time import strftime

    from tui.cli.output import say
    from tui.files import replace_file
    from tui.running.outcome.flame import flame_page, table
    from tui.settings.xdg import state_home

    name = "".join(one if one.isascii() and one.isalnum() else "-" for one in target.name[:60])
    moment = strftime("%Y-%m-%d %H:%M:%S")
    page = flame_page(f"{target.name}, {moment}", stacks)
    path = state_home() / "profiles" / f"{name}-{strftime('%Y%m%d-%H%M%S')}.html"
    problem = replace_file(path, page.encode("utf-8", "replace"))
    if problem is not None:
        complain(problem)
    elif not quiet:
        say("", *table(stacks), f"flame graph: {path}")
    else:
        complain(f"flame graph: {path}")


def _refused(args: argparse.Namespace, refused: RefusedError) -> int:
    """Say why nothing was run; with --json as an answer too."""
    from tui.cli.reports.run import refusal_record

    if args.json:
        emit(refusal_record(args.path, refused.target, str(refused)))
    complain(str(refused))
    return refused.code
