"""The gateway itself, without HTTP: functions found, built, called and connected, triggers fired, all of it told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import monotonic, time
from typing import Final

from tui.building.events import CompilerName
from tui.building.process.queue import BuildQueue
from tui.building.watch.planner import Seen, WatchPlanner
from tui.running.answer import Call
from tui.running.ids import new_id
from tui.running.local.builds import Builds
from tui.running.local.calling import Form, invoke
from tui.running.local.chores import Chores
from tui.running.local.events import Event, GatewaySettings, Happening, Outcome, RequestKind, RequestServed
from tui.running.local.hub import Hub
from tui.running.local.pool.link import GuestLostError
from tui.running.local.pool.nursery import Nursery
from tui.running.local.pool.pool import RefusedModuleError
from tui.running.local.ran import Ran
from tui.running.local.shelf import SHOWN_DIGITS, Build, Entry, Shelf
from tui.running.local.store import Store
from tui.running.local.triggers.triggers import Triggers

SWEEP_SECONDS: Final = 5.0
WARMED: Final = 12  # functions that are loaded at the start; the others when they are called


class NotServedError(Exception):
    """A function cannot be called now. The text says why."""


class Gateway:
    """One workspace, served. `tell` is told of each thing that happens."""

    def __init__(self, settings: GatewaySettings, look: Callable[[Path], Seen], tell: Callable[[Event], None]) -> None:
        """Raises ScheduleError and PatternError."""
        self.settings = settings
        self.tell = tell
        self.chores = Chores()
        self._ran = Ran(self.chores)
        self._look = look
        self._triggers = Triggers(settings.crons, settings.subscriptions)
        self._store = Store(settings.host)
        self._warming = asyncio.Semaphore(1)
        self._warmed = 0

    async def start(
        self, compiler: CompilerName | None, jobs: int = 0, attach: Callable[[BuildQueue], None] | None = None
    ) -> None:
        """Begin to serve; what is stale is being built when this returns. Raises HostSetupError."""
        host = await asyncio.to_thread(self._store.open)
        self.hub = Hub(self._store.recording, self.chores, self._nested, self._triggers.published)
        self._nursery = Nursery(str(self.settings.cache), host, self.hub.answer)
        self._nursery.start()
        self.shelf = Shelf(self.settings.workspace, self._nursery)
        planner = WatchPlanner(self.settings.workspace, self._look)
        self._builds = Builds(planner, self.shelf, self.chores, self._say, self._warm)
        await self._builds.start(compiler, jobs, attach)
        self._triggers.start(self.chores, self._fire, self._say_of)
        self.chores.start(self._sweep())
        for name in sorted(self._triggers.names):
            if self.shelf.find(name) is None:
                self._say_of(name, "no function of that name is here, so nothing starts it")
        for twins in {self.shelf.twins(entry.name) for entry in self.shelf.entries} - {()}:
            self._say_of("", f"{' and '.join(twins)} have one name: neither is served")

    def end_guests(self) -> None:
        """End every process that runs functions."""
        self._nursery.end()

    async def stop(self) -> None:
        """End all that this gateway has started, and leave nothing."""
        self.end_guests()
        await self.chores.stop()
        await self._ran.write()
        await self._builds.stop()
        await asyncio.to_thread(self._store.close)

    # -- calls --------------------------------------------------------------------------------------------------------

    async def ready(self, entry: Entry) -> Build:
        """The module that a request to a function gets, once a build under way is over. Raises NotServedError."""
        entry.called = True
        if entry.building and not await entry.settled(self.settings.build_wait):
            words = f"its build has not ended within {self.settings.build_wait:g} s"
            if entry.build is None:
                raise NotServedError(words)
        if entry.build is None:
            raise NotServedError(entry.error or "it has no module yet")
        return entry.build

    async def call(
        self, entry: Entry, build: Build, call: Call, form: Form, kind: RequestKind, *, depth: int = 0
    ) -> Outcome:
        """Call a function, and tell of it."""
        started = monotonic()
        outcome = await invoke(build, entry.offer.config.retry, call, form, depth)
        self.told(entry, kind, build, outcome, started=started, call=call)
        return outcome

    def told(
        self, entry: Entry, kind: RequestKind, build: Build, outcome: Outcome, *, started: float, call: Call
    ) -> None:
        """Tell of one request, and keep that the function ran."""
        ms = round((monotonic() - started) * 1000, 2)
        self._ran.note(entry.offer.directory, entry.stamp if build is entry.build else None, outcome, ms)
        self.tell(
            RequestServed(
                at=time(),
                function=entry.name,
                kind=kind,
                status=outcome.status,
                ms=ms,
                bytes_in=len(call.input),
                bytes_out=len(outcome.body),
                host_calls=outcome.host_calls,
                memory=outcome.memory,
                request_id=call.request_id,
                client_id=call.client_id,
                build=build.digest[:SHOWN_DIGITS],
                error=outcome.error,
                why=outcome.why,
                logs=outcome.logs,
                note=outcome.note,
            )
        )

    async def _nested(self, name: str, call: Call, depth: int) -> bytes:
        """function_invoke: the output, nothing for any failure."""
        entry = self.shelf.find(name)
        if entry is None or entry.build is None:
            return b""
        outcome = await self.call(entry, entry.build, call, "output", "nested", depth=depth)
        return outcome.body if outcome.ok else b""

    async def _fire(self, name: str, call: Call, kind: RequestKind, depth: int) -> None:
        """A trigger: nobody calls, and nobody hears the answer."""
        entry = self.shelf.find(name)
        if entry is None:
            return
        try:
            build = await self.ready(entry)
        except NotServedError as error:
            self._say_of(name, f"{kind} starts nothing: {error}")
            return
        await self.call(entry, build, replace(call, request_id=new_id()), "client", kind, depth=depth)

    # -- what goes on by itself ---------------------------------------------------------------------------------------

    def _warm(self, directory: Path) -> None:
        """Have a new module loaded before it is called: of the first few functions, and of those that are called."""
        entry = self.shelf.at(directory)
        if entry is None or entry.build is None or entry.build is entry.warmed:
            return
        if entry.warmed is None and not entry.called:
            self._warmed += 1
            if self._warmed > WARMED:
                return
        entry.warmed = entry.build
        self.chores.start(self._warmly(entry, entry.build))

    async def _warmly(self, entry: Entry, build: Build) -> None:
        async with self._warming:
            try:
                await build.pool.warm()
            except RefusedModuleError as refused:
                self._say_of(entry.name, f"does not compile on the gateway: {refused}", fault=True)
            except GuestLostError as lost:
                self._say_of(entry.name, str(lost), fault=True)

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            self.shelf.sweep()

    def _say(self, words: str, directory: Path | None, fault: bool) -> None:
        entry = self.shelf.at(directory) if directory is not None else None
        name = entry.name if entry is not None else directory.name if directory is not None else ""
        self.tell(Happening(time(), words, name, self.shelf.told(entry) if entry is not None else None, is_fault=fault))

    def _say_of(self, name: str, words: str, *, fault: bool = False) -> None:
        self.tell(Happening(time(), words, name, is_fault=fault))
