"""A reactor: `_initialize` ahead of the call, then `malloc`, `handle`, `free`, and thrown away."""

from __future__ import annotations

from typing import Final

from tui.running.answer import Call, Target
from tui.running.engine.guest import Guest, GuestFunction
from tui.running.engine.machine import Compiled
from tui.running.host.seam import Invocation
from tui.running.lives.bench import MOST_MEMORY, Bench, Instance, invocation_of, seconds_of
from tui.running.lives.ending import Ending
from tui.running.stop import INIT_SECONDS, NO_RESULT, Stop, panic

MASK32: Final = 0xFFFF_FFFF
NO_MEMORY: Final = "WASM module does not export 'memory'"
CANNOT_WRITE: Final = "failed to write input to WASM memory"
CANNOT_READ: Final = "failed to read output from WASM memory"


def run_reactor(bench: Bench, compiled: Compiled, target: Target, call: Call) -> tuple[Instance, Ending]:
    """Warm an instance up, and let it handle one call."""
    instance = Instance(bench, compiled, target, b"", MOST_MEMORY)
    instance.begin(Invocation(target.name, ""))  # nobody calls yet: no namespace, no caller
    with instance.within(INIT_SECONDS):
        failed = _warm(instance, target.name)
    if failed is not None:
        return instance, failed
    instance.begin(invocation_of(target, call))
    with instance.within(seconds_of(target, call)):
        return instance, _handle(instance, call.input)


def _warm(instance: Instance, name: str) -> Ending | None:
    prefix = f"reactor cold instantiate {name}: reactor warm: "
    stop = instance.instantiate()
    if stop is not None:
        return Ending("instantiate", stop.words if stop.kind == "panic" else f"{prefix}instantiate: {stop.words}", stop)
    initialize = instance.guest.function("_initialize")
    if isinstance(initialize, GuestFunction):
        instance.invocation.during = "_initialize"
        stop = _stopped(instance.guest.call(initialize))
    elif initialize is not None:
        stop = initialize
    if stop is None:
        return None
    return Ending("init", stop.words if stop.kind == "panic" else f"{prefix}_initialize: {stop.words}", stop)


def _stopped(result: int | Stop | None) -> Stop | None:
    return result if isinstance(result, Stop) else None


def _handle(instance: Instance, data: bytes) -> Ending:
    guest = instance.guest
    handle = guest.function("handle")
    if not isinstance(handle, GuestFunction):
        return _failed(handle or panic("handle is gone"), "")
    if "memory" not in instance.prepared.memory_exports:
        return Ending("handle", NO_MEMORY)
    instance.invocation.during = "handle"
    malloc, free = guest.function("malloc"), guest.function("free")
    for one in (malloc, free):
        if isinstance(one, Stop):
            return _failed(one, "")
    if not isinstance(malloc, GuestFunction) or not data:
        return _called(guest, handle, 0, len(data))
    pointer = _hand_in(guest, malloc, data)
    if isinstance(pointer, Ending):
        return pointer
    ending = _called(guest, handle, pointer, len(data))
    if isinstance(free, GuestFunction):
        guest.call(free, pointer & MASK32)  # also after a trap; its own failure is nobody's business any more
    return ending


def _called(guest: Guest, handle: GuestFunction, pointer: int, length: int) -> Ending:
    result = guest.call(handle, pointer & MASK32, length)
    return _failed(result, "handle function error: ") if isinstance(result, Stop) else _answer(guest, result)


def _hand_in(guest: Guest, malloc: GuestFunction, data: bytes) -> int | Ending:
    """Where the input lies in the guest."""
    pointer = guest.call(malloc, len(data))
    if isinstance(pointer, Stop):
        return _failed(pointer, "malloc failed: ")
    if pointer is None:
        return _failed(panic(NO_RESULT), "")
    if not guest.memory.write(pointer & MASK32, data):
        return Ending("handle", CANNOT_WRITE)
    return pointer


def _answer(guest: Guest, packed: int | None) -> Ending:
    """The output that a packed result points at: pointer low, length high."""
    length = (packed or 0) >> 32 & MASK32
    if not length:
        return Ending("done", output=b"")
    output = guest.memory.read((packed or 0) & MASK32, length)
    return Ending("handle", CANNOT_READ) if output is None else Ending("done", output=output)


def _failed(stop: Stop, prefix: str) -> Ending:
    return Ending("handle", stop.words if stop.kind == "panic" else prefix + stop.words, stop)
