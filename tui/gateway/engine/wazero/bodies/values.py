"""Instructions on values, locals and globals, as wazero validates them."""

from __future__ import annotations

from bisect import bisect_right

from tui.gateway.engine.wazero.bodies.body import UNKNOWN, Body
from tui.gateway.engine.wazero.bodies.instructions import NAMES, NUMERIC
from tui.gateway.engine.wazero.reader import (
    EXTERNREF,
    F32,
    F64,
    FUNCREF,
    I32,
    I64,
    VALUE_TYPES,
    Refused,
    labelled,
    type_name,
)


def drop(body: Body, _: int) -> None:
    """drop."""
    labelled("invalid drop", body.any_value)


def select(body: Body, opcode: int) -> None:
    """select, with and without a type."""
    labelled("type mismatch on 3rd select operand", body.pop, I32)
    first = labelled("invalid select", body.any_value)
    second = labelled("invalid select", body.any_value)
    if opcode == 0x1C:
        _select_type(body)
    elif {first, second} & {FUNCREF, EXTERNREF}:
        raise Refused("reference types cannot be used for non typed select instruction")
    if first != second and UNKNOWN not in (first, second):
        raise Refused("type mismatch on 1st and 2nd select operands")
    body.stack.append(second if first == UNKNOWN else first)


def _select_type(body: Body) -> None:
    if body.reader.byte() != 1:
        raise Refused("too many type immediates for typed_select")
    value = body.reader.byte()
    if value not in VALUE_TYPES:
        raise Refused(f"invalid type {type_name(value)} for typed_select")


def local(body: Body, opcode: int) -> None:
    """local.get, local.set, local.tee."""
    reader = body.reader
    index = reader.source[reader.at]
    if index < 0x80:
        reader.at += 1
    else:
        index = labelled("read immediate", reader.u32)
    if index >= body.local_count:
        bound = f"{index} >= {body.local_count}(=len(locals)+len(parameters))"
        raise Refused(f"invalid local index for {NAMES[opcode]} {bound}")
    value = body.flat[index] if body.flat else _run_type(body, index)
    if opcode != 0x20:
        body.pop(value)
    if opcode != 0x21:
        body.stack.append(value)


def _run_type(body: Body, index: int) -> int:
    if index < len(body.params):
        return body.params[index]
    return body.runs[bisect_right(body.ends, index)][1]


def global_value(body: Body, opcode: int) -> None:
    """global.get, global.set."""
    index = labelled("read immediate", body.reader.u32)
    if index >= len(body.spaces.globals):
        raise Refused("invalid index for global.get" if opcode == 0x23 else "invalid global index")
    value, mutable = body.spaces.globals[index]
    if opcode == 0x23:
        body.stack.append(value)
        return
    if not mutable:
        raise Refused("global.set when not mutable")
    body.pop(value)


def i32_const(body: Body, _: int) -> None:
    """i32.const."""
    labelled("read i32 immediate", body.reader.signed, 32)
    body.stack.append(I32)


def i64_const(body: Body, _: int) -> None:
    """i64.const."""
    labelled("read i64 immediate", body.reader.signed, 64)
    body.stack.append(I64)


def float_const(body: Body, opcode: int) -> None:
    """f32.const, f64.const."""
    body.reader.at += 4 if opcode == 0x43 else 8
    body.stack.append(F32 if opcode == 0x43 else F64)


def numeric(body: Body, opcode: int) -> None:
    """Instructions without immediates on numbers."""
    takes, count, gives, called = NUMERIC[opcode]
    for nth in ("1st", "2nd")[:count]:
        have = body.take()
        if have not in (takes, UNKNOWN):
            _wrong_operand(f"cannot pop the {called.format(nth)} for {NAMES[opcode]}", have, takes)
    body.stack.append(gives)


def _wrong_operand(words: str, have: int | None, wanted: int) -> None:
    if have is None:
        raise Refused(f"{words}: {type_name(wanted)} missing")
    raise Refused(f"{words}: type mismatch: expected {type_name(wanted)}, but was {type_name(have)}")


def reference(body: Body, opcode: int) -> None:
    """ref.null, ref.is_null, ref.func."""
    if opcode == 0xD0:
        kind = body.reader.byte()
        if kind not in (FUNCREF, EXTERNREF):
            raise Refused(f"unknown type for ref.null: 0x{kind:x}")
        body.stack.append(kind)
    elif opcode == 0xD1:
        found = labelled("cannot pop the operand for ref.is_null", body.any_value)
        if found not in (FUNCREF, EXTERNREF, UNKNOWN):
            raise Refused(f"type mismatch: expected reference type but was {type_name(found)}")
        body.stack.append(I32)
    else:
        index = labelled("failed to read function index for ref.func", body.reader.u32)
        if index not in body.spaces.declared:
            raise Refused(f"undeclared function index {index} for ref.func")
        body.stack.append(FUNCREF)
