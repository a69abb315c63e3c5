"""What a run needs around it, and an instance set up on it."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, replace
from time import monotonic
from typing import TYPE_CHECKING, Final

import wasmtime

from tui.running.answer import MEBIBYTE, Answer, Call, Target
from tui.running.engine.binding import Binding
from tui.running.engine.guest import Guest
from tui.running.engine.machine import Compiled, Machine
from tui.running.engine.record import Cut, plain
from tui.running.host.seam import Host, Invocation
from tui.running.host.topics.sockets import Sockets
from tui.running.plan.imports import go_quoted, refused_import
from tui.running.plan.prepare import Prepared
from tui.running.plan.table import HostTable
from tui.running.stop import Stop, deadline, panic
from tui.running.wasi.streams import Streams
from tui.running.wasi.wasi import Wasi

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MOST_MEMORY: Final = 4096 * 65536  # bytes; all that the gateway's engine gives any module
DEFAULT_TIMEOUT: Final = 30  # seconds, where function.yaml has 0


def as_it_is(answer: Answer) -> Answer:
    """The answer of a run in which nothing is secret."""
    return answer


@dataclass(frozen=True, slots=True)
class Bench:
    """One process's engine, the host's contract, and the host itself."""

    machine: Machine
    table: HostTable
    host: Host
    sockets: Sockets  # the clients that are connected here
    # Done when a call that nobody nested is over; what could not be kept is said.
    after: tuple[Callable[[], str | None], ...] = ()
    shown: Callable[[Answer], Answer] = as_it_is  # an answer as it may be shown: without the values of secrets
    cut: Cut = plain  # the first bytes of a value as they may be shown
    profile: Counter[tuple[str, ...]] | None = None  # where looks at the guest's stack are counted, if any are wanted

    def finished(self, answer: Answer) -> Answer:
        """The answer of a call that nobody nested, once all that follows it is done."""
        said = [words for words in [work() for work in self.after] if words is not None]
        return replace(answer, unkept="; ".join(said)) if said else answer


class Instance:
    """A guest with its streams and its host functions, not made yet."""

    def __init__(self, bench: Bench, compiled: Compiled, target: Target, stdin: bytes, memory: int) -> None:
        self.prepared: Prepared = compiled.prepared
        self._bench = bench
        self._memory = memory
        self.streams = Streams(stdin)
        self.guest = Guest(bench.machine, compiled, bench.table, memory)
        wasi = Wasi(lambda: self.guest.memory, self.streams, [target.name.encode()])
        self.binding = Binding(self.guest, bench.table, wasi.calls(), bench.host, bench.cut)

    @property
    def invocation(self) -> Invocation:
        """What the host knows of this run."""
        return self.binding.invocation

    def begin(self, invocation: Invocation) -> None:
        """From here on the host answers for this invocation."""
        self.binding.invocation = invocation

    def instantiate(self) -> Stop | None:
        """Make the instance as the gateway's engine does: imports, memory, data, then the start section."""
        refusal = refused_import(self.prepared.outline, self._bench.table)
        if refusal is not None:
            return Stop("link", refusal)
        if self.prepared.outline.slow_table:
            return deadline()
        if self.prepared.outline.memory_bytes > self._memory:
            size = self.prepared.outline.memory_bytes
            return panic(f"runtime error: slice bounds out of range [:{size}] with capacity 0")
        if self.prepared.outline.data_refusal is not None:
            return Stop("link", self.prepared.outline.data_refusal)
        try:
            self.guest.instantiate(*self.binding.imports())
        except wasmtime.WasmtimeError as error:  # a limit of wasmtime's own
            return Stop("link", str(error))
        return self._start()

    def _start(self) -> Stop | None:
        stop = self.guest.start()
        if stop is None or stop.kind in ("exit", "deadline"):
            return stop
        return Stop(stop.kind, f"start {self._start_name()} failed: {stop.words}", None, stop.frames, stop.cause)

    def _start_name(self) -> str:
        """What the engine calls the start function: it counts the imported functions twice to find its exports."""
        outline = self.prepared.outline
        index = outline.start or 0
        shifted = index + outline.imported
        names = sorted(go_quoted(one.name) for one in outline.exports if one.kind == "func" and one.index == shifted)
        return f"function[{index}]" + (f" export[{','.join(names)}]" if names else "")

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Code that runs inside is interrupted after that time, or at an earlier deadline around it."""
        clock = self._bench.machine.clock
        due = monotonic() + seconds
        before = clock.set(due)
        if before < due:
            clock.set(before)
        due = min(before, due)
        self.invocation.deadline = due
        profiler = self.guest.profiled(due) if self._bench.profile is not None else None
        try:
            yield
        finally:
            clock.set(before)
            if profiler is not None and self._bench.profile is not None:
                self._bench.profile.update(profiler.stop())


def invocation_of(target: Target, call: Call, *, env: bool = True) -> Invocation:
    """The invocation of a call."""
    return Invocation(
        function=target.name,
        namespace=call.namespace,
        caller=call.caller,
        request_id=call.request_id,
        client_id=call.client_id,
        env=target.env if env else {},
        raw_response=target.raw_response,
        depth=call.depth,
    )


def seconds_of(target: Target, call: Call) -> float:
    """The time that a call may take."""
    return min(target.timeout or DEFAULT_TIMEOUT, call.ceiling)


def memory_of(target: Target) -> int:
    """The bytes of memory that a command may have."""
    return min(target.memory * MEBIBYTE, MOST_MEMORY)
