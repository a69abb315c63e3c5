"""One build, from the first precondition to the last byte, as a stream of events.

The compiler runs exactly the plan's argv in the function's directory. It gets a private TMPDIR beside its output; the
module that was there before is kept in it, and put back unless the build ends well.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Coroutine
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from time import monotonic, time
from typing import Any, Final

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
from tui.building.process.stopping import LADDER, Step, Stopping
from tui.building.process.threads import to_the_end
from tui.building.process.turns import Turn
from tui.building.workroom.rooms import builder_of
from tui.building.workroom.workroom import Workroom, close_workroom, has_leftovers, open_workroom, remove_leftovers

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


class Build:
    """One build. Iterate `events` once; `cancel` and `kill` may be called any time from the same loop."""

    def __init__(self, directory: Path, options: BuildOptions | None = None) -> None:
        self.directory = directory
        self._options = options or BuildOptions()
        self._stopping = Stopping(self._options.ladder)
        self._reason = "cancelled"
        self._wake = asyncio.Event()  # somebody wants it to stop
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
        ready = prepare(self.directory, self._options.compiler)
        if isinstance(ready, Refusal):
            yield await self._refused(ready)
            return
        lock, turn = FunctionLock(ready.plan.cwd), self._options.executor.turn()
        try:
            if not lock.acquire():
                turn.leave()
                yield BuildWaiting(self.directory, await asyncio.to_thread(builder_of, ready.plan.cwd))
                await self._wait_for(lock)
            async with aclosing(self._locked(ready, lock, turn)) as events:
                async for event in events:
                    yield event
        except OSError as error:
            yield self._ended("failed", error=outcome.cannot_prepare(ready.plan.cwd, error))
        finally:
            turn.leave()
            lock.release()

    async def _refused(self, refusal: Refusal) -> BuildEnded:
        """A build that could not start has failed; where it is known what would have run, that is on record too."""
        ended = self._ended("failed", error=refusal.error)
        if refusal.plan is None or refusal.config is None:
            return ended
        need = await self._options.need_check.check(refusal.plan, refusal.config, forced=True)
        return await self._settled(refusal.plan, need, ended)

    async def _settled(self, plan: BuildPlan, need: BuildNeed, ended: BuildEnded) -> BuildEnded:
        """The end of a build, once it is on record."""
        ended = replace(ended, result=replace(ended.result, finished=time()))
        note = await self._options.need_check.record(plan, need, ended.result, self._options.trigger)
        notes = [each for each in (ended.result.note, note) if each is not None]
        return replace(ended, result=replace(ended.result, note="; ".join(notes) or None, recorded=note is None))

    async def _locked(self, ready: Ready, lock: FunctionLock, turn: Turn) -> AsyncGenerator[BuildEvent, None]:
        """Skip it if it is up to date, else build it. Raises OSError where the folder cannot be written."""
        check, plan = self._options.need_check, ready.plan
        need: BuildNeed | None = None
        if not self.cancelling:
            if has_leftovers(lock):
                await to_the_end(partial(remove_leftovers, lock))
            need = await self._unless_stopped(check.check(plan, ready.config, forced=self._options.force))
        if self.cancelling or need is None:
            yield self._ended("cancelled", error=self._reason)
            return
        if need.fresh and not self._options.force:
            yield self._ended("skipped", error=None, size=_size(plan.output))
            return
        async with aclosing(self._in_workroom(plan, need, lock, turn)) as events:
            async for event in events:
                if isinstance(event, BuildEnded) and event.result.status != "lost":
                    yield await self._settled(plan, need, event)
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
                result = replace(result, phases=phases, worker=run.worker, argv=run.argv, note=run.note)
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
        fault = await run.module_fault()
        if fault is not None:
            return self._failed(exit_code, outcome.invalid_output(plan, fault), places)
        return self._result("built", exit_code, error=None, size=_size(plan.output), places=places)

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
        while not self.cancelling and not lock.acquire():
            self._wake.clear()
            timer = asyncio.get_running_loop().call_later(_LOCK_POLL, self._wake.set)
            await self._wake.wait()
            timer.cancel()

    async def _unless_stopped(self, looking: Coroutine[Any, Any, BuildNeed]) -> BuildNeed | None:
        """What was found, or None where the build was cancelled before: a slow disk holds nobody up."""
        task = asyncio.create_task(looking)
        while not task.done() and not self.cancelling:
            self._wake.clear()
            woken = asyncio.create_task(self._wake.wait())
            await asyncio.wait((task, woken), return_when=asyncio.FIRST_COMPLETED)
            woken.cancel()
        if task.done():
            return task.result()
        task.cancel()
        return None

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
        return replace(self._result("failed", exit_code, error=error, places=places), tool_error=sentence)

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


def _size(path: Path) -> int | None:
    """Bytes of a file; None where there is none (os.stat: a function's directory may be gone by now)."""
    try:
        return os.stat(path).st_size  # noqa: PTH116
    except OSError:
        return None
