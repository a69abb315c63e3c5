"""What runs behind the screen: finding, reading, watching the disk, building. It knows the store, and no widget."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, Protocol

from tui.app.desk.builds.builds import BuildNews, Builds
from tui.app.desk.builds.elsewhere import Elsewhere
from tui.app.desk.builds.notices import Batch
from tui.app.desk.builds.recalling import Recaller
from tui.app.desk.builds.watch_switch import WatchSwitch
from tui.app.desk.error_book import ErrorBook
from tui.app.desk.reading.following import Following
from tui.app.desk.reading.reader import Reader
from tui.app.desk.reading.validating import Validator
from tui.app.desk.store import Store
from tui.app.desk.taste import PLAIN
from tui.app.notices import Notice
from tui.app.options import ScreenOptions
from tui.building.compilers.chosen import ChosenCompiler
from tui.building.record.validations import default_validations

if TYPE_CHECKING:
    from pathlib import Path

    from tui.app.desk.record import FunctionRecord
    from tui.app.desk.running.desk import RunDesk
    from tui.assessment.terms import Terms
    from tui.building.compilers.toolchain import Toolchain
    from tui.building.events import CompilerName
    from tui.building.inputs.sources import SourceCache
    from tui.gateway.contract.contract import Contract
    from tui.gateway.life.passage import Passage
    from tui.workspace.watch.following import Batch as Changed


GLANCE = 0.02  # seconds that the first frame may wait for names


class Listener(Protocol):
    """Who is told what goes on behind the screen."""

    def say(self, notice: Notice) -> None:
        """Something to tell the person."""

    def facts_changed(self) -> None:
        """The compiler, watch or what builds is another."""

    def names_found(self) -> None:
        """A search of the workspace ended. When the names are drawn, `go_on` is to be called."""

    def build_ended(self) -> None:
        """A build ended."""

    def fail(self, fault: BaseException) -> None:
        """A fault of ours, for the one boundary."""


class Workbench:
    """One workspace at work. `start` on a running loop, `stop` before it ends; nothing is left after that."""

    def __init__(self, options: ScreenOptions, contract: Contract | None) -> None:
        """`contract`: None is the shipped one, which is loaded when the first verdict asks for it."""
        self.options = options
        self.contract = contract
        self.store = Store()
        self.errors = ErrorBook(self.store)
        self.compiler: CompilerName = options.compiler
        self.toolchain: Toolchain | None = None
        self._chosen = ChosenCompiler(self.compiler)
        self._contract_id = _id_of(options.settings.contract)
        keep = options.workspace if self._may_keep else None
        self.reader = Reader(self.store, self.terms, self, keep, options.settings.contract)
        self._validations = default_validations()
        self.validator = Validator(self.store, self._validations, self._validated)
        self.recaller = Recaller(self.store, options.settings.log_lines, self.run)
        self.builds = Builds(self.store, options.settings, self.compiler, self)
        self.elsewhere = Elsewhere(self.builds, options.settings.cluster, self)
        self.watch = WatchSwitch(options.workspace, self.store, self.builds, self)
        self.following = Following(options.workspace, self.store, self.reader, self)
        self._runs: RunDesk | None = None
        self._listener: Listener | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._cache: SourceCache | None = None
        self._batch = Batch(self.store, self.say)
        self.looked_at: str | None = None  # the function on screen, to be remembered
        self.taste = PLAIN  # how the list is arranged, to be remembered
        self.expected: str | None = None  # a function that was just made: the cursor goes there

    # -- life

    def glance(self, seconds: float = GLANCE) -> None:
        """Find what can be found in so many seconds, so that the first frame has names. Blocks so long."""
        self.reader.glance(self.options.workspace, seconds)

    def start(self, listener: Listener) -> None:
        """Begin to find, read and watch; `listener` is told."""
        self._listener = listener
        self.following.since = time.time()
        self.reader.find(self.options.workspace)

    async def stop(self) -> None:
        """Kill what builds, stop what watches and reads."""
        self.following.stop()
        self.watch.stop()
        if self._runs is not None:
            await self._runs.stop()
        await self.builds.shutdown()
        await self.elsewhere.shutdown()
        await self.validator.close()
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=2)
        self.reader.close()
        await self.reader.ended()

    def run(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run a coroutine until `stop`; a fault in it reaches the boundary."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (fault := task.exception()) is not None:
            self.fail(fault)

    # -- told by those who work here, and passed on

    def fail(self, fault: BaseException) -> None:
        """A fault of ours: for the one boundary."""
        if self._listener is not None:
            self._listener.fail(fault)

    def say(self, notice: Notice) -> None:
        """Something to tell the person."""
        if self._listener is not None:
            self._listener.say(notice)

    def search_ended(self) -> None:
        """The names are known: they are drawn, then everything else begins with `go_on`."""
        self.watch.names_found()
        if self._listener is not None:
            self._listener.names_found()
        self.builds_changed()

    def builds_changed(self) -> None:
        """What the header tells is another."""
        if self._listener is not None:
            self._listener.facts_changed()

    def build_ended(self, news: BuildNews) -> None:
        """A build ended: read what it made, or what was put there while it ran, and say so."""
        record = self.store.get(news.path)
        if news.began:
            self.reader.request([news.path], urgent=True)
        self.recaller.keep(news.result, record.transcript if record is not None else None)
        self._batch.handle(news)
        if self._runs is not None:
            self._runs.built(news)
        if self._listener is not None:
            self._listener.build_ended()

    def go_on(self) -> None:
        """The names are on screen."""
        self.reader.begin()
        if self.following.begin():  # now everything else that costs time
            self.run(self.look_for_compilers())
            if self.options.settings.watch:
                self.watch.toggle()

    # -- what the readers go by

    def terms(self) -> Terms:
        """What functions are assessed against, now. Called from the reading thread too."""
        from tui.assessment.terms import Terms
        from tui.building.inputs.sources import default_cache

        if self._cache is None:
            self._cache = default_cache()
        of = self._contract_id
        return Terms(self._contract_in_force, self._chosen, self._cache, self._validations, contract_id=of)

    def _contract_in_force(self) -> Contract:
        from tui.gateway.contract.reading import load_contract

        return self.contract or load_contract()

    @property
    def _may_keep(self) -> bool:
        """Whether what is learned is kept: by a contract that has a name."""
        if self.options.settings.contract is None and self.contract is not None:
            from tui.gateway.contract.reading import load_contract

            return self.options.remember and self.contract is load_contract()
        return self.options.remember

    def _validated(self, path: str) -> None:
        """Judge a function anew: its bodies were looked at."""
        self.reader.request([path], urgent=True)

    async def look_for_compilers(self, *, and_read: bool = False) -> None:
        """Look which compilers there are now, off the loop; with `and_read`, read all functions by that."""
        from tui.building.compilers.toolchain import find_toolchain

        self.toolchain = await asyncio.to_thread(find_toolchain)
        self._chosen = ChosenCompiler(self.compiler, self.toolchain.of(self.compiler))
        self.builds_changed()
        if and_read:
            self.reader.request(self.store.paths)

    # -- what a person asks for

    def expect(self, path: str) -> None:
        """A function was just made: look for it now, and put the cursor on it when it is there."""
        self.expected = path
        self.reader.find(self.options.workspace)

    def refresh(self) -> None:
        """Read everything again from disk, and look for the compilers anew."""
        self.builds.forget_unrecorded()
        self.reader.find(self.options.workspace)
        self.run(self.look_for_compilers(and_read=True))  # a build may have failed for want of one

    def set_compiler(self, name: CompilerName) -> None:
        """Use the other compiler from now on: plans and verdicts follow."""
        if name == self.compiler:
            return
        self.compiler = name
        self._chosen = ChosenCompiler(name, self.toolchain.of(name) if self.toolchain is not None else None)
        self.builds.use(name)
        self.run(self.elsewhere.use(name))
        self.reader.request(self.store.paths)
        self.builds_changed()

    @property
    def runs(self) -> RunDesk:
        """What runs functions; made when somebody first looks at the pane of it."""
        if self._runs is None:
            from tui.app.desk.running.desk import RunDesk

            options = self.options
            self._runs = RunDesk(options.workspace, self.store, self, remember=options.remember)
        return self._runs

    def passage(self, record: FunctionRecord | None) -> Passage | None:
        """Where the run of a function is, or where its last one failed."""
        if self._runs is None or record is None:
            return None
        from tui.app.desk.running.passing import passage_of

        return passage_of(self._runs, record)

    # -- builds

    def build(self, paths: list[str]) -> None:
        """Build these, for a person; what they come to is summed up."""
        self._batch.ask(paths)
        self.builds.build(paths)

    def key(self) -> None:
        """A person pressed a key."""
        self.following.key()
        self.watch.key()

    def disk_changed(self, batch: Changed) -> None:
        """Paths below the workspace changed: as the disk's watcher tells, or as they were edited from here."""
        self.watch.feed(batch)


def _id_of(contract: Path | None) -> str:
    """What tells the contract from others."""
    if contract is None:
        return ""
    from tui.gateway.contract.reading import contract_id

    return contract_id(contract)
