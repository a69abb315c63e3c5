"""The part of a build in which a compiler runs: its output as batches of lines, and its stopping."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path
from time import monotonic
from typing import Final

from tui.building.events import BuildCancelling, BuildOutputBatch, BuildPhase, BuildPlan, Stream
from tui.building.guard.guard import Guard
from tui.building.guard.launcher import HELD_PATH, write_order
from tui.building.guard.process import Child, Chunk
from tui.building.log.lines import LineSplitter
from tui.building.process.phases import PhaseWatch
from tui.building.process.stopping import Stopping

_FIRST_LOOK: Final = 0.4  # seconds; most builds with stock Go are over by then
_LOOKS: Final = 0.25  # seconds between two looks at what the compiler does
_LAST_WORDS: Final = 0.25  # seconds for output that is still on its way when the compiler has ended
_AWAY: Final = 5.0  # seconds; whoever comes so late to a deadline was stopped meanwhile (ctrl+z)
_SEARCHED: Final = 10_000  # lines of output that are kept to be searched for errors
_SEARCHED_CHARACTERS: Final = 4_000  # of each of them: no message is longer, and a line may have megabytes


async def start_compiler(plan: BuildPlan, ident: str, temporary: Path, guard: Guard, held: Path | None = None) -> Child:
    """Start the plan in its directory, with a TMPDIR of its own, known to the guard as `ident`. Raises OSError.

    `held`: a folder above the directory that the compiler is to know as HELD_PATH.
    """
    chosen = {name: value for name, value in plan.env_defaults.items() if not os.environ.get(name)}
    private = {"TMPDIR": str(temporary), "GOTMPDIR": str(temporary)}
    # PWD as a shell would set it: where the directory is reached by a link, paths in messages follow it.
    marked = {**guard.environment(ident), "PWD": _called(plan.cwd, held)}
    ours = {**chosen, **plan.env, **private, **marked}.items()
    environment = dict(os.environb) | {os.fsencode(name): os.fsencode(value) for name, value in ours}
    order = write_order(
        os.fsencode(plan.cwd),
        os.fsencode(plan.executable or plan.argv0),
        guard.marker(ident),
        [os.fsencode(word) for word in plan.argv],
        [b"%b=%b" % variable for variable in environment.items()],
        held=os.fsencode(held or ""),
    )
    child = Child()
    try:
        await child.start(guard, ident, order)
        return child
    finally:
        if not child.pid:  # it cannot be, or we were cancelled meanwhile: nobody else would end it
            child.close()


def _called(directory: Path, held: Path | None) -> str:
    """The directory as the compiler is to know it."""
    return str(directory) if held is None else str(Path(HELD_PATH, directory.relative_to(held)))


class Compiling:
    """Follows one compiler to its end. `stop` (how to end it) may be begun or hastened any time; then `child.wake`."""

    def __init__(
        self,
        directory: Path,
        child: Child,
        stop: Stopping,
        began: float,
        timeout: float | None,
        *,
        phases: PhaseWatch | None = None,
    ) -> None:
        self.phases: dict[str, float] = {}  # seconds of each phase that was seen, in order
        self._watch = phases
        self._looking: asyncio.Task[None] | None = None
        self._phase: tuple[str, float] | None = None  # the one that it is in, and since when
        self._news: list[BuildPhase] = []
        self.expired = False  # it took longer than `timeout` seconds
        self.seen: list[str] = []  # the first lines of its output, to be searched for errors
        self._directory = directory
        self._child = child
        self._stop = stop
        self._began = began
        self._ends = began + timeout if timeout is not None else None
        self._looked = began  # when the deadline was looked at last
        self._splitters: dict[Stream, LineSplitter] = {"stdout": LineSplitter(), "stderr": LineSplitter()}

    async def events(self) -> AsyncGenerator[BuildOutputBatch | BuildPhase | BuildCancelling, None]:
        """Its output until it has ended, what it does meanwhile, and the signals that it took to stop it."""
        # A build that is over at once is not worth a look, nor a task.
        timer = asyncio.get_running_loop().call_later(_FIRST_LOOK, self._begin_to_look)
        try:
            async for event in self._until_it_ends():
                yield event
        finally:
            timer.cancel()
            if self._looking is not None:
                self._looking.cancel()
                await asyncio.gather(self._looking, return_exceptions=True)
            self._turn(None, monotonic())

    def _begin_to_look(self) -> None:
        if self._watch is not None:
            self._looking = asyncio.create_task(self._look())

    async def _look(self) -> None:
        """Follow the phases."""
        while self._watch is not None and not self._child.exited:
            phase = await asyncio.to_thread(self._watch.current)
            now = monotonic()
            if phase is not None and (self._phase is None or phase != self._phase[0]):
                self._turn(phase, now)
                self._news.append(BuildPhase(self._directory, phase, now - self._began))
                self._child.wake.set()
            await asyncio.sleep(_LOOKS)

    def _turn(self, phase: str | None, now: float) -> None:
        """Another phase begins, or the last one has ended."""
        if self._phase is not None:
            name, since = self._phase
            self.phases[name] = self.phases.get(name, 0.0) + now - since
        # What came before the first look belongs to the phase that it found.
        since = now if self._phase is not None else self._began
        self._phase = (phase, since) if phase is not None else None

    async def _until_it_ends(self) -> AsyncGenerator[BuildOutputBatch | BuildPhase | BuildCancelling, None]:
        child = self._child
        while not child.exited:
            while self._news:
                yield self._news.pop(0)
            for batch in self._batches(child.drain()):
                yield batch
            now = monotonic()
            self._expire(now)
            due = self._stop.step(now, self._directory)
            if due is not None:
                child.signal_group(due[0])
                yield due[1]
            await self._something()
        for batch in self._batches(await self._last_words()):
            yield batch
        for stream, splitter in self._splitters.items():
            if lines := splitter.finish():
                yield self._batch(stream, lines, monotonic())

    async def _last_words(self) -> list[Chunk]:
        """What is still in the pipes. Nothing of the compiler is alive by now; somebody else may hold a pipe."""
        child = self._child
        chunks = child.drain()
        until = monotonic() + _LAST_WORDS
        while child.streams_open and monotonic() < until:
            child.wake.clear()
            timer = asyncio.get_running_loop().call_later(max(0.0, until - monotonic()), child.wake.set)
            await child.wake.wait()
            timer.cancel()
            chunks += child.drain()
        return chunks

    def _expire(self, now: float) -> None:
        if self._ends is not None and now >= self._ends and not self._stop.begun:
            if now - self._ends > _AWAY:  # what was left then is left now: nobody could see the build end in time
                self._ends = now + max(self._ends - self._looked, 0.0)
            else:
                self.expired = True
                self._stop.begin(now)
        self._looked = now

    async def _something(self) -> None:
        """Wait for output, the end, a wish to stop, or the next time at which something is due."""
        wake = self._child.wake
        wake.clear()
        if self._child.chunks or self._child.exited or self._news:
            return
        times = [time for time in (self._stop.due, None if self._stop.begun else self._ends) if time is not None]
        timer = None
        if times:
            timer = asyncio.get_running_loop().call_later(max(0.0, min(times) - monotonic()), wake.set)
        await wake.wait()
        if timer is not None:
            timer.cancel()

    def _batches(self, chunks: list[Chunk]) -> Iterator[BuildOutputBatch]:
        for stream, content, when in chunks:
            if lines := self._splitters[stream].feed(content):
                yield self._batch(stream, lines, when)

    def _batch(self, stream: Stream, lines: tuple[str, ...], when: float) -> BuildOutputBatch:
        room = _SEARCHED - len(self.seen)
        if room > 0:
            self.seen += [line[:_SEARCHED_CHARACTERS] for line in lines[:room]]
        return BuildOutputBatch(self._directory, stream, lines, when - self._began)
