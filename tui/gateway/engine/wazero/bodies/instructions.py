"""The instructions that wazero 1.11 takes: their names in its messages, their operands and results, as tables.

Value types are their bytes. Source: core specification 2.0, Binary Format, Instructions; wordings observed.
"""

from __future__ import annotations

from typing import Final

from tui.facts import Fact
from tui.gateway.engine.wazero.reader import F32, F64, I32, I64

_CONTROL: Final = "unreachable nop block loop if else"
_NUMERIC: Final = (
    "i32.eqz i32.eq i32.ne i32.lt_s i32.lt_u i32.gt_s i32.gt_u i32.le_s i32.le_u i32.ge_s i32.ge_u "
    "i64.eqz i64.eq i64.ne i64.lt_s i64.lt_u i64.gt_s i64.gt_u i64.le_s i64.le_u i64.ge_s i64.ge_u "
    "f32.eq f32.ne f32.lt f32.gt f32.le f32.ge f64.eq f64.ne f64.lt f64.gt f64.le f64.ge "
    "i32.clz i32.ctz i32.popcnt i32.add i32.sub i32.mul i32.div_s i32.div_u i32.rem_s i32.rem_u i32.and i32.or "
    "i32.xor i32.shl i32.shr_s i32.shr_u i32.rotl i32.rotr "
    "i64.clz i64.ctz i64.popcnt i64.add i64.sub i64.mul i64.div_s i64.div_u i64.rem_s i64.rem_u i64.and i64.or "
    "i64.xor i64.shl i64.shr_s i64.shr_u i64.rotl i64.rotr "
    "f32.abs f32.neg f32.ceil f32.floor f32.trunc f32.nearest f32.sqrt f32.add f32.sub f32.mul f32.div f32.min f32.max "
    "f32.copysign f64.abs f64.neg f64.ceil f64.floor f64.trunc f64.nearest f64.sqrt f64.add f64.sub f64.mul f64.div "
    "f64.min f64.max f64.copysign i32.wrap_i64 i32.trunc_f32_s i32.trunc_f32_u i32.trunc_f64_s i32.trunc_f64_u "
    "i64.extend_i32_s i64.extend_i32_u i64.trunc_f32_s i64.trunc_f32_u i64.trunc_f64_s i64.trunc_f64_u "
    "f32.convert_i32_s f32.convert_i32_u f32.convert_i64_s f32.convert_i64u f32.demote_f64 f64.convert_i32_s "
    "f64.convert_i32_u f64.convert_i64_s f64.convert_i64_u f64.promote_f32 i32.reinterpret_f32 i64.reinterpret_f64 "
    "f32.reinterpret_i32 f64.reinterpret_i64 i32.extend8_s i32.extend16_s i64.extend8_s i64.extend16_s i64.extend32_s"
)
_MEMORY: Final = (
    "i32.load i64.load f32.load f64.load i32.load8_s i32.load8_u i32.load16_s i32.load16_u i64.load8_s i64.load8_u "
    "i64.load16_s i64.load16_u i64.load32_s i64.load32_u i32.store i64.store f32.store f64.store i32.store8 "
    "i32.store16 i64.store8 i64.store16 i64.store32 memory.size memory.grow"
)


def _named(first: int, names: str) -> dict[int, str]:
    return dict(enumerate(names.split(), first))


NAMES: Final[dict[int, str]] = {
    **_named(0x00, _CONTROL),
    **_named(0x0B, "end br br_if br_table return call call_indirect return_call return_call_indirect"),
    **_named(0x1A, "drop select typed_select"),
    **_named(0x20, "local.get local.set local.tee global.get global.set table.get table.set"),
    **_named(0x28, _MEMORY),
    **_named(0x41, "i32.const i64.const f32.const f64.const"),
    **_named(0x45, _NUMERIC),
    **_named(0xD0, "ref.null ref.is_null ref.func"),
}
MISC: Final = tuple(
    _named(
        0,
        "i32.trunc_sat_f32_s i32.trunc_sat_f32_u i32.trunc_sat_f64_s i32.trunc_sat_f64_u i64.trunc_sat_f32_s "
        "i64.trunc_sat_f32_u i64.trunc_sat_f64_s i64.trunc_sat_f64_u memory.init data.drop memory.copy memory.fill "
        "table.init elem.drop table.copy table.grow table.size table.fill",
    ).values()
)


