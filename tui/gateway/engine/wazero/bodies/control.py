"""Instructions that steer: blocks, branches, calls, as wazero validates them."""

from __future__ import annotations

from typing import Final

from tui.gateway.engine.wazero.bodies.body import LISTED, UNKNOWN, Block, Body, count_words
from tui.gateway.engine.wazero.bodies.instructions import NAMES
from tui.gateway.engine.wazero.engine_module import FunctionType
from tui.gateway.engine.wazero.reader import (
    EXTERNREF,
    F32,
    F64,
    FUNCREF,
    I32,
    I64,
    V128,
    Refused,
    labelled,
    reference_name,
    type_name,
)
from tui.wasm.decode.budget import paced

BLOCK, LOOP, IF, ELSE = 0x02, 0x03, 0x04, 0x05
DISABLED: Final = 'invalid as feature "" is disabled'
_EMPTY: Final = FunctionType(b"", b"")
_SHORT: Final = {-64: _EMPTY} | {
    value - 0x80: FunctionType(b"", bytes((value,))) for value in (I32, I64, F32, F64, V128, FUNCREF, EXTERNREF)
}


def invalid(_: Body, opcode: int) -> None:
    """A byte that starts no instruction."""
    raise Refused(f"invalid instruction 0x{opcode:x}")


def nothing(_: Body, __: int) -> None:
    """nop."""


def unreachable(body: Body, _: int) -> None:
    """unreachable."""
    body.never_returns()


def open_block(body: Body, opcode: int) -> None:
    """block, loop, if."""
    type_ = labelled("read block", _block_type, body)
    if opcode == IF:
        labelled("cannot pop the operand for 'if'", body.pop, I32)
    body.require(type_.params, NAMES[opcode], params=True)
    body.spend(type_.params)
    body.blocks.append(Block(0 if opcode == BLOCK else opcode, type_, body.bottom))
    body.bottom = len(body.stack)
    body.stack += type_.params


def _block_type(body: Body) -> FunctionType:
    number = labelled("decode int33", body.reader.s33)
    if number in _SHORT:
        return _SHORT[number]
    types = body.spaces.module.types
    if not 0 <= number < len(types):
        raise Refused(f"type index out of range: {number}")
    return types[number]


def otherwise(body: Body, _: int) -> None:
    """else."""
    block = body.blocks[-1]
    if block.opcode != IF:
        raise Refused(f"else instruction must be used in if block: 0x{body.reader.at - 1 - body.start:x}")
    block.opcode = ELSE
    body.require(block.type.results, "if", exact=True)
    del body.stack[body.bottom :]
    body.stack += block.type.params


def end_block(body: Body, _: int) -> None:
    """End of a block, or of the body."""
    block = body.blocks.pop()
    type_ = block.type
    if block.opcode == IF and type_.results != type_.params:
        raise Refused(count_words(False, "else", list(type_.params), type_.results))
    context = NAMES[block.opcode] if block.opcode else ""
    body.require(type_.results, context, exact=True)
    del body.stack[body.bottom :]
    body.stack += type_.results
    body.highest = max(body.highest, len(body.stack))
    body.bottom = block.bottom


def branch(body: Body, _: int) -> None:
    """br."""
    label = _label(body, "invalid br operation: index out of range")
    body.require(label, "br")
    body.never_returns()


def branch_if(body: Body, _: int) -> None:
    """br_if."""
    index = labelled("read immediate", body.reader.u32)
    if index >= len(body.blocks):
        many = f"index={index} with {len(body.blocks)} for the current label stack length"
        raise Refused(f"invalid ln param given for br_if: {many}")
    _condition(body, "br_if")
    label = body.blocks[-1 - index].label
    body.require(label, "br_if")
    body.stack += label


def _label(body: Body, words: str) -> bytes:
    index = labelled("read immediate", body.reader.u32)
    if index >= len(body.blocks):
        raise Refused(words)
    return body.blocks[-1 - index].label


