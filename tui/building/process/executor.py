"""Where a build's compiler runs: the queue and the runner ask an executor. Here (the default), or elsewhere."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tui.building.compilers import by_name
from tui.building.events import (
    BuildCancelling,
    BuildOrigin,
    BuildOutputBatch,
    BuildPhase,
    BuildPlan,
    BuildStarted,
    BuildWaiting,
)
from tui.building.guard.guard import Guard, process_guard
from tui.building.guard.process import Child
from tui.building.inputs.need import BuildNeed
from tui.building.process import outcome
from tui.building.process.compiling import Compiling, start_compiler
from tui.building.process.lock import FunctionLock
from tui.building.process.module_fault import size_of, whole_fault
from tui.building.process.phases import PhaseWatch
from tui.building.process.stopping import Stopping
from tui.building.process.turns import Turn, Turns
from tui.building.workroom.workroom import Workroom
from tui.facts import Fact

ExecutionEvent = BuildStarted | BuildWaiting | BuildOutputBatch | BuildPhase | BuildCancelling


@dataclass(frozen=True, slots=True)
class Job:
    """One compiler to run: all is ready, the function is locked, and the module that is there is safe."""

    directory: Path
    plan: BuildPlan
    lock: FunctionLock
    room: Workroom | None  # None where no compiler works in the function's directory
    need: BuildNeed  # what was found of its inputs
    began: float  # time.monotonic()
    timeout: float | None
    stopping: Stopping  # may be begun or hastened any time
    origin: BuildOrigin
    turn: Turn
    keep_previous: bool = False  # keep the module that a good build replaces


class Made(Fact):
    """What a compiler left in the module's place."""

    fault: str | None  # why it is no module; None where it is a whole one
    size: int | None  # bytes; None where there is nothing


class Execution(Protocol):
    """One compiler on its way. `start`, then all of `events`, then `made`; `end` in any case."""

    @property
    def returncode(self) -> int:
        """How it ended, as subprocess has it; -9 where that is not known."""

    @property
    def expired(self) -> bool:
        """Whether it was stopped since it took longer than it may."""

    @property
    def seen(self) -> Sequence[str]:
        """The first lines of its output, to be searched for errors."""

    @property
    def phases(self) -> Mapping[str, float]:
        """Seconds of each phase that was seen, in order."""

    @property
    def fault(self) -> str | None:
        """Why it could not be carried through, in a sentence, where that is no fault of the function's."""

    @property
    def lost(self) -> bool:
        """Whether the fault is that where it ran has gone: then nothing is known of the function."""

    @property
    def worker(self) -> str | None:
        """The machine that it ran on, where that is not this one."""

    @property
    def argv(self) -> tuple[str, ...]:
        """What really ran, where that is not what the plan names."""

    @property
    def note(self) -> str | None:
        """Something to know beside how it ended."""

    async def start(self) -> None:
        """Begin. Raises OSError where it cannot be."""

    def events(self) -> AsyncGenerator[ExecutionEvent, None]:
        """What happens until it has ended."""

    def nudge(self) -> None:
        """`stopping` has changed."""

    def made(self) -> Made:
        """What it left, which is in its place now where it is whole. After an exit with 0, in a thread."""

    async def end(self) -> int:
        """Leave nothing of it; how many of its processes could not be ended."""


class Executor(Protocol):
    """Runs compilers."""

    @property
    def works_here(self) -> bool:
        """Whether they write into the functions' own directories: then a job has a private folder there."""

    def execution(self, job: Job) -> Execution:
        """One more."""

    def turn(self) -> Turn:
        """A place in the order of builds, for one that begins now."""


class Here:
    """Runs compilers on this machine."""

    works_here = True

    def turn(self) -> Turn:
        """Here no build waits for another one: what begins has a place to run in."""
        return Turns().take()

    def execution(self, job: Job) -> Execution:
        """One more."""
        if job.room is None:
            raise ValueError("a compiler on this machine needs a private folder")
        return _Local(job, job.room, process_guard())


class _Local:
    """A compiler on this machine, in the function's own directory."""

    worker: str | None = None
    argv: tuple[str, ...] = ()
    note: str | None = None
    fault: str | None = None
    lost = False

    def __init__(self, job: Job, room: Workroom, guard: Guard) -> None:
        self._job = job
        self._room = room
        self._guard = guard
        self._child: Child | None = None
        self._run: Compiling | None = None

    @property
    def returncode(self) -> int:
        """How it ended."""
        return self._child.returncode if self._child is not None and self._child.returncode is not None else -9

    @property
    def expired(self) -> bool:
        """Whether it took too long."""
        return self._run is not None and self._run.expired

    @property
    def seen(self) -> Sequence[str]:
        """The first lines of its output."""
        return self._run.seen if self._run is not None else ()

    @property
    def phases(self) -> Mapping[str, float]:
        """Seconds of each phase."""
        return self._run.phases if self._run is not None else {}

    async def start(self) -> None:
        """Start the compiler. Raises OSError."""
        room = self._room
        self._child = await start_compiler(self._job.plan, room.ident, room.temporary, self._guard)

    async def events(self) -> AsyncGenerator[ExecutionEvent, None]:
        """Its start, its output, what it does, and the signals that it took to stop it."""
        job, child = self._job, self._child
        if child is None:
            return
        yield BuildStarted(job.directory, job.plan, child.pid)
        watch = PhaseWatch(by_name(job.plan.compiler).phases, child.pid, self._room.temporary)
        self._run = Compiling(job.directory, child, job.stopping, job.began, job.timeout, phases=watch)
        async for event in self._run.events():
            yield event

    def nudge(self) -> None:
        """Have it look at how it is to stop."""
        if self._child is not None:
            self._child.wake.set()

    def made(self) -> Made:
        """The compiler puts its module in place by itself, in one step."""
        output = self._job.plan.output
        fault = outcome.NOT_WRITTEN if self._room.untouched else whole_fault(output)
        return Made(fault, size_of(output))

    async def end(self) -> int:
        """End all that it started."""
        child, self._child = self._child, None
        if child is None:
            return 0
        await child.end()
        return child.left
