"""Vector and atomic instructions, as wazero validates them: of the latter it takes none."""

from __future__ import annotations

from tui.gateway.engine.wazero.bodies.body import Body
from tui.gateway.engine.wazero.bodies.control import DISABLED
from tui.gateway.engine.wazero.bodies.memory import memarg
from tui.gateway.engine.wazero.bodies.vector_table import VECTORS, Vector, atomic_name
from tui.gateway.engine.wazero.reader import Refused, labelled


def vector(body: Body, _: int) -> None:
    """What follows the byte FD."""
    number = body.reader.byte()
    found = VECTORS.get(number)
    if found is None:
        raise Refused("unknown SIMD instruction ")
    _vector_immediates(body, found)
    for wanted in found.takes:
        labelled(f"cannot pop the operand for {found.name}", body.pop, wanted)
    if found.gives is not None:
        body.stack.append(found.gives)


def _vector_immediates(body: Body, found: Vector) -> None:
    if found.immediates.startswith("memory"):
        _vector_memory(body, found)
    left = body.reader.end - body.reader.at
    if found.immediates == "constant":
        if left <= 16:
            raise Refused(f"cannot read constant vector value for {found.name}")
        body.reader.at += 16
    elif found.immediates == "shuffle":
        _shuffle(body, found, left)
    elif found.immediates.endswith("lane"):
        if not left:
            loads = found.immediates == "memory lane" and found.gives is not None
            raise Refused(f"lane for {'v128.load64_lane' if loads else found.name} not found")
        lane = body.reader.byte()
        if lane >= found.lanes:
            raise Refused(f"invalid lane index {lane} >= {found.lanes} for {found.name}")


def _vector_memory(body: Body, found: Vector) -> None:
    if not body.spaces.has_memory:
        raise Refused(f"memory must exist for {found.name}")
    align = memarg(body)
    if align >= 32 or 1 << align > found.width:
        raise Refused(f"invalid memory alignment {align} for {found.name}")


def _shuffle(body: Body, found: Vector, left: int) -> None:
    if left < 16:
        raise Refused(f"16 lane indexes for {found.name} not found")
    for index, lane in enumerate(body.reader.take(16)):
        if lane >= 32:
            raise Refused(f"invalid lane index[{index}] {lane} >= 32 for {found.name}")


def atomic(body: Body, _: int) -> None:
    """What follows the byte FE: threads, which this engine does not take."""
    raise Refused(f"{atomic_name(body.reader.byte())} {DISABLED}")
