"""The runs of a screen: asked for by a function's path, told to whoever listens. It knows no widget.

Each call has a thread that waits for the process that runs it; the loop waits for nothing. What ends is handed to the
loop, which alone changes what is known here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, Protocol

from tui.app.desk.running.model import Draft, Report
from tui.app.toast import Toast

if TYPE_CHECKING:
    from tui.app.desk.builds.builds import BuildNews
    from tui.app.desk.running.one import OneRun
    from tui.app.desk.store import Store

KEPT: Final = 20  # reports of one function
MOST_AT_ONCE: Final = 64  # threads that wait


@dataclass(frozen=True, slots=True)
class Known:
    """What the screen knows of one function's runs. Replaced, never changed."""

    reports: tuple[Report, ...] = ()  # newest last
    under_way: OneRun | None = None
    started: float = 0.0  # time.monotonic()
    awaiting: Draft | None = None  # it runs with this when it is built

    @property
    def last(self) -> Report | None:
        """What came of the last call."""
        return self.reports[-1] if self.reports else None


NOTHING: Final = Known()


class Ears(Protocol):
    """Who hears what a run has to say beside its answer."""

    def say(self, toast: Toast) -> None:
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
        self._listeners: list[Callable[[str], None]] = []
        self._stopped = False

    def listen(self, listener: Callable[[str], None]) -> None:
        """Call `listener` with the path of a function whose runs are others now."""
        self._listeners.append(listener)

    def of(self, path: str) -> Known:
        """What is known of a function's runs."""
        return self._known.get(path, NOTHING)

    def _change(self, path: str, known: Known) -> None:
        self._known[path] = known
        for listener in self._listeners:
            listener(path)

    # -- asked for

    def run(self, path: str, draft: Draft, *, before: Path | None = None) -> bool:
        """Run a function; False where one of its calls is under way."""
        from tui.app.desk.running.one import OneRun

        record, known = self.store.get(path), self.of(path)
        if record is None or self._stopped or known.under_way is not None:
            return False
        run = OneRun(record.function.directory, self.workspace, draft, before=before)
        self._change(path, replace(known, under_way=run, started=monotonic(), awaiting=None))
        self._ears.run(self._wait(path, run))
        return True

    def cancel(self, path: str) -> bool:
        """End the call under way; False where there is none."""
        known = self.of(path)
        if known.awaiting is not None:
            self._change(path, replace(known, awaiting=None))
        if known.under_way is not None:
            known.under_way.cancel()
        return known.under_way is not None or known.awaiting is not None

    def build_and_run(self, path: str, draft: Draft) -> None:
        """Build a function, and run it when that went well."""
        self._change(path, replace(self.of(path), awaiting=draft))
        self._ears.build([path])

    def built(self, news: BuildNews) -> None:
        """A build ended."""
        known = self.of(news.path)
        draft = known.awaiting
        if draft is None:
            return
        self._change(news.path, replace(known, awaiting=None))
        if news.result.status in ("built", "skipped"):
            self.run(news.path, draft)

    async def _wait(self, path: str, run: OneRun) -> None:
        """Wait for the end of a call, in a thread."""
        report = await asyncio.get_running_loop().run_in_executor(self._pool, run.go, self._remember)
        for words in report.unkept:
            self._ears.say(Toast(words, "warning"))
        known = self.of(path)
        self._change(path, replace(known, under_way=None, reports=(*known.reports, report)[-KEPT:]))

    async def stop(self) -> None:
        """End all that runs; nothing is left after this."""
        self._stopped = True
        for known in self._known.values():
            if known.under_way is not None:
                known.under_way.cancel()
        await asyncio.to_thread(self._pool.shutdown)
