"""One compiler on a worker, as the runner sees it: the same events, the same end, the same module in its place."""

from __future__ import annotations

import asyncio
import os
import signal
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from tui.building.compilers import by_name
from tui.building.events import BuildOutputBatch, BuildPhase, BuildStarted, BuildWaiting, Stream
from tui.building.inputs.sources import SourceCache
from tui.building.process import outcome
from tui.building.process.executor import Execution, ExecutionEvent, Job, Made
from tui.building.process.turns import Turn, Turns
from tui.cluster.orders import LONGEST, Event, Outcome, sha256_of
from tui.cluster.packing import Packed, PackingError, pack
from tui.cluster.paths import Mapped
from tui.cluster.placing import put_in_place, see_that_it_can_be_placed
from tui.cluster.sending import Sending
from tui.cluster.terms import ClusterError

if TYPE_CHECKING:
    from tui.building.process.queue import BuildQueue
    from tui.cluster.client import Cluster

_READ_ON: Final = 128 * 1024  # characters of output after which a worker is told that they were read
_SEARCHED: Final = 10_000  # lines of output that are kept to be searched for errors
_SEARCHED_CHARACTERS: Final = 4_000  # of each of them
_SOON: Final = 0.5  # seconds in which a worker begins that has nothing else to do: that is not told as waiting
_LAST_WORDS: Final = 2.0  # seconds in which events that were sent must have come, once the outcome is here
_ENDS: Final = 3.0  # seconds after SIGKILL in which a worker must have told the end


class There:
    """The cluster as the queue and the runner ask it: an executor like the one of this machine."""

    works_here = False

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._cache = SourceCache()
        self._turns = Turns()

    def turn(self) -> Turn:
        """A place in the order in which they go there."""
        return self._turns.take()

    def execution(self, job: Job) -> Execution:
        """One more compiler, on one of its workers."""
        return RemoteExecution(self._cluster, job, self._cache)


def attach(
    cluster: Cluster,
    queue: BuildQueue,
    most: int,
    lost: Callable[[tuple[Path, ...]], None],
    then: Callable[[], None] = lambda: None,
) -> None:
    """Have the queue's builds run there from now on; at most `most` at once, where that is not 0.

    `lost` is called with what was not built when the cluster goes away, `then` whenever its workers change.
    """

    def follow() -> None:
        if cluster.lost is not None:
            left = (*queue.state.building, *queue.state.queued)  # in the order in which they were asked for
            queue.drop(cluster.lost, lost=True)
            lost(left)
            return
        slots, ahead = cluster.slots(queue.options.compiler), cluster.ahead(queue.options.compiler)
        at_once = min(most or slots, slots)
        queue.set_jobs(at_once, min(most - at_once, ahead) if most else ahead)
        then()

    queue.options = replace(queue.options, executor=There(cluster))
    cluster.changed = follow
    follow()


