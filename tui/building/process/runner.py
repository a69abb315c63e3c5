"""One build, from the first precondition to the last byte, as a stream of events.

The compiler runs exactly the plan's argv in the function's directory. It gets a private TMPDIR beside its output; the
module that was there before is kept in it, and put back unless the build ends well.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import aclosing
from functools import partial
from pathlib import Path
from threading import Lock
from time import monotonic, time
from typing import Any, Final, TypeVar

from tui.building.events import (
    BuildEnded,
    BuildEvent,
    BuildPlan,
    BuildResult,
    BuildStarted,
    BuildStatus,
    BuildWaiting,
    Diagnostic,
)
from tui.building.guard.guard import process_guard
from tui.building.inputs.need import BuildNeed
from tui.building.plan.preconditions import Ready, Refusal
from tui.building.process import outcome
from tui.building.process.beginning import Begun, absolute, begin, close, give_back, is_needed, need_of, take, undo
from tui.building.process.executor import Execution, Job
from tui.building.process.lock import FunctionLock
from tui.building.process.module_fault import size_of
from tui.building.process.options import BuildOptions
from tui.building.process.stopping import Stopping
from tui.building.process.threads import to_the_end
from tui.building.process.turns import Turn
from tui.building.workroom.rooms import builder_of
from tui.building.workroom.workroom import Workroom, close_workroom, open_workroom

T = TypeVar("T")
Judge = Callable[[], BuildResult]  # says how a compiler's run ended, with a look at the disk
_LOCK_POLL: Final = 0.05  # seconds between looks at a lock that another fn-tui holds


class Build:
    """One build. Iterate `events` once; `cancel` and `kill` may be called any time from the same loop."""

    def __init__(self, directory: Path, options: BuildOptions | None = None) -> None:
        self.directory = directory
        self._options = options or BuildOptions()
        self._stopping = Stopping(self._options.ladder)
        self._reason = "cancelled"
        self._wake = asyncio.Event()  # somebody wants it to stop, or what was waited for is there
        self._run: Execution | None = None
        self._room: Workroom | None = None  # while it is open
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
        begun: Begun | None = None
        ended: BuildEnded | None = None
        turn = self._options.executor.turn()  # by when they begin, not by how long the first look takes
        try:
            begun = await self._begin()
            async with aclosing(self._from(begun, turn)) as events:
                async for event in events:
                    if isinstance(event, BuildEnded):
                        ended = event
                    else:
                        yield event
        except OSError as error:
            ended = self._ended("failed", error=outcome.cannot_prepare(absolute(self.directory), error))
        finally:
            turn.leave()
            if begun is not None and begun.lock.is_held:
                await to_the_end(partial(give_back, begun.lock, self._taken_room()))
        if ended is not None:
            yield ended  # nothing more is waited for after this: who is told of it finds no build under way

    async def _begin(self) -> Begun | None:
        """The first look, and the room where one is needed; None where a person did not wait for it. Raises OSError.

        Beside the loop: a disk may keep one waiting, and holds neither others up nor who wants this one to stop. Once
        the room is being made it is waited for: who is told of the end finds nothing of the build.
        """
        claim = Lock()
        making = to_the_end(partial(begin, self.directory, self._options, process_guard(), claim), undo)
        begun = await self._unless_stopped(making, undo, claim)
        self._room = begun.room if begun is not None else None
        return begun

    def _taken_room(self) -> Workroom | None:
        """The room that is open, for whoever closes it."""
        room, self._room = self._room, None
        return room

    async def _from(self, begun: Begun | None, turn: Turn) -> AsyncGenerator[BuildEvent, None]:
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
            self._began = begun.at or self._began  # what came before (the look at the inputs) does not count
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
        return await to_the_end(partial(self._settled, refusal.plan, need, ended.result, lock))

    def _settled(self, plan: BuildPlan, need: BuildNeed, result: BuildResult, lock: FunctionLock) -> BuildEnded:
        """The end of a build, once it is on record and the function is free again. In a thread."""
        result = result._replace(finished=time())
        try:
            note = self._options.need_check.record(plan, need, result, self._options.trigger)
        finally:
            lock.release()
        notes = [each for each in (result.note, note) if each is not None]
        return BuildEnded(self.directory, result._replace(note="; ".join(notes) or None, recorded=note is None))

    async def _locked(
        self, ready: Ready, lock: FunctionLock, need: BuildNeed | None, turn: Turn
    ) -> AsyncGenerator[BuildEvent, None]:
        """Skip it if it is up to date, else build it. Raises OSError where the folder cannot be written."""
        plan = ready.plan
        if need is None and not self.cancelling:
            need = await self._unless_stopped(asyncio.to_thread(need_of, ready, self._options))
            self._began = monotonic()  # nor does another fn-tui's build count
        if self.cancelling or need is None:
            yield self._ended("cancelled", error=self._reason)
            return
        if not is_needed(need, self._options):
            yield self._ended("skipped", error=None, size=await asyncio.to_thread(size_of, plan.output))
            return
        async with aclosing(self._in_workroom(plan, need, lock, turn)) as events:
            async for event in events:
                yield event

    def _job(self, plan: BuildPlan, need: BuildNeed, lock: FunctionLock, turn: Turn, room: Workroom | None) -> Job:
        timeout, origin, previous = self._options.timeout, self._options.origin, self._options.keep_previous
        stopping = self._stopping
        return Job(self.directory, plan, lock, room, need, self._began, timeout, stopping, origin, turn, previous)

    async def _in_workroom(
        self, plan: BuildPlan, need: BuildNeed, lock: FunctionLock, turn: Turn
    ) -> AsyncGenerator[BuildEvent, None]:
        """Build with the last good module safe; clear up in every case, then put the end on record."""
        if self._room is None and self._options.executor.works_here:
            self._room = await to_the_end(partial(open_workroom, plan.output, lock, process_guard()), close)
        judge: Judge | None = None
        ended: BuildEnded | None = None
        try:
            run = self._run = self._options.executor.execution(self._job(plan, need, lock, turn, self._room))
            try:
                await run.start()
            except OSError as error:
                judge = partial(self._result, "failed", error=outcome.cannot_start(plan, error))
            else:
                async with aclosing(run.events()) as events:
                    async for event in events:
                        if isinstance(event, BuildStarted) and event.worker is not None:
                            self._began = monotonic()  # nor does a wait for a worker
                        yield event
                judge = partial(_with_run, await self._conclude(plan, run), run)
        finally:
            left = 0
            try:
                left = await self._end()
            finally:
                # In one step: each goes its way through a thread and the loop, and there are thousands of builds.
                room = self._taken_room()
                winding_up = partial(self._wound_up, judge, room, left, plan=plan, need=need, lock=lock)
                ended = await to_the_end(winding_up)
        if ended is not None:
            yield ended

    async def _conclude(self, plan: BuildPlan, run: Execution) -> Judge:
        """What judges how it ended. A "module" that is none is not kept: clearing up takes it away."""
        code = run.returncode
        exit_code = code if code >= 0 else None
        if run.expired and self._options.timeout is not None:
            return partial(self._result, "failed", exit_code, error=outcome.timed_out(self._options.timeout))
        if self.cancelling:
            return partial(self._result, "cancelled", exit_code, error=self._reason)
        if run.fault is not None:
            return partial(self._result, "lost" if run.lost else "failed", error=run.fault)
        places = await self._places(run, plan)
        if code != 0:
            return partial(self._failed, exit_code, outcome.failure_of(plan, code), places)
        return partial(self._judged, run, plan, exit_code, places)

    def _judged(
        self, run: Execution, plan: BuildPlan, exit_code: int | None, places: tuple[Diagnostic, ...]
    ) -> BuildResult:
        """The result of a compiler that exited with 0. In a thread."""
        fault, size = run.made()
        if fault is not None:
            return self._failed(exit_code, outcome.invalid_output(plan, fault), places)
        return self._result("built", exit_code, error=None, size=size, places=places)

    async def _end(self) -> int:
        """End what the compiler left running; how many processes could not be ended."""
        run, self._run = self._run, None
        return await run.end() if run is not None else 0

    def _wound_up(
        self,
        judge: Judge | None,
        room: Workroom | None,
        processes: int,
        *,
        plan: BuildPlan,
        need: BuildNeed,
        lock: FunctionLock,
    ) -> BuildEnded | None:
        """Leave no folder, no module but a good one, and put the build on record; None where it came to no end. In a
        thread. What cannot be cleared up is told.
        """
        result: BuildResult | None = None
        left = None
        try:
            result = judge() if judge is not None else None
        finally:
            if room is not None:
                good = result is not None and result.status == "built"
                left = close_workroom(room, process_guard(), good=good, previous=self._options.keep_previous)
        if result is None:
            return None
        result = outcome.with_what_is_left(result, outcome.what_is_left(processes, left))
        if result.status == "lost":
            return BuildEnded(self.directory, result)
        return self._settled(plan, need, result, lock)

    async def _wait_for(self, lock: FunctionLock) -> None:
        """Wait until the lock is ours, or the build is cancelled. Raises OSError."""
        while not self.cancelling and await to_the_end(partial(take, lock), lambda _: lock.release()) is None:
            self._wake.clear()
            timer = asyncio.get_running_loop().call_later(_LOCK_POLL, self._wake.set)
            await self._wake.wait()
            timer.cancel()

    async def _unless_stopped(
        self,
        looking: Coroutine[Any, Any, T],
        undo: Callable[[T], object] = lambda _: None,
        claim: Lock | None = None,
    ) -> T | None:
        """What was found, or None where the build was cancelled before: a slow disk holds nobody up.

        What nobody takes any more is undone. Whoever looks may take `claim` when it does what has to be waited for.
        """
        claim = claim or Lock()
        task = asyncio.create_task(looking)
        task.add_done_callback(lambda _: self._wake.set())
        taken = given_up = False
        try:
            while not task.done() and not given_up:
                self._wake.clear()
                await self._wake.wait()
                given_up = self.cancelling and claim.acquire(blocking=False)
            taken = task.done()
            return task.result() if taken else None
        finally:
            if not taken:
                task.cancel()
                task.add_done_callback(lambda done: undo(done.result()) if _came(done) else None)
                if not given_up and not claim.acquire(blocking=False):
                    await asyncio.wait([task])

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


def _came(task: asyncio.Task[Any]) -> bool:
    return not task.cancelled() and task.exception() is None


def _with_run(judge: Judge, run: Execution) -> BuildResult:
    """The result, with what is known of the run."""
    result, phases = judge(), tuple(run.phases.items())
    return result._replace(phases=phases, worker=run.worker, argv=run.argv, note=run.note)
