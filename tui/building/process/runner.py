"""One build, from the first precondition to the last byte, as a stream of events.

The compiler runs exactly the plan's argv in the function's directory. It gets a private TMPDIR beside its output; the
module that was there before is kept in it, and put back unless the build ends well.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from time import monotonic, time
from typing import Any, Final, TypeVar

from tui.building.compilers import DEFAULT
from tui.building.events import (
    BuildEnded,
    BuildEvent,
    BuildOrigin,
    BuildPlan,
    BuildResult,
    BuildStarted,
    BuildStatus,
    BuildWaiting,
    CompilerName,
    Diagnostic,
)
from tui.building.guard.guard import Guard, process_guard
from tui.building.inputs.need import AlwaysNeeded, BuildNeed, NeedCheck
from tui.building.plan.preconditions import Ready, Refusal, prepare
from tui.building.process import outcome
from tui.building.process.executor import Execution, Executor, Here, Job
from tui.building.process.lock import FunctionLock
from tui.building.process.module_fault import size_of
from tui.building.process.stopping import LADDER, Step, Stopping
from tui.building.process.threads import to_the_end
from tui.building.process.turns import Turn
from tui.building.workroom.rooms import builder_of
from tui.building.workroom.workroom import Workroom, close_workroom, open_workroom, remove_leftovers
from tui.facts import Fact

T = TypeVar("T")
_LOCK_POLL: Final = 0.05  # seconds between looks at a lock that another fn-tui holds


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """How to build."""

    compiler: CompilerName = DEFAULT
    force: bool = False  # also what is up to date
    timeout: float | None = None  # seconds; then it is stopped, and has failed
    need_check: NeedCheck = field(default_factory=AlwaysNeeded)
    trigger: str | None = None  # what asked for it, for the record: "function.go changed"
    ladder: tuple[Step, ...] = LADDER
    keep_previous: bool = False  # the module that a good build replaces, to show the difference
    executor: Executor = field(default_factory=Here)
    origin: BuildOrigin = "person"


class _Begun(Fact):
    """What was found before a build, and the lock of its function: held, unless another fn-tui has it."""

    ready: Ready | Refusal
    lock: FunctionLock
    need: BuildNeed | None = None  # where the lock is held


class Build:
    """One build. Iterate `events` once; `cancel` and `kill` may be called any time from the same loop."""

    def __init__(self, directory: Path, options: BuildOptions | None = None) -> None:
        self.directory = directory
        self._options = options or BuildOptions()
        self._stopping = Stopping(self._options.ladder)
        self._reason = "cancelled"
        self._wake = asyncio.Event()  # somebody wants it to stop, or what was waited for is there
        self._run: Execution | None = None
        self._began = monotonic()

    @property
    def cancelling(self) -> bool:
        """Whether it is on its way to stop."""
        return self._stopping.begun

    def cancel(self, reason: str = "cancelled") -> None:
        """SIGINT, 2 s later SIGTERM, 3 s later SIGKILL, to the whole group; `reason` becomes the result's error."""
        if not self._stopping.begun:
            self._reason = reason
        self._stopping.begin(monotonic())
        self._nudge()

    def kill(self) -> None:
        """SIGKILL to the whole group at once."""
        self._stopping.hasten(monotonic())
        self._nudge()

    async def events(self) -> AsyncGenerator[BuildEvent, None]:
        """What happens, ending with `BuildEnded`; by then no process and no temporary file of the build is left.

        Closing the iterator early kills the build, and returns when it is gone.
        """
        self._began = monotonic()
        begun: _Begun | None = None
        ended: BuildEnded | None = None
        turn = self._options.executor.turn()  # by when they begin, not by how long the first look takes
        try:
            # Beside the loop: a disk may keep one waiting, and holds neither others up nor who wants this one to stop.
            making = to_the_end(partial(_begun, self.directory, self._options), _give_back)
            begun = await self._unless_stopped(making, _give_back)
            async with aclosing(self._from(begun, turn)) as events:
                async for event in events:
                    if isinstance(event, BuildEnded):
                        ended = event
                    else:
                        yield event
        except OSError as error:
            ended = self._ended("failed", error=outcome.cannot_prepare(_absolute(self.directory), error))
        finally:
            turn.leave()
            if begun is not None and begun.lock.is_held:
                await to_the_end(begun.lock.release)
        if ended is not None:
            yield ended  # nothing more is waited for after this: who is told of it finds no build under way

    async def _from(self, begun: _Begun | None, turn: Turn) -> AsyncGenerator[BuildEvent, None]:
        """All that follows the first look; None where that was not waited for. Raises OSError."""
        if begun is None:
            yield self._ended("cancelled", error=self._reason)
        elif isinstance(begun.ready, Refusal):
            yield await self._refused(begun.ready, begun.lock)
        else:
            ready, lock, need = begun.ready, begun.lock, begun.need
            if not lock.is_held:
                turn.leave()
                yield BuildWaiting(self.directory, await asyncio.to_thread(builder_of, ready.plan.cwd))
                await self._wait_for(lock)
            async with aclosing(self._locked(ready, lock, need, turn)) as events:
                async for event in events:
                    yield event

    async def _refused(self, refusal: Refusal, lock: FunctionLock) -> BuildEnded:
        """A build that could not start has failed; where it is known what would have run, that is on record too."""
        ended = self._ended("failed", error=refusal.error)
        if refusal.plan is None or refusal.config is None:
            return ended
        look = partial(self._options.need_check.check, refusal.plan, refusal.config, forced=True)
        need = await asyncio.to_thread(look)
        return await self._settled(refusal.plan, need, ended, lock)

    async def _settled(self, plan: BuildPlan, need: BuildNeed, ended: BuildEnded, lock: FunctionLock) -> BuildEnded:
        """The end of a build, once it is on record and the function is free again."""
        ended = ended._replace(result=ended.result._replace(finished=time()))
        kept = partial(self._options.need_check.record, plan, need, ended.result, self._options.trigger)
        note = await to_the_end(partial(_given_back, lock, kept))
        notes = [each for each in (ended.result.note, note) if each is not None]
        return ended._replace(result=ended.result._replace(note="; ".join(notes) or None, recorded=note is None))

    async def _locked(
        self, ready: Ready, lock: FunctionLock, need: BuildNeed | None, turn: Turn
    ) -> AsyncGenerator[BuildEvent, None]:
        """Skip it if it is up to date, else build it. Raises OSError where the folder cannot be written."""
        plan = ready.plan
        if need is None and not self.cancelling:
            need = await self._unless_stopped(asyncio.to_thread(_need_of, ready, self._options))
        if self.cancelling or need is None:
            yield self._ended("cancelled", error=self._reason)
            return
        if need.fresh and not self._options.force:
            yield self._ended("skipped", error=None, size=await asyncio.to_thread(size_of, plan.output))
            return
        async with aclosing(self._in_workroom(plan, need, lock, turn)) as events:
            async for event in events:
                if isinstance(event, BuildEnded) and event.result.status != "lost":
                    yield await self._settled(plan, need, event, lock)
                else:
                    yield event

    def _job(self, plan: BuildPlan, need: BuildNeed, lock: FunctionLock, turn: Turn, room: Workroom | None) -> Job:
        timeout, origin, previous = self._options.timeout, self._options.origin, self._options.keep_previous
        stopping = self._stopping
        return Job(self.directory, plan, lock, room, need, self._began, timeout, stopping, origin, turn, previous)

    async def _in_workroom(
        self, plan: BuildPlan, need: BuildNeed, lock: FunctionLock, turn: Turn
    ) -> AsyncGenerator[BuildEvent, None]:
        """Build with the last good module safe; clear up in every case."""
        self._began = monotonic()  # what came before (another fn-tui's build, the look at the inputs) does not count
        guard = process_guard()
        open_it = partial(open_workroom, plan.output, lock, guard)
        room: Workroom | None = None
        if self._options.executor.works_here:
            room = await to_the_end(open_it, lambda room: close_workroom(room, guard, good=False))
        result: BuildResult | None = None
        try:
            run = self._run = self._options.executor.execution(self._job(plan, need, lock, turn, room))
            try:
                await run.start()
            except OSError as error:
                result = self._result("failed", error=outcome.cannot_start(plan, error))
            else:
                async with aclosing(run.events()) as events:
                    async for event in events:
                        if isinstance(event, BuildStarted) and event.worker is not None:
                            self._began = monotonic()  # nor does a wait for a worker
                        yield event
                result = await self._conclude(plan, run)
                phases = tuple(run.phases.items())
                result = result._replace(phases=phases, worker=run.worker, argv=run.argv, note=run.note)
        finally:
            good = result is not None and result.status == "built"
            left = await self._clear(room, guard, good=good)
        yield BuildEnded(self.directory, outcome.with_what_is_left(result, left))

    async def _conclude(self, plan: BuildPlan, run: Execution) -> BuildResult:
        """Judge how it ended. A "module" that is none is not kept: clearing up takes it away."""
        code = run.returncode
        exit_code = code if code >= 0 else None
        if run.expired and self._options.timeout is not None:
            return self._result("failed", exit_code, error=outcome.timed_out(self._options.timeout))
        if self.cancelling:
            return self._result("cancelled", exit_code, error=self._reason)
        if run.fault is not None:
            return self._result("lost" if run.lost else "failed", error=run.fault)
        places = await self._places(run, plan)
        if code != 0:
            return self._failed(exit_code, outcome.failure_of(plan, code), places)
        fault, size = await run.made()
        if fault is not None:
            return self._failed(exit_code, outcome.invalid_output(plan, fault), places)
        return self._result("built", exit_code, error=None, size=size, places=places)

    async def _clear(self, room: Workroom | None, guard: Guard, *, good: bool) -> str | None:
        """Leave nothing: no process, no folder, no module but a good one. A sentence where that cannot be."""
        run, self._run = self._run, None
        alive = 0
        try:
            if run is not None:
                alive = await run.end()
        finally:
            left = None
            if room is not None:
                previous = self._options.keep_previous
                left = await to_the_end(partial(close_workroom, room, guard, good=good, previous=previous))
        return outcome.what_is_left(alive, left)

    async def _wait_for(self, lock: FunctionLock) -> None:
        """Wait until the lock is ours, or the build is cancelled. Raises OSError."""
        while not self.cancelling and not await to_the_end(partial(_take, lock), lambda _: lock.release()):
            self._wake.clear()
            timer = asyncio.get_running_loop().call_later(_LOCK_POLL, self._wake.set)
            await self._wake.wait()
            timer.cancel()

    async def _unless_stopped(
        self, looking: Coroutine[Any, Any, T], undo: Callable[[T], object] = lambda _: None
    ) -> T | None:
        """What was found, or None where the build was cancelled before: a slow disk holds nobody up.

        What nobody takes any more is undone.
        """
        task = asyncio.create_task(looking)
        task.add_done_callback(lambda _: self._wake.set())
        taken = False
        try:
            while not task.done() and not self.cancelling:
                self._wake.clear()
                await self._wake.wait()
            taken = task.done()
            return task.result() if taken else None
        finally:
            if not taken:
                task.cancel()
                task.add_done_callback(lambda done: undo(done.result()) if _came(done) else None)

    def _nudge(self) -> None:
        self._wake.set()
        if self._run is not None:
            self._run.nudge()

    async def _places(self, run: Execution, plan: BuildPlan) -> tuple[Diagnostic, ...]:
        """The errors in the output, told with what the plan and the sources say: in a thread, since it reads files."""
        lines, code = run.seen, run.returncode
        if not lines and code == 0:
            return ()
        from tui.building.errors.diagnostics import parse_diagnostics
        from tui.building.errors.situation import situation_of

        situation = situation_of(plan, outcome.failure_of(plan, code), here=run.worker is None)
        return await asyncio.to_thread(parse_diagnostics, lines, self.directory, failed=code != 0, situation=situation)

    def _ended(self, status: BuildStatus, *, error: str | None, size: int | None = None) -> BuildEnded:
        return BuildEnded(self.directory, self._result(status, error=error, size=size))

    def _failed(self, exit_code: int | None, sentence: str, places: tuple[Diagnostic, ...]) -> BuildResult:
        """A failure whose headline is its first error; the deploy tool's sentence stands beside it."""
        from tui.building.errors.diagnostics import headline

        first = next((place for place in places if place.severity == "error"), None)
        error = headline(first) if first is not None else sentence
        return self._result("failed", exit_code, error=error, places=places)._replace(tool_error=sentence)

    def _result(
        self,
        status: BuildStatus,
        exit_code: int | None = None,
        *,
        error: str | None,
        size: int | None = None,
        places: tuple[Diagnostic, ...] = (),
    ) -> BuildResult:
        seconds = monotonic() - self._began
        return BuildResult(self.directory, status, exit_code, seconds, size, error, places, self._options.compiler)