class Numeric(Fact):
    """An instruction without immediates: what it takes, what it gives, and how a message calls its operands."""

    takes: int
    operands: int
    gives: int
    called: str  # "{}" stands for 1st, 2nd


def _numeric() -> dict[int, Numeric]:
    """Every numeric instruction of one byte, from rows of (first, last, takes, count, gives, operand)."""
    rows = (
        (0x45, 0x45, (I32, 1, I32, "operand")),
        (0x46, 0x4F, (I32, 2, I32, "{} i32 operand")),
        (0x50, 0x50, (I64, 1, I32, "operand")),
        (0x51, 0x5A, (I64, 2, I32, "{} i64 operand")),
        (0x5B, 0x60, (F32, 2, I32, "{} f32 operand")),
        (0x61, 0x66, (F64, 2, I32, "{} f64 operand")),
        (0x67, 0x69, (I32, 1, I32, "i32 operand")),
        (0x6A, 0x78, (I32, 2, I32, "{} operand")),
        (0x79, 0x7B, (I64, 1, I64, "i64 operand")),
        (0x7C, 0x8A, (I64, 2, I64, "{} i64 operand")),
        (0x8B, 0x91, (F32, 1, F32, "{} f32 operand")),
        (0x92, 0x98, (F32, 2, F32, "{} f32 operand")),
        (0x99, 0x9F, (F64, 1, F64, "{} f64 operand")),
        (0xA0, 0xA6, (F64, 2, F64, "{} f64 operand")),
        (0xA7, 0xA7, (I64, 1, I32, "operand")),
        (0xA8, 0xA9, (F32, 1, I32, "f32 operand")),
        (0xAA, 0xAB, (F64, 1, I32, "f64 operand")),
        (0xAC, 0xAD, (I32, 1, I64, "i32 operand")),
        (0xAE, 0xAF, (F32, 1, I64, "f32 operand")),
        (0xB0, 0xB1, (F64, 1, I64, "f64 operand")),
        (0xB2, 0xB3, (I32, 1, F32, "i32 operand")),
        (0xB4, 0xB5, (I64, 1, F32, "i64 operand")),
        (0xB6, 0xB6, (F64, 1, F32, "operand")),
        (0xB7, 0xB8, (I32, 1, F64, "i32 operand")),
        (0xB9, 0xBA, (I64, 1, F64, "i64 operand")),
        (0xBB, 0xBB, (F32, 1, F64, "operand")),
        (0xBC, 0xBC, (F32, 1, I32, "operand")),
        (0xBD, 0xBD, (F64, 1, I64, "operand")),
        (0xBE, 0xBE, (I32, 1, F32, "operand")),
        (0xBF, 0xBF, (I64, 1, F64, "operand")),
        (0xC0, 0xC1, (I32, 1, I32, "operand")),
        (0xC2, 0xC4, (I64, 1, I64, "operand")),
    )
    return {op: Numeric(*row) for first, last, row in rows for op in range(first, last + 1)}


NUMERIC: Final = _numeric()


class Access(Fact):
    """A load or store: its width in bytes, the value type, whether it stores."""

    width: int
    value: int
    stores: bool


ACCESS: Final[dict[int, Access]] = {
    op: Access(width, value, op >= 0x36)
    for op, (width, value) in enumerate(
        (
            *((4, I32), (8, I64), (4, F32), (8, F64), (1, I32), (1, I32), (2, I32), (2, I32)),
            *((1, I64), (1, I64), (2, I64), (2, I64), (4, I64), (4, I64)),
            *((4, I32), (8, I64), (4, F32), (8, F64), (1, I32), (2, I32), (1, I64), (2, I64), (4, I64)),
        ),
        0x28,
    )
}
TRUNCATIONS: Final = tuple((taken, given) for given in (I32, I64) for taken in (F32, F32, F64, F64))  # misc 0 to 7
