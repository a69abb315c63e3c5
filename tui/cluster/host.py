"""What a worker does with an order: has its files sent, builds under a private path, tells what happens meanwhile.

It runs on the worker's event loop, and knows nothing of Dask but the two things that it is given: a way to send events,
and the worker's address.
"""

from __future__ import annotations

import asyncio
import errno
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
from tui.building.guard.process import Child
from tui.building.inputs.sources import digest_of
from tui.building.plan.build_plan import BuildPlan
from tui.building.process.compiling import Compiling, start_compiler
from tui.building.process.outcome import reason_of
from tui.building.process.phases import PhaseWatch
from tui.building.process.stopping import Stopping
from tui.building.process.threads import to_the_end
from tui.cluster.blobs import BlobError, Blobs
from tui.cluster.modules import downloads, module_cache
from tui.cluster.orders import MODULE, Event, EventKind, Order, Outcome, SentFile
from tui.cluster.paths import installed_in
from tui.cluster.trees import PROXY, SOURCES, Base, Tree, claim, close, lay_out, make_folder_in, open_base, own_folder
from tui.reading import open_regular
from tui.text import human_bytes

AHEAD: Final = 512 * 1024  # characters of output that may be on their way to a client; then the compiler waits
PIECE: Final = 16 * 1024  # characters in one event
LONGEST: Final = 64 * 1024  # characters of one line
_ARRIVES: Final = 60.0  # seconds without a piece, after which a client is not waited for
_POLL: Final = 0.05  # seconds between two looks at a private path in use
_LITTLE: Final = 1 << 20  # bytes; a build that failed with less left on the disk failed for that


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
        self._blobs = Blobs(opened)
        self._storing = asyncio.Lock()
        self._idle = asyncio.Event()
        self._running: dict[str, Running] = {}

    @property
    def same_paths(self) -> bool:
        """Whether equal inputs have the path here that they have on every worker."""
        return self._base.shared

    async def build(self, order: Order) -> Outcome:
        """Run one build to its end; nothing of it is left then."""
        run = Running(order, os.urandom(4).hex())
        self._running[order.ident] = run
        try:
            return await self._built(run)
        except UnableError as error:
            return self._unable(run, str(error))
        except (OSError, BlobError, ValueError) as error:
            words = reason_of(error) if isinstance(error, OSError) else str(error)
            return self._unable(run, words)
        finally:
            self._running.pop(order.ident, None)
            if not self._running:
                self._idle.set()

    def _unable(self, run: Running, why: str) -> Outcome:
        return Outcome(self._address, run.attempt, run.sent, unable=why)

    # -- what a client says -------------------------------------------------------------------------------------------

    async def put(self, ident: str, pieces: list[tuple[str, int, bytes, bool]]) -> None:
        """Take pieces of files: digest, offset, bytes, and whether it is the last one. Raises BlobError."""
        asking = self._running.get(ident)
        try:
            async with self._storing:
                for digest, offset, content, last in pieces:
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
        self._announce(run, "begun", self._address)
        files = (*order.files, *self._modules_to_bring(order))
        with self._blobs.pinned(files):
            await self._have_sent(run, files)
            tree = await self._claimed(run)
            try:
                brought = files[len(order.files) :]
                await asyncio.to_thread(self._furnish, tree, order, brought)
                return await self._compiled(run, tree, bool(brought))
            finally:
                left = await to_the_end(lambda: close(tree, self._guard))
                if left is not None:
                    self._announce(run, "output", "stderr", [f"{self._address}: {left}"], 0.0)

    @staticmethod
    def _modules_to_bring(order: Order) -> tuple[SentFile, ...]:
        """Those files of modules that Go's own cache here has not."""
        folder = downloads(module_cache(os.environ))
        return tuple(file for file in order.modules if not os.path.isfile(folder / file.name))

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
                asked = frozenset(missing)
                self._announce(run, "missing", missing)
            await _within(run.news, _ARRIVES / 4)

    async def _claimed(self, run: Running) -> Tree:
        """The private path, once nobody else builds there. Raises OSError, UnableError."""
        while True:
            tree = await to_the_end(
                lambda: claim(self._base, run.order.place, self._guard),
                lambda tree: close(tree, self._guard) if tree is not None else None,
            )
            if tree is not None and not run.stopped:
                return tree
            if run.stopped:
                if tree is not None:
                    close(tree, self._guard)
                raise UnableError("cancelled")
            await _within(run.news, _POLL)

    def _furnish(self, tree: Tree, order: Order, brought: tuple[SentFile, ...]) -> None:
        make_folder_in(tree, order.directory)
        lay_out(tree, SOURCES, order.files, self._blobs)
        if brought:
            os.mkdir(PROXY, 0o700, dir_fd=tree.opened)
            lay_out(tree, PROXY, brought, self._blobs)

    async def _compiled(self, run: Running, tree: Tree, has_proxy: bool) -> Outcome:
        """Run the compiler. Raises OSError, UnableError."""
        plan = _plan(run.order, tree, has_proxy)
        child = run.child = await start_compiler(plan, tree.ident, tree.temporary, self._guard)
        watch = PhaseWatch(by_name(plan.compiler).phases, child.pid, tree.temporary)
        following = Compiling(plan.cwd, child, Stopping(), monotonic(), None, phases=watch)
        try:
            if run.stopped:
                child.signal_group(signal.SIGKILL)
            known = [str(tree.temporary), str(module_cache(os.environ)), installed_in(plan.executable or "/")]
            self._announce(run, "started", child.pid, list(plan.argv), str(tree.sources), *known)
            await self._send_all(run, following)
        finally:
            await child.end()
        code = child.returncode if child.returncode is not None else -9
        if code != 0:
            _see_that_there_was_room(tree)
        module, mode = await asyncio.to_thread(_read_module, plan.output) if code == 0 else (None, 0)
        return Outcome(
            self._address,
            run.attempt,
            run.sent,
            returncode=code,
            left=child.left,
            argv=plan.argv,
            phases=tuple(following.phases.items()),
            module=module,
            digest=digest_of(module) if module is not None else "",
            mode=mode,
            elsewhere=not tree.base.shared,
        )

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


def _see_that_there_was_room(tree: Tree) -> None:
    """Raises UnableError: a build that failed for the worker's disk may succeed on another."""
    found = os.fstatvfs(tree.opened)
    if found.f_bavail * found.f_frsize < _LITTLE:
        raise UnableError(
            f"{reason_of(OSError(errno.ENOSPC, ''))} ({human_bytes(found.f_bavail * found.f_frsize)} left)"
        )


def _read_module(path: Path) -> tuple[bytes | None, int]:
    """The module, and the mode of its file; None where there is none."""
    try:
        descriptor = open_regular(path)
    except OSError:
        return None, 0
    with open(descriptor, "rb") as file:
        return file.read(), os.fstat(descriptor).st_mode & 0o777


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
