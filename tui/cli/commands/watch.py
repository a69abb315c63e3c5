"""`fn-tui watch [WORKSPACE]`: rebuilds what a save touches, until it is interrupted."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from tui.cli import EXIT_FAILED, EXIT_OK, EXIT_USAGE
from tui.cli.clusters import add_cluster, agreed_to_here, cluster_of, goes_on_here, reached, tells_of_workers
from tui.cli.folders import below, folder_fault, no_functions, place
from tui.cli.options import add_compiler, add_jobs, add_timeout
from tui.cli.output import complain, emit, say
from tui.text import plural, printable

if TYPE_CHECKING:
    import asyncio
    from collections.abc import AsyncGenerator

    from tui.building.watch.loop import CircleBreaker, WatchEvent
    from tui.building.watch.planner import WatchPlanner
    from tui.cluster.client import Cluster


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `watch`."""
    parser.add_argument("workspace", nargs="?", default=".", metavar="WORKSPACE", help="folder to watch (default: .)")
    parser.add_argument("--json", action="store_true", help="one JSON object an event")
    add_jobs(parser)
    add_timeout(parser)
    add_compiler(parser)
    add_cluster(parser)


def run(args: argparse.Namespace) -> int:
    """Watch until a signal ends it (128 + n); 2 where the workspace is no folder. A failed build never ends it."""
    root = Path(os.path.abspath(args.workspace))  # noqa: PTH100 - resolve() would lose the path as it was given
    fault = folder_fault(args.workspace)
    if fault is not None:
        complain(fault)
        return EXIT_USAGE
    cluster = cluster_of(args)
    if isinstance(cluster, str):
        complain(cluster)
        return EXIT_USAGE
    from tui.cli.loop import run_command

    return run_command(_Watch(args, root, cluster).run())


