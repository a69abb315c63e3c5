"""What a worker does with an order: has its files sent, builds under a private path, tells what happens meanwhile.

It runs on the worker's event loop, and knows nothing of Dask but the two things that it is given: a way to send events,
and the worker's address.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Final

from tui.building.compilers import by_name
from tui.building.events import BuildOutputBatch, BuildPhase
from tui.building.guard.guard import Guard, process_guard
from tui.building.guard.launcher import HELD_PATH
from tui.building.guard.process import Child
from tui.building.plan.build_plan import BuildPlan
from tui.building.process.compiling import Compiling, start_compiler
from tui.building.process.outcome import reason_of
from tui.building.process.phases import PhaseWatch
from tui.building.process.stopping import Stopping
from tui.building.process.threads import to_the_end
from tui.cluster.blobs import BlobError, Blobs
from tui.cluster.modules import downloads, module_cache
from tui.cluster.orders import LONGEST, MODULE, Event, EventKind, Order, Outcome, SentFile
from tui.cluster.paths import installed_in
from tui.cluster.trees import (
    CALLED,
    PROXY,
    SOURCES,
    Base,
    Taken,
    Tree,
    claim,
    close,
    lay_out,
    make_folder_in,
    open_base,
    own_folder,
    sweep,
    taken,
)

AHEAD: Final = 512 * 1024  # characters of output that may be on their way to a client; then the compiler waits
PIECE: Final = 16 * 1024  # characters in one event
_ARRIVES: Final = 60.0  # seconds without a piece, after which a client is not waited for
_POLL: Final = 0.05  # seconds between two looks at a private path in use


class UnableError(Exception):
    """A build that cannot be run here. The text says why."""


@dataclass(slots=True)
class Running:
    """A build under way."""

    order: Order
    attempt: str
    sent: int = 0  # events
    characters: int = 0  # of output, sent
    taken: int = 0  # of them, by the client
    stopped: bool = False
    fault: str | None = None  # why its files cannot be kept here
    child: Child | None = None
    news: asyncio.Event = field(default_factory=asyncio.Event)  # files came, output was taken, or it is to stop
    arrived: float = field(default_factory=monotonic)  # when the client last gave a sign


class Host:
    """The builds of one worker."""

    def __init__(self, address: str, above: Path, send: Callable[[str, list[object]], None]) -> None:
        """`above`: a folder of the worker's own. Raises OSError."""
        self._address = address
        self._send = send
        self._guard: Guard = process_guard()
        self._own, opened = own_folder(above, self._guard)
        self._base: Base = open_base(self._own)
        self._holds = Path(HELD_PATH).parent.is_dir()
        sweep(self._base)
        self._blobs = Blobs(opened)
        self._storing = asyncio.Lock()
        self._idle = asyncio.Event()
        self._running: dict[str, Running] = {}

    @property
    def same_paths(self) -> bool:
        """Whether equal inputs have the path here that they have on every worker."""
        return self._base.shared or self._holds

    async def build(self, order: Order) -> Outcome:
        """Run one build to its end; nothing of it is left then."""
        run = Running(order, os.urandom(4).hex())
        self._running[order.ident] = run
        try:
            return await self._built(run)
        except UnableError as error:
            return Outcome(self._address, run.attempt, run.sent, unable=str(error))
        except (OSError, BlobError, ValueError) as error:
            words = reason_of(error) if isinstance(error, OSError) else str(error)
            return Outcome(self._address, run.attempt, run.sent, unable=words)
        finally:
            if self._running.get(order.ident) is run:
                del self._running[order.ident]
            if not self._running:
                self._idle.set()

    # -- what a client says -------------------------------------------------------------------------------------------

    async def put(self, ident: str, pieces: list[tuple[str, int, bytes, bool]]) -> None:
        """Take pieces of files: digest, offset, bytes, and whether it is the last one. Raises BlobError."""
        asking = self._running.get(ident)
        try:
            async with self._storing:
                for digest, offset, content, last in pieces:
                    if not self._blobs.is_pinned(digest):
                        continue  # nobody builds from it any more
                    await asyncio.to_thread(self._blobs.put, digest, offset, content, last=last)
        except OSError as error:
            if asking is not None:
                asking.fault = reason_of(error)
        for run in self._running.values():  # another build may wait for the same file
            run.arrived = monotonic()
            run.news.set()

    def acknowledge(self, ident: str, characters: int) -> None:
        """The client has read that much of the output, all in all."""
        run = self._running.get(ident)
        if run is not None:
            run.taken = max(run.taken, characters)
            run.news.set()

    def signal(self, ident: str, number: int) -> None:
        """Pass a signal on to the compiler and all in its group; before there is one, the build ends."""
        run = self._running.get(ident)
        if run is None:
            return
        if run.child is None:
            self.stop(ident)
        else:
            run.child.signal_group(signal.Signals(number))

    def stop(self, ident: str) -> None:
        """End a build at once: nobody waits for it any more."""
        run = self._running.get(ident)
        if run is not None:
            run.stopped = True
            run.news.set()
            if run.child is not None:
                run.child.signal_group(signal.SIGKILL)
                run.child.wake.set()

    async def end(self) -> None:
        """End all builds, and wait for that."""
        for ident in list(self._running):
            self.stop(ident)
        if self._running:
            self._idle.clear()
            await self._idle.wait()

    # -- one build ----------------------------------------------------------------------------------------------------

    def _announce(self, run: Running, kind: EventKind, *content: object) -> None:
        run.sent += 1
        event = Event(run.order.ident, run.attempt, run.sent, kind, content)
        self._send(run.order.topic, event.message())

    async def _built(self, run: Running) -> Outcome:
        order = run.order
        for digest, content in order.enclosed.items():
            self._blobs.put_small(digest, content)
        brought = await asyncio.to_thread(_to_bring, order.modules) if order.modules else ()
        files = (*order.files, *brought)
        with self._blobs.pinned(files):
            await self._have_sent(run, files)
            tree = await self._furnished(run, brought)
        plan: BuildPlan | None = None
        ended: _Ended | None = None
        try:
            if run.stopped:
                raise UnableError("cancelled")
            plan = _plan(order, tree, bool(brought))
            ended = await self._compiled(run, tree, plan)
        finally:
            good = plan.output if plan is not None and ended is not None and ended.returncode == 0 else None
            came = await to_the_end(lambda: taken(tree, good, self._guard))
        if came.left is not None:
            self._announce(run, "output", "stderr", [f"{self._address}: {came.left}"], 0.0)
        if came.full is not None and ended.returncode != 0:
            raise UnableError(came.full)
        return self._outcome(run, tree, plan, ended, came)

    def _outcome(self, run: Running, tree: Tree, plan: BuildPlan, ended: _Ended, came: Taken) -> Outcome:
        return Outcome(
            self._address,
            run.attempt,
            run.sent,
            returncode=ended.returncode,
            left=ended.left,
            argv=plan.argv,
            phases=ended.phases,
            module=came.module,
            sha256=came.sha256,
            mode=came.mode,
            refused=came.refused,
            elsewhere=not tree.base.shared and os.fsencode(tree.path) in (came.module or b""),
        )

    async def _have_sent(self, run: Running, files: tuple[SentFile, ...]) -> None:
        """Wait until all files are here. Raises UnableError."""
        asked: frozenset[str] = frozenset()
        run.arrived = monotonic()
        while missing := self._blobs.missing(files):
            if run.stopped or run.fault is not None:
                raise UnableError(run.fault or "cancelled")
            if monotonic() - run.arrived > _ARRIVES:
                raise UnableError(f"the files to build from did not come within {_ARRIVES:.0f} s")
            if not frozenset(missing) <= asked:
                if not asked:
                    self._announce(run, "begun", self._address)
                asked = frozenset(missing)
                self._announce(run, "missing", missing)
            await _within(run.news, _ARRIVES / 4)

    async def _furnished(self, run: Running, brought: tuple[SentFile, ...]) -> Tree:
        """The private path with all files, once nobody else builds there. Raises OSError, ValueError, UnableError."""
        before = run.sent
        while True:
            tree = await to_the_end(
                lambda: self._furnish(run.order, brought),
                lambda tree: close(tree, self._guard) if tree is not None else None,
            )
            if tree is not None:
                return tree
            if run.stopped:
                raise UnableError("cancelled")
            if run.sent == before:
                self._announce(run, "equal", self._address)
            await _within(run.news, _POLL)

    def _furnish(self, order: Order, brought: tuple[SentFile, ...]) -> Tree | None:
        """Claim the private path and lay all out; None while somebody builds there. Leaves nothing when it raises."""
        tree = claim(self._base, order.place, self._guard)
        if tree is None:
            return None
        try:
            make_folder_in(tree, order.directory)
            lay_out(tree, SOURCES, order.files, self._blobs)
            if brought:
                os.mkdir(PROXY, 0o700, dir_fd=tree.opened)
                lay_out(tree, PROXY, brought, self._blobs)
        except (OSError, ValueError):
            close(tree, self._guard)
            raise
        return tree

    async def _compiled(self, run: Running, tree: Tree, plan: BuildPlan) -> _Ended:
        """Run the compiler. Raises OSError, UnableError."""
        # A go.work that is named by its real path is to lie above a directory that is, too.
        held = tree.path if self._holds and not run.order.paths else None
        child = run.child = await start_compiler(plan, tree.ident, tree.temporary, self._guard, held)
        watch = PhaseWatch(by_name(plan.compiler).phases, child.pid, tree.temporary)
        following = Compiling(plan.cwd, child, Stopping(), monotonic(), None, phases=watch)
        try:
            if run.stopped:
                child.signal_group(signal.SIGKILL)
            called = CALLED if held is not None else ""
            known = [str(tree.sources), called, str(module_cache(os.environ)), installed_in(plan.executable or "/")]
            self._announce(run, "started", self._address, child.pid, *known)
            await self._send_all(run, following)
        finally:
            await child.end()
        code = child.returncode if child.returncode is not None else -9
        return _Ended(code, child.left, tuple(following.phases.items()))

    async def _send_all(self, run: Running, following: Compiling) -> None:
        async with aclosing(following.events()) as events:
            async for event in events:
                if isinstance(event, BuildOutputBatch):
                    await self._send_output(run, event)
                elif isinstance(event, BuildPhase):
                    self._announce(run, "phase", event.phase, event.seconds)

    async def _send_output(self, run: Running, batch: BuildOutputBatch) -> None:
        """Send lines on, in pieces; wait while too much is on its way."""
        for lines in _pieces(batch.lines):
            while run.characters - run.taken > AHEAD and not run.stopped:
                await _within(run.news, _ARRIVES)
            run.characters += sum(map(len, lines))
            self._announce(run, "output", batch.stream, lines, batch.seconds)


