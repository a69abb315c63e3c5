"""One run from a module's bytes to its answer."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter

from tui.running.answer import Answer, Call, Figures, Target
from tui.running.course import Course, compile_target, finish, life_of
from tui.running.engine.machine import Compiled
from tui.running.engine.stack import on_guest_stack
from tui.running.lives.bench import Bench
from tui.running.lives.command import run_command
from tui.running.lives.reactor import run_reactor
from tui.running.session import open_session


def run(bench: Bench, target: Target, call: Call) -> Answer:
    """Run the function once, in the life in which the gateway would drive it."""
    return on_guest_stack(lambda: _whole(bench, target, call))


def _whole(bench: Bench, target: Target, call: Call) -> Answer:
    answer = _connected(bench, target, call) if target.persistent else _once(bench, target, call)
    # A connection does it when it is closed.
    return bench.finished(answer) if call.depth == 0 and not target.persistent else answer


def _connected(bench: Bench, target: Target, call: Call) -> Answer:
    """A whole connection: opened, all frames, closed."""
    session = open_session(bench, target, call)
    return session if isinstance(session, Answer) else session.whole(call.frames)


def _once(bench: Bench, target: Target, call: Call) -> Answer:
    started = perf_counter()
    compiled = compile_target(bench, target, call.request_id)
    if isinstance(compiled, Answer):
        return replace(compiled, figures=Figures(_ms(started)))
    return run_compiled(bench, compiled, target, call)


def run_compiled(bench: Bench, compiled: Compiled, target: Target, call: Call) -> Answer:
    """One run of a module that is machine code already, on this thread: command or reactor, by its exports."""
    begun = perf_counter()
    life = life_of(target, compiled.prepared)
    instance, ending = (run_reactor if life == "reactor" else run_command)(bench, compiled, target, call)
    memory = instance.guest.memory_size if instance is not None else 0
    figures = Figures(_ms(begun), round(compiled.ms, 3), compiled.cached, memory)
    return finish(target, call, Course(life, instance, ending, figures))


def _ms(started: float) -> float:
    return round((perf_counter() - started) * 1000, 3)
