"""wazero's validation of a function body: which rule looks at which instruction."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from tui.gateway.engine.wazero.bodies import control, memory, values, vectors
from tui.gateway.engine.wazero.bodies.body import Body, Spaces
from tui.gateway.engine.wazero.engine_module import EngineModule
from tui.gateway.engine.wazero.reader import Refused
from tui.wasm.decode.budget import BATCH, no_tick, paced

if TYPE_CHECKING:
    from tui.wasm.decode.budget import Tick

MOST_VALUES: Final = 1 << 27
Handler = Callable[[Body, int], None]


def spaces_of(module: EngineModule, tick: Tick = no_tick) -> Spaces:
    """The index spaces of a module. `tick` is called once in a batch of what is looked at in bodies."""
    declared = {export.number for export in module.exports if export.kind == 0}
    declared |= {found.value for found in module.initial if found.opcode == 0xD2}
    # A global among the entries counts as the function of that number with a high bit set: as none.
    for element in paced(module.elements, tick):
        declared.update(element.functions)
        declared.update(index for what, index in element.entries if what == "function")
    return Spaces(
        module,
        [*module.imported_functions, *module.functions],
        module.globals,
        [table.element for table in module.tables],
        frozenset(declared),
        module.memory is not None,
        tick,
    )


def check_body(source: bytes, spaces: Spaces, number: int) -> None:
    """Validate the body of the defined function `number`. Raises Refused with the engine's words."""
    try:
        _check(Body(source, spaces, number))
    except Refused as cause:
        raise Refused(f"invalid {spaces.module.described(number)}: {cause.words}") from None


def _check(body: Body) -> None:
    """Walk over all instructions."""
    reader, source, end = body.reader, body.reader.source, body.reader.end
    left = BATCH
    while reader.at < end:
        left -= 1
        if left < 0:
            left = BATCH
            body.spaces.tick()
        if not body.blocks:
            raise Refused(f"unexpected end of function at pc=0x{reader.at - body.start:x}")
        opcode = source[reader.at]
        reader.at += 1
        _HANDLERS[opcode](body, opcode)
    if body.blocks:
        raise Refused("ill-nested block exists")
    if body.highest > MOST_VALUES:
        raise Refused(f"function may have {body.highest} stack values, which exceeds limit {MOST_VALUES}")


def _handlers() -> list[Handler]:
    """What checks each instruction, by its first byte."""
    found: list[Handler] = [control.invalid] * 256
    groups: tuple[tuple[Handler, tuple[int, ...] | range], ...] = (
        (control.unreachable, (0x00,)),
        (control.nothing, (0x01,)),
        (control.open_block, (0x02, 0x03, 0x04)),
        (control.otherwise, (0x05,)),
        (control.end_block, (0x0B,)),
        (control.branch, (0x0C,)),
        (control.branch_if, (0x0D,)),
        (control.branch_table, (0x0E,)),
        (control.leave, (0x0F,)),
        (control.call, (0x10, 0x12)),
        (control.call_indirect, (0x11, 0x13)),
        (values.drop, (0x1A,)),
        (values.select, (0x1B, 0x1C)),
        (values.local, (0x20, 0x21, 0x22)),
        (values.global_value, (0x23, 0x24)),
        (memory.table_access, (0x25, 0x26)),
        (memory.access, range(0x28, 0x3F)),
        (memory.memory_size, (0x3F, 0x40)),
        (values.i32_const, (0x41,)),
        (values.i64_const, (0x42,)),
        (values.float_const, (0x43, 0x44)),
        (values.numeric, range(0x45, 0xC5)),
        (values.reference, (0xD0, 0xD1, 0xD2)),
        (memory.misc, (0xFC,)),
        (vectors.vector, (0xFD,)),
        (vectors.atomic, (0xFE,)),
    )
    for handler, opcodes in groups:
        for opcode in opcodes:
            found[opcode] = handler
    return found


_HANDLERS: Final = _handlers()