def _condition(body: Body, name: str) -> None:
    try:
        body.pop(I32)
    except Refused:
        raise Refused(f"cannot pop the required operand for {name}") from None


def branch_table(body: Body, _: int) -> None:
    """br_table."""
    read = body.reader.u32
    count = labelled("read immediate", read)
    labels = [labelled("read immediate", read) for _ in range(count)]
    last = labelled("read immediate", read)
    if last >= len(body.blocks):
        many = f"ln={last} with {len(body.blocks)} for the current label stack length"
        raise Refused(f"invalid ln param given for br_table: {many}")
    _condition(body, "br_table")
    body.spend(body.blocks[-1 - last].label)
    wanted = list(body.blocks[-1 - last].label)
    for index in range(len(wanted)):
        place = len(wanted) - 1 - index
        actual = body.any_value()
        if actual == UNKNOWN:
            wanted[place] = UNKNOWN
        elif actual != wanted[place]:
            names = f"{type_name(actual)} in br_table block as param[{index}] type {type_name(wanted[place])}"
            raise Refused(f"cannot use {names}")
    for label in paced(dict.fromkeys(labels), body.reader.tick):
        _same_label(body, label, last, wanted)
    body.never_returns()


def _same_label(body: Body, label: int, last: int, wanted: list[int]) -> None:
    if label >= len(body.blocks):
        raise Refused("invalid l param given for br_table")
    found = body.blocks[-1 - label].label
    body.spend(found)
    if len(found) != len(wanted):
        sides = f"{_go_bytes(wanted)} (ln={last}) != {_go_bytes(found)} (l={label})"
        raise Refused(f"inconsistent block type length for br_table at {label}; {sides}")
    if any(want not in (UNKNOWN, have) for want, have in zip(wanted, found, strict=True)):
        raise Refused(f"incosistent block type for br_table at {label}")


def leave(body: Body, _: int) -> None:
    """return."""
    body.require(body.type.results)
    body.never_returns()


def call(body: Body, opcode: int) -> None:
    """call, return_call."""
    index = labelled("read immediate", body.reader.u32)
    if index >= len(body.spaces.functions):
        raise Refused("invalid function index")
    types, called = body.spaces.module.types, body.spaces.functions[index]
    if called >= len(types):  # a function further on, whose type was not looked at yet: the engine falls over it
        raise Refused(f"runtime error: index out of range [{called}] with length {len(types)}")
    type_ = types[called]
    body.spend(type_.params)
    body.spend(type_.results)
    for wanted in reversed(type_.params):
        labelled(f"type mismatch on {NAMES[opcode]} operation param type", body.pop, wanted)
    body.stack += type_.results
    if opcode == 0x12:
        raise Refused(f"return_call {DISABLED}")


def call_indirect(body: Body, opcode: int) -> None:
    """call_indirect, return_call_indirect."""
    name, types = NAMES[opcode], body.spaces.module.types
    index = labelled("read immediate", body.reader.u32)
    if index >= len(types):
        raise Refused(f"invalid type index at {name}: {index}")
    table = labelled("read table index", body.reader.u32)
    if table >= len(body.spaces.tables):
        raise Refused(f"unknown table index: {table}")
    element = body.spaces.tables[table]
    if element != FUNCREF:
        raise Refused(f"table is not funcref type but was {reference_name(element)} for {name}")
    _relabelled(body, f"cannot pop the offset in table for {name}", I32)
    body.spend(types[index].params)
    body.spend(types[index].results)
    for wanted in reversed(types[index].params):
        _relabelled(body, f"type mismatch on {name} operation input type", wanted)
    body.stack += types[index].results
    if opcode == 0x13:
        raise Refused(f"return_call_indirect {DISABLED}")


def _relabelled(body: Body, words: str, wanted: int) -> None:
    try:
        body.pop(wanted)
    except Refused:
        raise Refused(words) from None


def _go_bytes(values: list[int] | bytes) -> str:
    return f"[{' '.join(map(str, values[:LISTED]))}]"