class RemoteExecution:
    """One compiler on a worker of a cluster."""

    def __init__(self, cluster: Cluster, job: Job, cache: SourceCache) -> None:
        self.fault: str | None = None
        self.worker: str | None = None
        self.note: str | None = None
        self.expired = False
        self.seen: Sequence[str] = []
        self._seen: list[str] = []
        self._cluster = cluster
        self._job = job
        self._cache = cache
        self._ident = os.urandom(8).hex()
        self._packed: Packed | None = None
        self._future: Any = None
        self._waiting: asyncio.Task[None] | None = None
        self._sending = Sending(cluster, self._ident, self._not_sent)
        self._outcome: Outcome | None = None
        self._wake = asyncio.Event()
        self._news: deque[Event] = deque()
        self._attempt = ""
        self._attempts: set[str] = set()  # that was told of
        self._number = 0  # of its last event
        self._mapped: Mapped | None = None
        self._ends: float | None = None  # when it is to be stopped
        self._killed: float | None = None
        self._runs = False  # a compiler does, as far as is known
        self._submitted: float | None = None  # when it was, while nothing was told of that it waits
        self._read = 0
        self._told = 0
        self._refused: dict[str, str] = {}  # workers that could not run it, and why
        self._died: list[str] = []
        self._known_phases = {sign.phase for sign in by_name(job.plan.compiler).phases}

    @property
    def lost(self) -> bool:
        """Whether the cluster has gone."""
        return self.fault is not None and self.fault == self._cluster.lost

    @property
    def returncode(self) -> int:
        """How the compiler ended."""
        return self._outcome.returncode if self._outcome is not None else -9

    @property
    def phases(self) -> Mapping[str, float]:
        """Seconds of each phase."""
        return dict(self._outcome.phases) if self._outcome is not None else {}

    @property
    def argv(self) -> tuple[str, ...]:
        """What really ran."""
        return self._outcome.argv if self._outcome is not None else ()

    async def start(self) -> None:
        """Pack what it is built from, and have the scheduler find a worker."""
        if self._cluster.lost is not None:
            self.fault = self._cluster.lost
            return
        try:
            await self._cluster.wanted(self._job.plan.compiler)
            await self._job.turn.come()
            async with self._cluster.packing:  # a cache is not for two threads at once
                self._packed = await asyncio.to_thread(self._pack)
        except (PackingError, ClusterError) as error:
            self.fault = str(error)
            return
        self._submit()
        self._job.turn.leave()

    def _pack(self) -> Packed:
        """In a thread. Raises PackingError."""
        job = self._job
        try:
            see_that_it_can_be_placed(job)
        except OSError as error:
            raise PackingError(outcome.cannot_prepare(job.plan.cwd, error)) from error
        try:
            topic, enclosed = self._cluster.topic, self._cluster.enclosed
            return pack(job.plan, job.need.key, self._ident, topic, cache=self._cache, enclosed=enclosed)
        except OSError as error:
            raise PackingError(f"what it is built from cannot be read: {outcome.reason_of(error)}") from error

    def _submit(self) -> None:
        if self._packed is None:
            return
        order = self._packed.order
        if self._future is not None:
            self._future.release()
        self._future = self._cluster.submit(order, self._follow, self._wake.set, self._job, self._refused)
        self._waiting = asyncio.create_task(self._await_outcome(self._future))
        self._runs, self._submitted = False, monotonic()

    async def _await_outcome(self, future: Any) -> None:
        try:
            self._outcome = await self._cluster.outcome(future)
        except OSError as error:
            self.fault = error.strerror or str(error)
        self._wake.set()

    def _follow(self, event: Event) -> None:
        self._news.append(event)
        self._wake.set()

    def nudge(self) -> None:
        """It is to be stopped, or stopped harder."""
        self._wake.set()

    # -- what happens -------------------------------------------------------------------------------------------------

    async def events(self) -> AsyncGenerator[ExecutionEvent, None]:
        """Its start (another one where its worker died), its output, what it does, and the signals to stop it."""
        while not self._over():
            while self._news:
                for announced in self._handle(self._news.popleft()):
                    yield announced
            now = monotonic()
            stopping = self._job.stopping
            if self._worker_gone() or (self._submitted is not None and now >= self._submitted + _SOON):
                self._submitted = None
                if not stopping.begun:  # else it is on its way out, and waits for nothing more
                    yield BuildWaiting(self._job.directory, waits_for="slot")
            if self._ends is not None and now >= self._ends and not stopping.begun:
                self.expired = True
                stopping.begin(now)
            due = stopping.step(now, self._job.directory)
            if due is not None:
                self._signal(due[0])
                if self.worker is not None:
                    yield due[1]
            if self._outcome is not None and self._outcome.unable is not None:
                await self._elsewhere(self._outcome)
            await self._something()
        await self._last_words()
        while self._news:
            for announced in self._handle(self._news.popleft()):
                yield announced
        self._conclude()

    def _over(self) -> bool:
        given_up = self._killed is not None and monotonic() - self._killed > _ENDS
        ended = self._outcome is not None and self._outcome.unable is None
        if self._cluster.lost is not None and not ended and self.fault is None:
            self.fault = self._cluster.lost
        return ended or given_up or self.fault is not None

    async def _something(self) -> None:
        """Wait for an event, the outcome, a wish to stop, or the next time at which something is due."""
        if self._news or self._over():
            return
        self._wake.clear()
        stopping = self._job.stopping
        times = [stopping.due, None if stopping.begun else self._ends, self._killed and self._killed + _ENDS + 0.01]
        times += [self._submitted and self._submitted + _SOON]
        due = [each for each in times if each is not None]
        timer = asyncio.get_running_loop().call_later(max(0.0, min(due) - monotonic()), self._wake.set) if due else None
        await self._wake.wait()
        if timer is not None:
            timer.cancel()

    async def _last_words(self) -> None:
        """Events may come after the outcome, which takes another way."""
        until = monotonic() + _LAST_WORDS
        while self._outcome is not None and monotonic() < until:
            handled = self._number if self._attempt == self._outcome.attempt else 0
            waiting = (event.number for event in self._news if event.attempt == self._outcome.attempt)
            last = max((handled, *waiting))
            if last >= self._outcome.events:
                return
            self._wake.clear()
            timer = asyncio.get_running_loop().call_later(max(0.0, until - monotonic()), self._wake.set)
            await self._wake.wait()
            timer.cancel()

    def _handle(self, event: Event) -> Iterator[ExecutionEvent]:
        """What an event of the worker says here."""
        directory = self._job.directory
        if event.attempt not in self._attempts and event.kind in ("begun", "equal", "started"):
            self._begun(str(event.content[0]), event.attempt)
        if event.attempt != self._attempt:
            return  # of a worker that was thought dead
        self._number = event.number
        match event.kind, event.content:
            case "missing", ([*digests],):
                if self._packed is not None and self.worker is not None:
                    self._sending.files(self._packed, tuple(map(str, digests)), self.worker)
            case "started", (str(_), int(pid), str(sources), str(called), str(modules), str(installed)):
                root = self._packed.root if self._packed is not None else Path("/")
                self._mapped = Mapped(self._job.plan, root, (sources, called, modules, installed))
                self._ends = monotonic() + self._job.timeout if self._job.timeout is not None else None
                self._runs, self._submitted = True, None
                yield BuildStarted(directory, self._job.plan, pid, self.worker)
            case "equal", (str(_),):
                self._submitted = None
                yield BuildWaiting(directory, waits_for="equal", worker=self.worker)
            case "output", ("stdout" | "stderr" as stream, [*lines], float(seconds)):
                yield self._output(stream, [str(line)[:LONGEST] for line in lines], seconds)
            case "phase", (str(phase), float(seconds)) if phase in self._known_phases:
                yield BuildPhase(directory, phase, seconds)

    def _begun(self, address: str, attempt: str) -> None:
        """A worker has begun. If another had, that one has died."""
        if self.worker is not None and self._attempt and self.worker not in self._refused:
            self._died.append(self.worker)
        self.worker, self._attempt, self._number = address, attempt, 0
        self._attempts.add(attempt)
        self._ends, self._read, self._told, self._runs = None, 0, 0, False
        self._seen.clear()
        if self._job.stopping.begun:
            self._sending.signal(signal.SIGKILL, address)

    def _worker_gone(self) -> bool:
        """Notice that the worker which ran it is there no more: it waits for another one, which nobody has told yet."""
        if self.worker is None or not self._runs or self._outcome is not None:
            return False
        if not self._cluster.has_gone(self.worker):
            return False
        self._died.append(self.worker)
        self.worker, self._runs, self._ends = None, False, None
        return True

    def _output(self, stream: Stream, lines: list[str], seconds: float) -> BuildOutputBatch:
        self._read += sum(map(len, lines))
        if self._read - self._told > _READ_ON and self.worker is not None:
            self._told = self._read
            self._sending.acknowledge(self._read, self.worker)
        mapped = tuple(self._mapped.back(line) for line in lines) if self._mapped is not None else tuple(lines)
        room = _SEARCHED - len(self._seen)
        if room > 0:
            self._seen += [line[:_SEARCHED_CHARACTERS] for line in mapped[:room]]
        return BuildOutputBatch(self._job.directory, stream, mapped, seconds)

    async def _elsewhere(self, came: Outcome) -> None:
        """A worker could not run it: another may."""
        self._refused[came.worker] = came.unable or ""
        self._outcome = None
        if self._job.stopping.begun:
            self._killed = monotonic() - 2 * _ENDS  # nothing is left of it
            return
        compiler = self._job.plan.compiler
        await self._cluster.refresh()  # one may have come just now
        if all(view.address in self._refused for view in self._cluster.fitting(compiler)):
            self.fault = f"no worker could build it: {came.worker}: {came.unable}"
            return
        self._submit()

    def _signal(self, number: signal.Signals) -> None:
        """A signal for the compiler; a build that no worker has begun is taken back."""
        if self.worker is None:
            self._killed = monotonic() - 2 * _ENDS
            return
        if number == signal.SIGKILL:
            self._killed = monotonic()
        self._sending.signal(number, self.worker)

    def _not_sent(self, why: str) -> None:
        self.fault = self.fault or why
        self._wake.set()

    # -- how it came out ----------------------------------------------------------------------------------------------

    def _conclude(self) -> None:
        self.seen = self._seen
        came = self._outcome
        if came is None:
            return
        if self._attempt and self._attempt != came.attempt:
            self._begun(came.worker, came.attempt)
        self.worker = came.worker
        died = [address for address in self._died if address != came.worker]  # it may only have been out of reach
        notes = [f"{address} ended while it built this, which {came.worker} then did anew" for address in died]
        if came.elsewhere:
            notes.append(f"{came.worker} could not build under the path that others use, so the bytes may differ")
        self.note = "; ".join(notes) or None

    def made(self) -> Made:
        """Check what was sent to its end, then put it in place in one step."""
        came = self._outcome
        if came is None or came.module is None:
            return Made((came.refused if came is not None else None) or outcome.NOT_WRITTEN, None)
        fault, note = _placed(came, self._job)
        self.note = "; ".join(each for each in (self.note, note) if each is not None) or None
        return Made(fault, len(came.module))

    async def end(self) -> int:
        """Have nothing of it run on."""
        self._cluster.forget(self._ident)
        if self._outcome is None and self._future is not None:
            await self._cluster.take_back(self._future)
        await self._sending.end()
        if self._waiting is not None:
            self._waiting.cancel()
            await asyncio.gather(self._waiting, return_exceptions=True)
        if self._future is not None:
            self._future.release()
        return self._outcome.left if self._outcome is not None else 0


def _placed(came: Outcome, job: Job) -> tuple[str | None, str | None]:
    """Why a module that was sent is none, None where it is in its place now; and a sentence beside. Raises OSError."""
    if came.module is None or sha256_of(came.module) != came.sha256:
        return f"{came.worker} sent another module than the one that it told of", None
    return put_in_place(job, came.module, came.mode & 0o777)  # a worker's word: no more than what a mode may say
