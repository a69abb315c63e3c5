"""The runs of a screen: asked for by a function's path, told to whoever listens. It knows no widget.

Each call has a thread that waits for the process that runs it; the loop waits for nothing. What ends is handed to the
loop, which alone changes what is known here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, Protocol

from tui.app.desk.running.gateway import LocalGateway
from tui.app.desk.running.model import Draft, Report, RunPhase
from tui.app.desk.running.talks import Talks
from tui.app.notices import Notice
from tui.text import plural

if TYPE_CHECKING:
    from tui.app.desk.builds.builds import BuildNews
    from tui.app.desk.running.difference import Difference
    from tui.app.desk.running.kept import Remembered, Tested, Watched
    from tui.app.desk.running.one import OneRun
    from tui.app.desk.store import Store
    from tui.running.answer import Phase

KEPT: Final = 20  # reports of one function
MOST_AT_ONCE: Final = 64  # threads that wait
TESTED_AT_ONCE: Final = 4  # functions


@dataclass(frozen=True, slots=True)
class Known:
    """What the screen knows of one function's runs. Replaced, never changed."""

    reports: tuple[Report, ...] = ()  # newest last
    under_way: OneRun | None = None
    phase: RunPhase = "starting"  # of the one under way
    started: float = 0.0  # time.monotonic() at the beginning of the phase
    awaiting: Draft | None = None  # it runs with this when it is built
    difference: Difference | None = None  # of the last two answers, where somebody asked for it
    tested: Tested | None = None  # what became of the kept calls last
    testing: bool = False

    @property
    def last(self) -> Report | None:
        """What came of the last call."""
        return self.reports[-1] if self.reports else None


NOTHING: Final = Known()


class Ears(Protocol):
    """Who hears what a run has to say beside its answer."""

    def say(self, notice: Notice) -> None:
        """Something to tell the person."""

    def build(self, paths: list[str]) -> None:
        """Build these."""

    def run(self, work: Coroutine[Any, Any, None]) -> object:
        """Run a coroutine as long as the screen is open; a fault in it reaches the boundary."""