async def _within(news: asyncio.Event, seconds: float) -> None:
    """Wait for news, but not longer."""
    news.clear()
    timer = asyncio.get_running_loop().call_later(seconds, news.set)
    await news.wait()
    timer.cancel()


def _plan(order: Order, tree: Tree, has_proxy: bool) -> BuildPlan:
    """The plan as it is carried out here."""
    cwd = Path(os.path.normpath(tree.sources / order.directory))
    output = cwd / MODULE
    executable = by_name(order.compiler).find()
    if executable is None:
        raise UnableError(by_name(order.compiler).words.missing)
    paths = {name: str(tree.sources / where) for name, where in order.paths.items()}
    proxy = {"GOPROXY": f"file://{tree.path / PROXY},off"} if has_proxy else {}
    return BuildPlan(
        argv=tuple(str(output) if word == order.output else word for word in order.argv),
        cwd=cwd,
        output=output,
        mode="command",
        reason="",
        compiler=order.compiler,
        env={**order.environment, **paths, **proxy},
        executable=executable,
    )


def _to_bring(modules: tuple[SentFile, ...]) -> tuple[SentFile, ...]:
    """Those files of modules that Go's own cache here has not."""
    folder = downloads(module_cache(os.environ))
    return tuple(file for file in modules if not os.path.isfile(folder / file.name))


@dataclass(frozen=True, slots=True)
class _Ended:
    """How a compiler ended."""

    returncode: int
    left: int
    phases: tuple[tuple[str, float], ...]


def _pieces(lines: tuple[str, ...]) -> list[list[str]]:
    """The lines in pieces that an event may carry; what is longer than a line may be is cut."""
    pieces: list[list[str]] = [[]]
    size = 0
    for line in lines:
        if size > PIECE:
            pieces.append([])
            size = 0
        pieces[-1].append(line[:LONGEST])
        size += len(line)
    return pieces
