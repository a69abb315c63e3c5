"""A command: a fresh instance, JSON on stdin, `_start`, what stdout holds is the answer."""

from __future__ import annotations

from tui.running.answer import MEBIBYTE, Call, Target
from tui.running.engine.machine import Compiled
from tui.running.lives.bench import Bench, Instance, invocation_of, memory_of, seconds_of
from tui.running.lives.ending import Ending
from tui.running.plan.prepare import Prepared
from tui.running.stop import Stop

_PREFIX = "failed to instantiate module: "


def run_command(bench: Bench, compiled: Compiled, target: Target, call: Call) -> tuple[Instance | None, Ending]:
    """Run the function once. There is no instance where it was refused before."""
    refusal = memory_refusal(compiled.prepared, target)
    if refusal is not None:
        return None, Ending("memory_limit", refusal)
    instance = Instance(bench, compiled, target, call.input, memory_of(target))
    instance.begin(invocation_of(target, call))
    with instance.within(seconds_of(target, call)):
        stop = instance.instantiate()
        if stop is not None:
            return instance, _failed(stop)
        return instance, _started(instance)


def memory_refusal(prepared: Prepared, target: Target) -> str | None:
    """The gateway's words where an exported memory is larger at start than the function may have."""
    if prepared.outline.memory_bytes <= target.memory * MEBIBYTE or not prepared.memory_exports:
        return None
    needs = prepared.outline.memory_bytes // MEBIBYTE
    return (
        f'module memory "{prepared.memory_exports[0]}" needs at least {needs} MB at start, '
        f"exceeds the function's memory limit of {target.memory} MB"
    )


def _started(instance: Instance) -> Ending:
    start = instance.guest.function("_start")
    if start is None:
        return Ending("done")
    if isinstance(start, Stop):
        return _failed(start)
    instance.invocation.during = "_start"
    stop = instance.guest.call(start)
    if not isinstance(stop, Stop) or stop.exited_well:
        return Ending("done", exit_code=0 if isinstance(stop, Stop) else None)
    if stop.kind in ("exit", "deadline"):
        return _failed(stop)
    return _failed(stop, "module[] function[_start] failed: ")


def _failed(stop: Stop, prefix: str = "") -> Ending:
    if stop.kind == "panic":
        return Ending("instantiate", stop.words, stop)
    return Ending("run", f"{_PREFIX}{prefix}{stop.words}", stop)