def run_build(directory: Path, options: BuildOptions | None = None) -> AsyncGenerator[BuildEvent, None]:
    """One build of `directory`, ending with `BuildEnded`; see `Build`, which can also be cancelled."""
    return Build(directory, options).events()


def _begun(directory: Path, options: BuildOptions) -> _Begun:
    """What must be so; then the lock, where it is free, and whether it is to be built. Raises OSError."""
    ready, lock = prepare(directory, options.compiler), FunctionLock(_absolute(directory))
    if not isinstance(ready, Ready) or not _take(lock):
        return _Begun(ready, lock)
    need = None
    try:
        need = _need_of(ready, options)
    finally:
        if need is None:
            lock.release()
    return _Begun(ready, lock, need)


def _need_of(ready: Ready, options: BuildOptions) -> BuildNeed:
    return options.need_check.check(ready.plan, ready.config, forced=options.force)


def _came(task: asyncio.Task[Any]) -> bool:
    return not task.cancelled() and task.exception() is None


def _given_back(lock: FunctionLock, kept: Callable[[], str | None]) -> str | None:
    """What is kept at the end of a build; after it others may have the function."""
    try:
        return kept()
    finally:
        lock.release()


def _give_back(begun: _Begun) -> None:
    begun.lock.release()


def _take(lock: FunctionLock) -> bool:
    """Take the lock if it is free, and remove what a killed fn-tui left behind it. Raises OSError."""
    if not lock.acquire():
        return False
    try:
        remove_leftovers(lock)
    except OSError:
        lock.release()
        raise
    return True


def _absolute(directory: Path) -> Path:
    return Path(os.path.abspath(directory))  # noqa: PTH100 - resolve() would follow links
