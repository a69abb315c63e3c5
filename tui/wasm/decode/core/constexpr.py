"""Constant expressions, walked instruction by instruction: 0B can occur inside an immediate."""

from __future__ import annotations

from tui.wasm.decode.budget import no_tick
from tui.wasm.decode.leb import Malformed, signed, u32
from tui.wasm.decode.types import heap_type

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Callable
    from typing import Final

    from tui.wasm.decode.budget import Tick

    Matcher = Callable[[bytes, int, int], re.Match[bytes] | None]

END, I32_CONST, I64_CONST, F32_CONST, F64_CONST = 0x0B, 0x41, 0x42, 0x43, 0x44
GLOBAL_GET, REF_NULL, REF_FUNC, GC_PREFIX, SIMD_PREFIX = 0x23, 0xD0, 0xD2, 0xFB, 0xFD
V128_CONST: Final = 12
FEW: Final = 0xF  # instructions that are read one by one before a run of them is looked for
RUN: Final = 50_000  # instructions skipped between two looks at the clock
EXTENDED: Final = frozenset({0x6A, 0x6B, 0x6C, 0x7C, 0x7D, 0x7E})  # add, sub, mul
UNDEFINED: Final = frozenset((0x16, 0x17, 0x1D, 0x1E, 0x27, *range(0xC5, 0xD0), *range(0xD7, 0xFB), 0xFF))
# struct.new, struct.new_default, array.new, array.new_default, array.new_fixed: immediates; and those without any
GC_IMMEDIATES: Final = {0: 1, 1: 1, 6: 1, 7: 1, 8: 2, 26: 0, 27: 0, 28: 0}


def _skip_gc(source: bytes, position: int) -> int:
    opcode, after = u32(source, position + 1)
    if opcode not in GC_IMMEDIATES:
        raise Malformed(position, f"instruction FB {opcode} cannot stand in a constant expression", "invalid")
    for _ in range(GC_IMMEDIATES[opcode]):
        _, after = u32(source, after)
    return after


def _skip_simd(source: bytes, position: int) -> int:
    opcode, after = u32(source, position + 1)
    if opcode != V128_CONST:
        raise Malformed(position, f"instruction FD {opcode} cannot stand in a constant expression", "invalid")
    return after + 16


def _skip_u32(source: bytes, position: int) -> int:
    return u32(source, position + 1)[1]


_SKIPPERS: Final[dict[int, Callable[[bytes, int], int]]] = {
    I32_CONST: lambda source, position: signed(source, position + 1, 32)[1],
    I64_CONST: lambda source, position: signed(source, position + 1, 64)[1],
    F32_CONST: lambda _, position: position + 5,
    F64_CONST: lambda _, position: position + 9,
    GLOBAL_GET: _skip_u32,
    REF_FUNC: _skip_u32,
    REF_NULL: lambda source, position: heap_type(source, position + 1)[1],
    GC_PREFIX: _skip_gc,
    SIMD_PREFIX: _skip_simd,
}


def skip_instruction(source: bytes, position: int) -> int:
    """Position after one constant instruction. Raises Malformed at one that cannot stand here."""
    opcode = source[position]
    if opcode in EXTENDED:
        return position + 1
    skip = _SKIPPERS.get(opcode)
    if opcode in UNDEFINED:
        raise Malformed(position, f"0x{opcode:02X} is not an instruction")
    if skip is None:
        raise Malformed(position, f"instruction 0x{opcode:02X} cannot stand in a constant expression", "invalid")
    return skip(source, position)


def skip_expression(source: bytes, position: int, end: int, tick: Tick = no_tick) -> int:
    """Position after a constant expression and its end byte."""
    done = 0
    while source[position] != END:
        position = skip_instruction(source, position)
        done += 1
        if not done & FEW:
            tick()
            position = skip_run(source, position, end)
        if position >= end:
            raise Malformed(end, "a constant expression does not end")
    return position + 1


_compiled: list[Matcher] = []  # once it was needed


def _run() -> Matcher:
    """The match function of a run of plain instructions. Compiled when it is first needed: hardly a module has one."""
    if _compiled:
        return _compiled[0]
    import re

    u32_leb = rb"(?:[\x80-\xff]{0,3}+[\x00-\x7f]|[\x80-\xff]{4}[\x00-\x0f])"
    s32_leb = rb"(?:[\x80-\xff]{0,3}+[\x00-\x7f]|[\x80-\xff]{4}[\x00-\x07\x78-\x7f])"
    s64_leb = rb"(?:[\x80-\xff]{0,8}+[\x00-\x7f]|[\x80-\xff]{9}[\x00\x7f])"
    forms = rb"[\x6a-\x6c\x7c-\x7e]|\x41%b|\x42%b|[\x23\xd2]%b|\x43.{4}|\x44.{8}" % (s32_leb, s64_leb, u32_leb)
    _compiled.append(re.compile(rb"(?:%b){1,%d}+" % (forms, RUN), re.DOTALL).match)
    return _compiled[0]


def skip_run(source: bytes, position: int, end: int) -> int:
    """Position after the instructions of the commonest kinds that stand there, at most RUN of them."""
    found = _run()(source, position, end)
    return position if found is None else found.end()


def read_address(source: bytes, position: int, end: int, tick: Tick = no_tick) -> tuple[int | None, int]:
    """The value of an expression that is one i32 or i64 constant, as an unsigned address, else None; and the position
    after it.
    """
    opcode = source[position]
    if opcode in (I32_CONST, I64_CONST):
        bits = 32 if opcode == I32_CONST else 64
        value, after = signed(source, position + 1, bits)
        if after < end and source[after] == END:
            return value & ((1 << bits) - 1), after + 1
    return None, skip_expression(source, position, end, tick)
