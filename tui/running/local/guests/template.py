"""The process of one module: it has the module's machine code in memory, and makes copies of itself that run it."""

from __future__ import annotations

import gc
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tui.running.answer import Answer, Target
from tui.running.course import compile_target, life_of
from tui.running.engine.cache import CodeCache, code_key
from tui.running.engine.machine import Compiled, Machine
from tui.running.host.settings import HostSettings, HostSetupError
from tui.running.lives.bench import Bench
from tui.running.local.guests.asking import Gateway
from tui.running.local.guests.copies import call_it, ending, make_copies, wait_for_copies
from tui.running.local.guests.host import guest_bench
from tui.running.local.guests.seat import Seat
from tui.running.plan.table import host_table
from tui.running.process.bounds import MOST_COMPILING, bounded
from tui.running.process.wire import Message, answer_fields, pack, read_target, reading, unpack


@dataclass(frozen=True, slots=True)
class Loaded:
    """A module ready to run, and the host around it."""

    bench: Bench
    target: Target
    compiled: Compiled
    gateway: Gateway


def template(link: socket.socket) -> None:
    """Load the module that comes first, say how that went, and make a seat for each socket that comes then."""
    first = unpack(reading(link.recv))
    if first is None:
        return
    link.sendall(pack(Message({"pid": os.getpid()})))
    target = read_target(first.fields["target"], first.payload)
    call_it(f"fn={target.name}")
    try:
        loaded = _load(first.fields, target)
    except HostSetupError as error:
        link.sendall(pack(Message({"refused": str(error)})))
        return
    if isinstance(loaded, Answer):
        link.sendall(pack(Message({"answer": answer_fields(loaded)})))
        return
    told = {
        "life": life_of(target, loaded.compiled.prepared),
        "ms": loaded.compiled.ms,
        "cached": loaded.compiled.cached,
    }
    link.sendall(pack(Message(told)))
    gc.collect()
    gc.freeze()
    make_copies(link, lambda socket: _sit(loaded, socket))
    # Who still has a client keeps its parent: the system would end it otherwise.
    wait_for_copies()


def _sit(loaded: Loaded, link: socket.socket) -> None:
    call_it(f"fn:{loaded.target.name}")
    loaded.gateway.connect(link)
    Seat(loaded.bench, loaded.target, loaded.compiled, loaded.gateway).serve()


def _load(fields: Mapping[str, Any], target: Target) -> Loaded | Answer:
    """The module as it runs, or the answer that every call of it gets. Raises HostSetupError."""
    bounded(MOST_COMPILING)  # compiling may be left to this process: of what is refused, or fails in a copy
    cache = CodeCache(Path(fields["cache"])) if fields["cache"] else None
    gateway = Gateway()
    machine = Machine(cache, parallel=False)  # no threads: this process is going to be copied
    bench = guest_bench(HostSettings(**fields["host"]), machine, host_table(), gateway)
    if cache is not None and not _is_cached(machine, target):
        _compile_elsewhere(cache, target, bench)
    compiled = compile_target(bench, target, "")
    return compiled if isinstance(compiled, Answer) else Loaded(bench, target, compiled, gateway)


def _is_cached(machine: Machine, target: Target) -> bool:
    key = code_key(target.wasm)
    outlined = machine.outlined(target.wasm, key)
    return outlined is not None and machine.from_cache(outlined, key) is not None


def _compile_elsewhere(cache: CodeCache, target: Target, bench: Bench) -> None:
    """Have a copy of this process compile, on all cores, into the cache; its threads are gone with it."""
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        return
    with ending():
        compile_target(replace(bench, machine=Machine(cache)), target, "")
