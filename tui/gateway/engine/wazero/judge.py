"""The engine's answer on one module: taken, or refused in its own words; and how far function bodies were looked at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from tui.gateway.engine.answer import Answer, Request
from tui.gateway.engine.wazero.bodies.body import Spaces
from tui.gateway.engine.wazero.bodies.dispatch import check_body, spaces_of
from tui.gateway.engine.wazero.engine_module import EngineModule
from tui.gateway.engine.wazero.reader import Refused
from tui.gateway.engine.wazero.rules import check_after_bodies, check_before_bodies, first_out_of_bounds
from tui.gateway.engine.wazero.sections import read_module
from tui.wasm.decode.budget import Budget, paced
from tui.wasm.decode.core.data_runs import by_start

if TYPE_CHECKING:
    from tui.wasm.decode.budget import Tick

VARIABLES: Final = 1 << 28  # locals and parameters of one function: its compiler counts no further
SLOW_TABLE: Final = 1 << 26  # entries at start: the deadline of a call is over before so many are made


def judge(source: bytes, request: Request, tick: Tick | None = None) -> Answer:
    """What wazero 1.11 makes of these bytes. Raises OutOfTime where they hold more than their size is worth."""
    number = None
    tick = tick or Budget(len(source)).tick
    try:
        module = read_module(source, request.memory_pages, tick, by_start(request.data_runs), request.usual_bodies)
        first = len(module.imported_functions)
        check_before_bodies(module, tick)
        spaces, seen = spaces_of(module, tick), 0
        for number in paced(_wanted(module, request), tick):
            _check_function(source, spaces, number)
            seen += 1
        number = None
        check_after_bodies(module, tick)
        _check_locals(module)
    except Refused as refused:
        return Answer("compile", refused.words, function=None if number is None else first + number)
    return _instantiated(module, seen == len(module.bodies), tick)


def _wanted(module: EngineModule, request: Request) -> Iterator[int]:
    """Numbers of the defined functions whose bodies are to be looked at, as many as the bytes allow."""
    first, left = len(module.imported_functions), request.most_bytes
    every = range(len(module.bodies))
    asked = every if request.bodies is None else [index - first for index in request.bodies if index - first in every]
    for number in asked:
        body = module.bodies[number]
        left -= body.end - body.start
        if left < 0:
            return
        yield number


def _check_function(source: bytes, spaces: Spaces, number: int) -> None:
    module = spaces.module
    index = module.functions[number]
    if index >= len(module.types):
        raise Refused(f"invalid {module.described(number)}: type section index {index} out of range")
    check_body(source, spaces, number)


def _check_locals(module: EngineModule) -> None:
    """Its compiler numbers the variables of a function, and gives up at a number that it cannot hold."""
    if module.most_locals >= VARIABLES:
        raise Refused(f"Too large variable: {VARIABLES}")


def _instantiated(module: EngineModule, bodies: bool, tick: Tick) -> Answer:
    """What happens when the module, with its imports resolved, is instantiated."""
    if any(table.minimum >= SLOW_TABLE for table in module.defined_tables):
        return Answer("instantiate", "module closed with context deadline exceeded", bodies=bodies)
    words = first_out_of_bounds(module, tick)
    return Answer(bodies=bodies) if words is None else Answer("instantiate", words, bodies=bodies)
