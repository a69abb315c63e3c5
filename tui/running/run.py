"""One run from a module's bytes to its answer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import perf_counter
from typing import Final

from tui.running.engine.machine import Compiled
from tui.running.engine.stack import on_guest_stack
from tui.running.lives.bench import Bench, Instance
from tui.running.lives.command import run_command
from tui.running.lives.ending import Ending
from tui.running.lives.persistent import run_persistent
from tui.running.lives.reactor import run_reactor
from tui.running.model import Answer, Call, DrivenAs, Figures, Target
from tui.running.plan.compiling import compile_refusal
from tui.running.plan.prepare import Prepared, prepare
from tui.running.response import client_of
from tui.wasm.decode.decode import decode

COMPILE_WORDS: Final = "WASM compilation failed"  # all that the gateway's caller sees of a refused module


def run(bench: Bench, target: Target, call: Call) -> Answer:
    """Run the function once, in the life in which the gateway would drive it."""
    return on_guest_stack(lambda: _run(bench, target, call))


def _run(bench: Bench, target: Target, call: Call) -> Answer:
    started = perf_counter()
    compiled = compile_target(bench, target)
    if isinstance(compiled, Answer):
        return replace(compiled, figures=Figures(_ms(started)))
    life = life_of(target, compiled.prepared)
    begun = perf_counter()
    instance, ending = _LIVES[life](bench, compiled, target, call)
    figures = Figures(
        _ms(begun), round(compiled.ms, 3), compiled.cached, instance.guest.memory_size if instance is not None else 0
    )
    return finish(target, call, Course(life, instance, ending, figures))


_LIVES: Final = {"command": run_command, "reactor": run_reactor, "persistent": run_persistent}


def life_of(target: Target, prepared: Prepared) -> DrivenAs:
    """The life in which the gateway drives a function: by its configuration, else by its exports."""
    if target.persistent:
        return "persistent"
    functions = (prepared.function(name) is not None for name in ("handle", "_initialize"))
    return "reactor" if all(functions) and prepared.function("_start") is None else "command"


def compile_target(bench: Bench, target: Target) -> Compiled | Answer:
    """The compiled module, or the answer where the gateway's engine refuses it."""
    module = decode(target.wasm)
    refusal = compile_refusal(target.wasm, module, bench.contract)
    if refusal is None:
        compiled = bench.machine.compile(prepare(target.wasm, module))
        if isinstance(compiled, Compiled):
            return compiled
        refusal = compiled.words
    answer = Answer(None, "compile", refusal)
    return answer if target.persistent else replace(answer, client=client_of(target, answer, COMPILE_WORDS))


@dataclass(frozen=True, slots=True)
class Course:
    """One run as it went. There is no instance where none was made."""

    life: DrivenAs
    instance: Instance | None
    ending: Ending
    figures: Figures


def finish(target: Target, call: Call, course: Course) -> Answer:
    """The answer: how the run ended, and all that it left behind."""
    ending, instance = course.ending, course.instance
    answer = Answer(
        course.life,
        ending.stage,
        ending.error,
        ending.panicked,
        ending.timed_out,
        exit_code=ending.exit_code if ending.stop is None else ending.stop.exit_code,
        frames=ending.frames,
        ws_close=ending.ws_close,
        figures=course.figures,
    )
    if instance is not None:
        answer = _with_traces(answer, instance, ending)
    if course.life == "persistent":
        return answer
    response = instance.invocation.response if instance is not None else None
    return replace(answer, client=client_of(target, answer, None, response, call.request_id))


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
        stdout=stdout,
        stderr=bytes(streams.stderr),
    )


def _ms(started: float) -> float:
    return round((perf_counter() - started) * 1000, 3)