class RunDesk:
    """Runs functions of one workspace."""

    def __init__(self, workspace: Path, store: Store, ears: Ears, *, remember: bool) -> None:
        self.workspace = workspace
        self.store = store
        self._ears = ears
        self._remember = remember
        self._known: dict[str, Known] = {}
        self._pool = ThreadPoolExecutor(MOST_AT_ONCE, "run")
        self._few = asyncio.Semaphore(TESTED_AT_ONCE)
        self._listeners: list[Callable[[str], None]] = []
        self._stopped = False
        self._watched: Watched | None = None  # what kept calls run in
        self.talks = Talks(workspace, store, ears, self._pool, remember=remember, tell=self._told, ended=self._talked)
        self.gateway = LocalGateway(workspace, ears, lambda: self._told(""))
        self.again = False  # what was run or tested is so again after each build

    def listen(self, listener: Callable[[str], None]) -> None:
        """Call `listener` with the path of a function whose runs are others now; with "" for what is all functions'."""
        self._listeners.append(listener)

    def of(self, path: str) -> Known:
        """What is known of a function's runs."""
        return self._known.get(path, NOTHING)

    def _change(self, path: str, known: Known) -> None:
        self._known[path] = known
        self._told(path)

    def _told(self, path: str) -> None:
        for listener in self._listeners:
            listener(path)

    def _talked(self, path: str, report: Report) -> None:
        """A session is over: it counts among the runs."""
        known = self.of(path)
        self._change(path, replace(known, reports=(*known.reports, report)[-KEPT:], difference=None))

    # -- asked for

    def run(self, path: str, draft: Draft, *, before: Path | None = None) -> bool:
        """Run a function; False where one of its calls is under way."""
        from tui.app.desk.running.one import OneRun

        record, known = self.store.get(path), self.of(path)
        if record is None or self._stopped or known.under_way is not None:
            return False
        loop, context = asyncio.get_running_loop(), copy_context()  # a thread's own knows of no app to draw in

        def tell(run: OneRun, phase: Phase) -> None:
            loop.call_soon_threadsafe(self._stands, path, run, phase, context=context)

        run = OneRun(record.function.directory, self.workspace, draft, before=before, tell=tell)
        begun = replace(known, under_way=run, phase="starting", started=monotonic(), awaiting=None, difference=None)
        self._change(path, begun)
        self._ears.run(self._wait(path, run))
        return True

    def _stands(self, path: str, run: OneRun, phase: RunPhase) -> None:
        """What a call waits for from now on."""
        known = self.of(path)
        if known.under_way is run:
            self._change(path, replace(known, phase=phase, started=monotonic()))

    def cancel(self, path: str) -> bool:
        """End the call under way; False where there is none: the build that a call waits for may be meant."""
        known = self.of(path)
        if known.awaiting is not None:
            self._change(path, replace(known, awaiting=None))
        if known.under_way is not None:
            known.under_way.cancel()
        return known.under_way is not None

    def build_and_run(self, path: str, draft: Draft) -> None:
        """Build a function, and run it when that went well."""
        self._change(path, replace(self.of(path), awaiting=draft))
        self._ears.build([path])

    def built(self, news: BuildNews) -> None:
        """A build ended: what waits for it runs, and what is to be run again."""
        known, path = self.of(news.path), news.path
        if known.awaiting is not None:
            self._change(path, replace(known, awaiting=None))
        if news.result.status not in ("built", "skipped"):
            return
        is_new = news.result.status == "built"
        again = self.again and is_new
        if is_new and not again and known.tested is not None:  # of another module than is there now
            self._change(path, replace(self.of(path), tested=None))
            self.store.change(path, tested=None)
        draft = known.awaiting or (known.last.draft if again and known.last is not None else None)
        if draft is not None:
            self.run(path, draft)
        if again and known.tested is not None:
            self.test([path])

    # -- kept calls

    async def remembered(self, path: str) -> Remembered:
        """What may be sent to a function again."""
        from tui.app.desk.running.kept import remembered

        folder = self.store[path].function.directory
        return await asyncio.get_running_loop().run_in_executor(self._pool, remembered, folder)

    async def keep(self, path: str, name: str, report: Report) -> None:
        """Keep a call for `fn-tui test`, and say how that went."""
        from tui.app.desk.running.kept import keep

        folder = self.store[path].function.directory
        fault = await asyncio.get_running_loop().run_in_executor(self._pool, keep, folder, name, report)
        words = f"kept as {name} in {path}/calls.yaml" if fault is None else fault
        self._ears.say(Notice(words, "information" if fault is None else "warning"))

    def test(self, paths: list[str]) -> int:
        """Run the kept calls of these functions; of how many."""
        asked = [path for path in paths if path in self.store and not self.of(path).testing]
        for path in asked:
            self._change(path, replace(self.of(path), testing=True))
        if asked:
            self._ears.run(self._test(asked))
        return len(asked)

    async def _test(self, paths: list[str]) -> None:
        await asyncio.gather(*(self._test_one(path) for path in paths))
        found = {path: self.of(path).tested for path in paths}
        runs = [one for one in found.values() if one is not None and one.outcomes]
        calls, failed = sum(len(one.outcomes) for one in runs), sum(one.failed for one in runs)
        words = f"{plural(calls - failed, 'call')} as expected" + (f", {failed} not" if failed else "")
        without = [path for path, one in found.items() if one is not None and one.problem]
        if len(without) == 1:
            problem = found[without[0]]
            words = f"{without[0]}: {problem.problem if problem is not None else ''}" + (f"; {words}" if calls else "")
        elif without:
            words += f"; of {plural(len(without), 'function')} none was run"
        self._ears.say(Notice(words, "warning" if failed else "information"))

    async def _test_one(self, path: str) -> None:
        from tui.app.desk.running.kept import Watched, tested

        record = self.store.get(path)
        if record is None:
            return
        folder, loop = record.function.directory, asyncio.get_running_loop()
        async with self._few:
            self._watched = self._watched or Watched()
            found = await loop.run_in_executor(self._pool, tested, folder, self.workspace, self._watched)
        self._change(path, replace(self.of(path), testing=False, tested=found))
        tally = (len(found.outcomes) - found.failed, len(found.outcomes)) if found.outcomes else None
        self.store.change(path, tested=tally)

    # -- compared

    def compare(self, path: str) -> bool:
        """Hold the last two answers against each other; False where there are not two."""
        if len(self.of(path).reports) < 2:
            return False
        self._ears.run(self._compare(path))
        return True

    def forget_difference(self, path: str) -> bool:
        """Show it no more; False where none shows."""
        known = self.of(path)
        if known.difference is not None:
            self._change(path, replace(known, difference=None))
        return known.difference is not None

    async def _compare(self, path: str) -> None:
        from tui.app.desk.running.difference import difference

        *_, before, after = self.of(path).reports
        found = await asyncio.get_running_loop().run_in_executor(self._pool, difference, before, after)
        if self.of(path).last is after:
            self._change(path, replace(self.of(path), difference=found))

    async def _wait(self, path: str, run: OneRun) -> None:
        """Wait for the end of a call, in a thread."""
        report = await asyncio.get_running_loop().run_in_executor(self._pool, run.go, self._remember)
        for words in report.unkept:
            self._ears.say(Notice(words, "warning"))
        known = self.of(path)
        self._change(path, replace(known, under_way=None, reports=(*known.reports, report)[-KEPT:]))
        if report.before:
            self.compare(path)

    async def stop(self) -> None:
        """End all that runs; nothing is left after this."""
        self._stopped = True
        for known in self._known.values():
            if known.under_way is not None:
                known.under_way.cancel()
        self.talks.end()
        if self._watched is not None:
            self._watched.end()
        await self.gateway.stop()
        await asyncio.to_thread(self._pool.shutdown)
