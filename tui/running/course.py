"""What the lives have in common: compiled before, put together as an answer behind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from tui.running.answer import Answer, Call, DrivenAs, Figures, Hint, Target
from tui.running.engine.cache import code_key
from tui.running.engine.machine import Compiled, Machine, Refused
from tui.running.lives.bench import Bench, Instance
from tui.running.lives.ending import Ending
from tui.running.outcome.response import COMPILE_WORDS, client_of
from tui.running.plan.prepare import Prepared, prepare

if TYPE_CHECKING:
    from tui.running.trap import Trap

MOST_FRAMES: Final = 200  # of a trace that are handed on


@dataclass(frozen=True, slots=True)
class Course:
    """One run as it went. There is no instance where none was made."""

    life: DrivenAs
    instance: Instance | None
    ending: Ending
    figures: Figures


def life_of(target: Target, prepared: Prepared) -> DrivenAs:
    """The life in which the gateway drives a function: by its configuration, else by its exports."""
    if target.persistent:
        return "persistent"
    functions = (prepared.function(name) is not None for name in ("handle", "_initialize"))
    return "reactor" if all(functions) and prepared.function("_start") is None else "command"


def compile_target(bench: Bench, target: Target, request_id: str) -> Compiled | Answer:
    """The compiled module, or the answer where the gateway's engine refuses it."""
    compiled = _compiled(bench.machine, target.wasm)
    if isinstance(compiled, Compiled):
        bench.machine.tell("running")
        return compiled
    answer = Answer(None, "compile", compiled.words)
    if target.persistent:
        return answer
    return replace(answer, client=client_of(target, answer, request_id, cause=COMPILE_WORDS))


def _compiled(machine: Machine, source: bytes) -> Compiled | Refused:
    kept = machine.kept(source)
    if kept is not None:
        return kept
    key = code_key(source)
    # What lies in the cache was taken by the gateway's engine before.
    outlined = machine.outlined(source, key)
    cached = machine.from_cache(outlined, key) if outlined is not None else None
    if cached is not None:
        return cached
    machine.tell("compiling")
    # The engine's rules: for new modules only.
    from tui.running.plan.compiling import refused_bodies, refused_module
    from tui.wasm.decode.decode import decode

    words = refused_module(source)
    if words is not None:
        return Refused(words)
    compiled = machine.compile(prepare(source, decode(source)), key)
    return Refused(refused_bodies(source, compiled.words)) if isinstance(compiled, Refused) else compiled


def finish(target: Target, call: Call, course: Course) -> Answer:
    """The answer: how the run ended, and all that it left behind."""
    ending, instance = course.ending, course.instance
    answer = Answer(
        course.life,
        ending.stage,
        ending.error,
        ending.panicked,
        ending.timed_out,
        exit_code=ending.left_with,
        frames=ending.frames,
        ws_close=ending.ws_close,
        figures=course.figures,
    )
    if instance is not None:
        answer = _with_traces(answer, instance, ending)
    if course.life == "persistent":
        return answer
    response = instance.invocation.response if instance is not None else None
    return replace(answer, client=client_of(target, answer, call.request_id, response=response))


def _with_traces(answer: Answer, instance: Instance, ending: Ending) -> Answer:
    invocation, recorder, streams = instance.invocation, instance.binding.recorder, instance.streams
    stdout = bytes(streams.stdout)
    output = ending.output if ending.output is not None else stdout if answer.driven_as == "command" else b""
    return replace(
        answer,
        output=output,
        sent=tuple(invocation.sent),
        logs=tuple(invocation.logs),
        host_calls=recorder.calls(),
        host_calls_dropped=recorder.dropped,
        trap=_trap(instance, ending),
        hints=frozenset(_hints(instance)),
        stdout=stdout,
        stderr=bytes(streams.stderr),
    )


def _trap(instance: Instance, ending: Ending) -> Trap | None:
    stop = ending.stop
    if stop is None or stop.kind != "trap" or not stop.cause:
        return None
    from tui.running.plan.lines import Lines  # most runs do not trap
    from tui.running.trap import Frame, Trap

    symbol, prepared = instance.guest.signatures.symbol, instance.prepared
    lines = Lines(prepared.source, prepared.module) if prepared.module.dwarf_bytes else None
    frames = tuple(
        Frame(index, symbol(index), str((lines and lines.at(offset - prepared.shift)) or ""))
        for index, offset in stop.frames[:MOST_FRAMES]
    )
    return Trap(stop.cause, frames, instance.binding.recorder.last or "")


def _hints(instance: Instance) -> Iterator[Hint]:
    if instance.guest.no_room_asked:
        yield "no allocator"
    if instance.streams.full:
        yield "output full"
