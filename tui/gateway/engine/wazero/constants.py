"""Constant expressions as wazero takes them: one instruction and the end, no arithmetic."""

from __future__ import annotations

from typing import Final

from tui.gateway.engine.wazero.engine_module import Constant
from tui.gateway.engine.wazero.reader import (
    EOF,
    EXTERNREF,
    F32,
    F64,
    FUNCREF,
    I32,
    I64,
    V128,
    Reader,
    Refused,
    labelled,
    type_name,
)

END, GLOBAL_GET, I32_CONST, I64_CONST, F32_CONST, F64_CONST = 0x0B, 0x23, 0x41, 0x42, 0x43, 0x44
REF_NULL, REF_FUNC, VECTOR, V128_CONST = 0xD0, 0xD2, 0xFD, 0x0C
_OF: Final = {I32_CONST: I32, I64_CONST: I64, F32_CONST: F32, F64_CONST: F64, REF_FUNC: FUNCREF, V128_CONST: V128}


def constant(reader: Reader) -> Constant:
    """A constant expression. Raises Refused."""
    opcode = labelled("read opcode", reader.byte)
    if opcode == VECTOR:
        found = _vector(reader)
    elif opcode in (F32_CONST, F64_CONST):
        bits, size = ("f32", 4) if opcode == F32_CONST else ("f64", 8)
        labelled(f"read {bits} constant", reader.take, size)
        found = Constant(opcode, 0)
    elif opcode == REF_NULL:
        found = _null(reader)
    else:
        found = Constant(opcode, _operand(reader, opcode))
    if labelled("look for end opcode", reader.byte) != END:
        raise Refused("constant expression has been not terminated")
    return found


def _operand(reader: Reader, opcode: int) -> int:
    if opcode in (GLOBAL_GET, REF_FUNC):
        return labelled("read value", reader.u32)
    if opcode in (I32_CONST, I64_CONST):
        return labelled("read value", reader.signed, 32 if opcode == I32_CONST else 64)
    raise Refused(f"invalid byte for const expression opt code: 0x{opcode:x}")


def _null(reader: Reader) -> Constant:
    kind = labelled("read reference type for ref.null", reader.byte)
    if kind not in (FUNCREF, EXTERNREF):
        raise Refused(f"invalid type for ref.null: 0x{kind:x}")
    return Constant(REF_NULL, kind)


def _vector(reader: Reader) -> Constant:
    suffix = labelled("read vector instruction opcode suffix", reader.byte)
    if suffix != V128_CONST:
        raise Refused(f"invalid vector opcode for const expression: 0x{suffix:x}")
    left = reader.end - reader.at
    what = "read vector const instruction immediates"
    if left < 16:
        raise Refused(f"{what}: {EOF}" if not left else f"{what}: needs 16 bytes but was {left} bytes")
    reader.at += 16
    return Constant(V128_CONST, 0)


def check_constant(imported: list[tuple[int, bool]], functions: int, found: Constant, wanted: int) -> None:
    """Whether a constant has the type that is wanted; it may refer to imported globals only. Raises Refused."""
    if found.opcode == GLOBAL_GET:
        if found.value >= len(imported):
            raise Refused("global index out of range")
        actual = imported[found.value][0]
    elif found.opcode == REF_FUNC and found.value >= functions:
        last = (functions - 1) & 0xFFFF_FFFF
        raise Refused(f"ref.func index out of range [{found.value}] with length {last}")
    else:
        actual = found.value if found.opcode == REF_NULL else _OF[found.opcode]
    if actual != wanted:
        names = f"expected {type_name(wanted)} but got {type_name(actual)}"
        raise Refused(f"const expression type mismatch {names}")
