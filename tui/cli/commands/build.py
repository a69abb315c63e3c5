"""`fn-tui build DIR... | --all [WORKSPACE] | --stale [WORKSPACE]`: builds functions without the screen."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Mapping, Set
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Final

from tui.cli import EXIT_FAILED, EXIT_OK, EXIT_USAGE
from tui.cli.clusters import add_cluster, agreed_to_here, cluster_of, is_asked, reached, tells_of_workers
from tui.cli.folders import below, folder_fault, no_functions
from tui.cli.options import add_compiler, add_jobs, add_timeout, function_here
from tui.cli.output import complain, drop_output
from tui.text import plural

if TYPE_CHECKING:
    from tui.assessment.kept.built import KeptBuilds
    from tui.building.events import BuildResult
    from tui.building.plan.build_plan import CompilerName
    from tui.building.process.queue import BuildQueue
    from tui.cli.reports.build import Reporter
    from tui.cli.reports.progress_bar import ProgressBar
    from tui.cluster.client import Cluster
    from tui.workspace.function import Function

NOTHING_STALE: Final = "nothing to build: no function here is stale"
_POLITE: Final = 1.0  # seconds that compilers get to end by themselves


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `fn-tui build`."""
    parser.add_argument(
        "directories",
        nargs="*",
        metavar="DIR",
        help="a function directory (default: ., where that is one); with --all or --stale: the workspace",
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--all", action="store_true", help="every function of the workspace (default: .)")
    which.add_argument("--stale", action="store_true", help="those whose module is missing or not up to date")
    add_jobs(parser)
    parser.add_argument(
        "--fail-fast", action="store_true", help="after the first failure start none and cancel the rest"
    )
    parser.add_argument("--force", action="store_true", help="build what is up to date, too")
    add_timeout(parser)
    parser.add_argument("--junit", type=Path, metavar="FILE", help="write a JUnit XML report")
    parser.add_argument("--format", choices=("text", "json", "github"), default="text", help="form of the output")
    parser.add_argument("--json", action="store_const", const="json", dest="format", help="the same as --format json")
    add_compiler(parser)
    add_cluster(parser)


def run(args: argparse.Namespace) -> int:
    """Build them; 0 if all are up to date then, 1 if one failed, 2 for wrong usage, 128 + n if signal n ended it."""
    if not (args.directories or args.all or args.stale):
        args.directories = function_here()
    problem = _usage_problem(args)
    if problem is not None:
        complain(problem)
        return EXIT_USAGE
    kept = _kept(args)
    directories, any_here, unread = _chosen(args, kept)
    if not directories and unread:
        return EXIT_USAGE
    if not directories:
        complain(NOTHING_STALE if any_here else no_functions(*args.directories or ["."]))
    unchanged = kept.unchanged(directories) if kept is not None and args.all and not args.force else set()
    cluster = cluster_of(args) if len(unchanged) < len(directories) else None
    if isinstance(cluster, str):
        complain(cluster)
        return EXIT_USAGE
    from tui.building.compilers import by_name
    from tui.cli.loop import run_command

    lacks = by_name(args.compiler).lacks()
    if lacks is not None and directories:
        complain(lacks)
    started = _Run(args, directories, cluster, kept, unchanged)
    try:
        return run_command(started.run())
    except BrokenPipeError:  # the reader went away, and what still was to be built was stopped
        drop_output()
        return started.exit_code()


class _Run:
    """One run of the command."""

    def __init__(
        self,
        args: argparse.Namespace,
        typed: Mapping[Path, str],
        cluster: Cluster | None,
        kept: KeptBuilds | None,
        unchanged: Set[Path],
    ) -> None:
        """`unchanged`: those of the directories that need not be looked at, by what is kept of the workspace."""
        import asyncio

        from tui.assessment.kept.built import NeedKept
        from tui.building.inputs.need import NeedByHistory
        from tui.building.process.jobs import default_jobs
        from tui.building.process.options import BuildOptions
        from tui.building.process.queue import BuildQueue
        from tui.cli.paint import paint_for
        from tui.cli.reports.build import reporter_of

        self._keeping = NeedKept(kept) if kept is not None else None
        need = self._keeping or NeedByHistory()
        options = BuildOptions(args.compiler, force=args.force, timeout=args.timeout or None, need_check=need)
        jobs = min(args.jobs or default_jobs(), max(1, len(typed)))
        self._directories = list(typed)
        self._unchanged = unchanged
        self._cluster = cluster
        self._stop = asyncio.Event()
        self._fail_fast: bool = args.fail_fast
        self._most: int = args.jobs or 0
        self._junit: Path | None = args.junit
        self._queue: BuildQueue = BuildQueue(options, jobs, fail_fast=args.fail_fast)
        self._jobs, self._ascii = jobs, bool(args.ascii)
        live = len(typed) == 1 or (jobs == 1 and cluster is None)
        self._reporter: Reporter = reporter_of(args.format, live=live, typed=typed.__getitem__, paint=paint_for(args))
        self._bar = self._progress() if args.format == "text" and len(typed) > 1 else None
        self._results: list[BuildResult] = []
        self._lines: dict[Path, list[str]] = {}
        self._signal: int | None = None

    async def run(self) -> int:
        """Build and tell; whatever happens, nothing is left running."""
        import asyncio

        began = monotonic()
        self._take_signals()
        if self._cluster is not None and not await self._has_gone_there(self._cluster):
            return self.exit_code()
        self._pass_over()
        self._queue.submit_all([each for each in self._directories if each not in self._unchanged])
        self._queue.finish()
        ticking = asyncio.create_task(self._tick())
        try:
            await self._follow()
            if self._cluster is not None and self._cluster.lost is not None:
                await self._build_the_rest(self._cluster.lost)
        finally:
            ticking.cancel()
            await self._queue.shutdown()
            if self._cluster is not None:
                await self._cluster.close()
            if self._keeping is not None and self._signal is None:
                await self._keeping.close()
        self._reporter.finish(self._results, monotonic() - began)
        return self.exit_code(written=self._write_junit())

    async def _has_gone_there(self, cluster: Cluster) -> bool:
        """Whether builds run somewhere: there, or here where a person agrees to it since it cannot be reached."""
        if await reached(cluster, self._queue.options.compiler, self._stop):
            from tui.cluster.remote import attach  # now that Dask is loaded, in a thread

            attach(cluster, self._queue, self._most, lambda _: None, tells_of_workers(cluster, self._queue))
            return True
        self._cluster = None
        return not self._stop.is_set() and await agreed_to_here("build on this machine?", self._stop)

    async def _build_the_rest(self, why: str) -> None:
        """The cluster has gone: build here what was not built there, where a person agrees to it."""
        from dataclasses import replace

        from tui.building.process.executor import Here
        from tui.building.process.queue import BuildQueue

        lost = {result.directory for result in self._results if result.status == "lost"}
        left = [directory for directory in self._directories if directory in lost]
        if not left or self._stop.is_set():
            return
        if self._bar is not None:
            self._bar.rest()
        told = f"{why}; {plural(len(left), 'function')} not built"
        complain(told if is_asked() else f"{told}: with --here they are built on this machine")
        if not await agreed_to_here("build them on this machine?", self._stop):
            return
        await self._queue.shutdown()
        options = replace(self._queue.options, executor=Here())
        self._queue = BuildQueue(options, self._jobs, fail_fast=self._fail_fast)
        self._results = [result for result in self._results if result.directory not in left]
        self._queue.submit_all(left)
        self._queue.finish()
        await self._follow()

    def _pass_over(self) -> None:
        """Tell of those that are up to date, which nobody has to wait for."""
        from tui.building.events import BuildEnded
        from tui.building.process.outcome import unchanged

        for directory in self._directories:
            if directory in self._unchanged:
                result = unchanged(directory, self._queue.options.compiler)
                self._results.append(result)
                self._reporter.handle(BuildEnded(directory, result))

    def _progress(self) -> ProgressBar | None:
        """The bar below what is printed, where there is a terminal for it."""
        from tui.building.record.history import load_history
        from tui.cli.reports.progress_bar import ProgressBar, terminal_for_a_bar

        if not terminal_for_a_bar():
            return None
        usual = {directory: load_history(directory).expected_seconds for directory in self._directories}
        bar = ProgressBar(self._reporter, usual, self._jobs, ascii_only=self._ascii)
        self._reporter = bar
        return bar

    async def _tick(self) -> None:
        """Draw the bar anew while nothing else does."""
        import asyncio

        if self._bar is None:
            return
        from tui.cli.reports.progress_bar import INTERVAL

        while True:
            self._bar.draw()
            await asyncio.sleep(INTERVAL)

    async def _follow(self) -> None:
        from tui.building.events import BuildEnded, BuildOutputBatch

        async for event in self._queue.events():
            if isinstance(event, BuildEnded):
                self._results.append(event.result)
            elif isinstance(event, BuildOutputBatch) and self._junit is not None:
                self._keep(event.directory, event.lines)
            self._reporter.handle(event)

    def _keep(self, directory: Path, lines: Iterable[str]) -> None:
        """Output for the report: the last lines, bounded."""
        from tui.cli.reports.junit import LINE_KEPT, OUTPUT_KEPT

        kept = self._lines.setdefault(directory, [])
        kept += [line[:LINE_KEPT] for line in lines]
        if len(kept) > 2 * OUTPUT_KEPT:
            del kept[:-OUTPUT_KEPT]

    def _take_signals(self) -> None:
        """The first signal cancels politely, the second kills at once, and so do we after a while."""
        from tui.cli.loop import on_signals

        on_signals(self._interrupted)

    def _interrupted(self, number: int) -> None:
        import asyncio

        if self._signal is None:
            self._signal = number
            if self._bar is not None:
                self._bar.erase()
            if sys.stderr is not None and sys.stderr.isatty():
                complain("cancelling; once more to kill at once")
            asyncio.get_running_loop().call_later(_POLITE, self._queue.cancel_all)
        self._queue.cancel_all()
        self._stop.set()

    def _write_junit(self) -> bool:
        """Write the report if one was asked for; False where that failed."""
        if self._junit is None:
            return True
        from tui.cli.reports.junit import junit_xml
        from tui.files import write_named

        report = junit_xml([(result, self._lines.get(result.directory, [])) for result in self._results], Path.cwd())
        try:
            write_named(self._junit, report)
        except OSError as error:
            complain(f"{self._junit}: cannot write the report: {error.strerror or error}")
            return False
        return True

    def exit_code(self, *, written: bool = True) -> int:
        """0 where each function was built or skipped; `written`: whether the report, if asked for, was."""
        if self._signal is not None:
            return 128 + self._signal
        good = all(result.status in ("built", "skipped") for result in self._results)
        return EXIT_OK if good and written and len(self._results) == len(self._directories) else EXIT_FAILED


def _usage_problem(args: argparse.Namespace) -> str | None:
    """What is wrong with the arguments taken together; None if nothing is."""
    whole = args.all or args.stale
    if not whole and not args.directories:
        return "name a function directory, or --all, or --stale"
    if whole and len(args.directories) > 1:
        return "--all and --stale take one workspace"
    fault = folder_fault(args.directories[0] if args.directories else ".") if whole else None
    if fault is not None:
        return fault
    if args.junit is not None and not os.path.isdir(args.junit.absolute().parent):  # never raises
        return f"{args.junit}: there is no such folder to write the report in"
    return None


def _kept(args: argparse.Namespace) -> KeptBuilds | None:
    """What is kept of the workspace; None where functions are named one by one."""
    if not (args.all or args.stale):
        return None
    from tui.assessment.kept.built import kept_builds
    from tui.building.compilers.chosen import ChosenCompiler

    return kept_builds(args.directories[0] if args.directories else ".", ChosenCompiler(args.compiler))


def _chosen(args: argparse.Namespace, kept: KeptBuilds | None) -> tuple[dict[Path, str], bool, bool]:
    """The directories to build, absolute, with how they were typed; each once (a link to one is that one).

    And whether there are functions at all, and whether the workspace itself could not be searched.
    """
    if not (args.all or args.stale):
        named = {Path(os.path.abspath(directory)): directory for directory in reversed(args.directories)}  # noqa: PTH100
        return _each_once(named), True, False
    root = args.directories[0] if args.directories else "."
    functions, any_here, unread = _workspace(root, args.compiler if args.stale else None, kept)
    return _each_once({each.directory: below(root, each.path) for each in reversed(functions)}), any_here, unread


def _each_once(backwards: Mapping[Path, str]) -> dict[Path, str]:
    """The directories the other way round, each once, the first of those that are the same on disk."""
    once = {os.path.realpath(directory): (directory, typed) for directory, typed in backwards.items()}
    return dict(reversed(once.values()))


def _workspace(root: str, stale_for: CompilerName | None, kept: KeptBuilds | None) -> tuple[list[Function], bool, bool]:
    """The functions of a workspace; with `stale_for`, those that are not what a build with it would make.

    And whether it has any, and whether it could not be searched.
    """
    from tui.workspace.find import find_functions

    functions, problems = find_functions(Path(os.path.abspath(root)))  # noqa: PTH100
    for problem in problems:
        complain(f"{os.path.normpath(os.path.join(root, problem.path))}: {problem.message}")  # noqa: PTH118
    any_here = bool(functions)
    if stale_for is not None:
        from tui.assessment.assess import needs_build
        from tui.assessment.terms import terms_here

        terms = terms_here(compiler=stale_for)
        fresh = kept.unchanged(function.directory for function in functions) if kept is not None else ()
        functions = [each for each in functions if each.directory not in fresh and needs_build(each, terms)]
    return functions, any_here, any(problem.path == "." for problem in problems)