class _Watch:
    """One run of the command."""

    def __init__(self, args: argparse.Namespace, root: Path, cluster: Cluster | None) -> None:
        import asyncio

        from tui.building.inputs.need import NeedByHistory
        from tui.building.process.jobs import default_jobs
        from tui.building.process.options import BuildOptions
        from tui.building.process.queue import BuildQueue
        from tui.cli.paint import paint_for
        from tui.cli.reports.build import reporter_of

        jobs = args.jobs or default_jobs()
        self._cluster = cluster
        self._most: int = args.jobs or 0
        self._root = root
        self._workspace: str = args.workspace
        self._json: bool = args.json
        self._queue = BuildQueue(
            BuildOptions(args.compiler, timeout=args.timeout or None, need_check=NeedByHistory()), jobs
        )
        live = jobs == 1 and cluster is None
        self._reporter = reporter_of(
            "json" if args.json else "text", live=live, endless=True, typed=self._typed, paint=paint_for(args)
        )
        self._stop = asyncio.Event()
        self._signal: int | None = None

    async def run(self) -> int:
        """Watch until a signal, or until the cluster goes away; whatever happens, nothing is left running."""
        from tui.cli.loop import on_signals

        on_signals(self._ended_by)
        cluster = self._cluster
        if cluster is None:
            return await self._run()
        if await reached(cluster, self._queue.options.compiler, self._stop):
            return await self._run_there(cluster)
        if self._signal is None and await agreed_to_here("build on this machine?", self._stop):
            return await self._run()
        return 128 + self._signal if self._signal is not None else EXIT_FAILED

    async def _run_there(self, cluster: Cluster) -> int:
        """The same while a cluster builds; when it goes away, this machine builds, or it ends."""
        import asyncio

        from tui.cluster.remote import attach

        gone: asyncio.Queue[tuple[Path, ...]] = asyncio.Queue()

        async def go_on() -> None:
            left = await gone.get()
            if not await goes_on_here(cluster.lost or "", self._queue, left, self._most, self._stop):
                self._stop.set()

        attach(cluster, self._queue, self._most, gone.put_nowait, tells_of_workers(cluster, self._queue))
        going_on = asyncio.create_task(go_on())
        try:
            code = await self._run()
        finally:
            await _end(going_on)
            await cluster.close()
        ended = going_on.done() and not going_on.cancelled()
        if ended and going_on.exception() is not None:
            await going_on  # a fault of ours
        return EXIT_FAILED if code == EXIT_OK and cluster.lost is not None else code

    async def _run(self) -> int:
        """Follow the disk and the queue."""
        import asyncio
        import time
        from functools import partial

        from tui.assessment.assess import watched
        from tui.assessment.terms import terms_here
        from tui.building.watch.loop import CircleBreaker
        from tui.building.watch.planner import WatchPlanner

        since = time.time()
        look = partial(watched, terms=terms_here(compiler=self._queue.options.compiler))
        planner = WatchPlanner(self._root, look, since=since)
        stopped = asyncio.create_task(self._stop.wait())
        learning = asyncio.create_task(asyncio.to_thread(planner.learn))
        await asyncio.wait((learning, stopped), return_when=asyncio.FIRST_COMPLETED)
        if self._signal is not None:  # before all was read
            await _end(learning, stopped)
            return 128 + self._signal
        await learning
        queue = asyncio.create_task(self._follow_queue())
        disk = asyncio.create_task(self._follow_disk(planner, CircleBreaker(), since))
        try:
            done, _ = await asyncio.wait((queue, disk, stopped), return_when=asyncio.FIRST_COMPLETED)
            self._stop.set()
            for task in done:
                task.result()  # a fault of ours ends the program with its report
        finally:
            await self._queue.shutdown()
            await _end(queue, disk, stopped)
        return 128 + self._signal if self._signal is not None else EXIT_FAILED if disk.done() else EXIT_OK

    async def _follow_queue(self) -> None:
        async for event in self._queue.events():
            self._reporter.handle(event)

    async def _follow_disk(self, planner: WatchPlanner, breaker: CircleBreaker, since: float) -> None:
        self._tell_start(len(planner.directories))
        async for event in self._events(planner, breaker, since):
            self._take(event)

    def _events(self, planner: WatchPlanner, breaker: CircleBreaker, since: float) -> AsyncGenerator[WatchEvent, None]:
        from tui.building.watch.loop import watch_builds
        from tui.workspace.watch.also import Also
        from tui.workspace.watch.following import watch_workspace

        def say_polling(words: str) -> None:
            self._tell("polling", self._root, words, message=words)

        also = Also(planner.outside)
        changes = watch_workspace(self._root, self._stop, also, say_polling, since)
        return watch_builds(changes, planner, breaker, also)

    def _take(self, event: WatchEvent) -> None:
        """Tell what changed, and queue what follows."""
        from tui.building.watch.loop import WatchSuspended

        if isinstance(event, WatchSuspended):
            self._tell("suspended", event.directory, event.words, file=str(event.file))
            return
        for directory in event.appeared:
            self._tell("new", directory, f"{self._shown(directory)}: a new function")
        for directory in event.vanished:
            self._queue.cancel(directory)
            self._tell("gone", directory, f"{self._shown(directory)}: gone")
        for refused in event.refused:
            words = f"{self._shown(refused.directory)}: {refused.words}"
            self._tell("refused", refused.directory, words, error=refused.error.text, line=refused.error.line)
        for rebuild in event.rebuild:
            words = f"{self._shown(rebuild.directory)}: {rebuild.trigger}"
            self._tell("change", rebuild.directory, words, trigger=rebuild.trigger, file=str(rebuild.file))
            self._queue.submit(rebuild.directory, origin="watch", trigger=rebuild.trigger)

    def _tell(self, name: str, directory: Path, words: str, **fields: object) -> None:
        if self._json:
            emit({"event": name, **place(self._typed(directory)), **fields})
        else:
            import time

            say(printable(f"{time.strftime('%H:%M:%S')} {words}"))

    def _tell_start(self, count: int) -> None:
        if not count:
            complain(no_functions(self._workspace))
        if self._json:
            emit({"event": "watching", "workspace": str(self._root), "functions": count})
        else:
            say(f"watching {plural(count, 'function')} in {self._root}; ctrl+c ends it")

    def _typed(self, directory: Path) -> str:
        return below(self._workspace, os.path.relpath(directory, self._root))

    def _shown(self, directory: Path) -> str:
        relative = os.path.relpath(directory, self._root)
        return self._root.name if relative == "." else relative

    def _ended_by(self, number: int) -> None:
        self._signal = number
        self._stop.set()


async def _end(*tasks: asyncio.Task[object]) -> None:
    """Cancel what still runs, and wait for it."""
    import asyncio

    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
