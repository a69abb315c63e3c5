"""The vector instructions of WebAssembly 2.0 by their second byte: what each takes and gives, told by its name."""

from __future__ import annotations

from typing import Final

from tui.facts import Fact
from tui.gateway.engine.wazero.reader import F32, F64, I32, I64, V128


class Vector(Fact):
    """A vector instruction: kind of its immediates, what it takes (topmost first), gives, and a bound.

    The bound is of the alignment in bytes for "memory", of the lane for "lane", of both for "memory lane".
    """

    name: str
    immediates: str  # "", "memory", "lane", "memory lane", "constant", "shuffle"
    takes: bytes
    gives: int | None
    width: int = 0
    lanes: int = 0


def _lane_type(name: str) -> int:
    return {"i64": I64, "f32": F32, "f64": F64}.get(name[:3], I32)


def _lanes(shape: str, verb: str) -> Vector:
    """An instruction on one lane: of a vector that is there, or loaded from or stored to memory."""
    name, v = f"{shape}.{verb}", bytes((V128,))
    if shape == "v128":
        bits = int(verb.removeprefix("load").removeprefix("store").removesuffix("_lane"))
        gives = None if verb.startswith("store") else V128
        return Vector(name, "memory lane", bytes((V128, I32)), gives, bits // 8, 128 // bits)
    lanes, one = int(shape.partition("x")[2]), _lane_type(shape)
    if verb.startswith("replace"):
        return Vector(name, "lane", bytes((one, V128)), V128, lanes=lanes)
    return Vector(name, "lane", v, one, lanes=lanes)


def _vector(name: str) -> Vector:
    """A vector instruction by what its name says."""
    shape, _, verb = name.partition(".")
    if verb.endswith(("_lane", "_lane_s", "_lane_u")):
        return _lanes(shape, verb)
    if shape == "v128" and verb.startswith(("load", "store")):
        return _vector_access(name, verb)
    v = bytes((V128,))
    special = {
        "const": ("constant", b"", V128),
        "shuffle": ("shuffle", v * 2, V128),
        "splat": ("", bytes((_lane_type(shape),)), V128),
        "bitselect": ("", v * 3, V128),
        **dict.fromkeys(("any_true", "all_true", "bitmask"), ("", v, I32)),
        **dict.fromkeys(("shl", "shr_s", "shr_u"), ("", bytes((I32, V128)), V128)),
    }
    if verb in special:
        return Vector(name, *special[verb])
    return Vector(name, "", v if verb in _UNARY or verb.startswith(_UNARY_STARTS) else v * 2, V128)


_UNARY: Final = frozenset(("abs", "neg", "popcnt", "not", "sqrt", "ceil", "floor", "trunc", "nearest"))
_UNARY_STARTS: Final = ("extend_", "extadd_", "trunc_sat", "convert", "demote", "promote")


def _vector_access(name: str, verb: str) -> Vector:
    digits = verb.removeprefix("load").removeprefix("store")
    if not digits:
        width = 16
    elif "x" in digits:
        width = 8
    else:
        width = int(digits.partition("_")[0]) // 8
    if verb == "store":
        return Vector(name, "memory", bytes((V128, I32)), None, width)
    return Vector(name, "memory", bytes((I32,)), V128, width)


_VECTORS: Final = {
    0x00: "v128.load v128.load8x8_s v128.load8x8_u v128.load16x4_s v128.load16x4_u v128.load32x2_s v128.load32x2_u "
    "v128.load8_splat v128.load16_splat v128.load32_splat v128.load64_splat v128.store v128.const v128.shuffle "
    "i8x16.swizzle i8x16.splat i16x8.splat i32x4.splat i64x2.splat f32x4.splat f64x2.splat i8x16.extract_lane_s "
    "i8x16.extract_lane_u i8x16.replace_lane i16x8.extract_lane_s i16x8.extract_lane_u i16x8.replace_lane "
    "i32x4.extract_lane i32x4.replace_lane i64x2.extract_lane i64x2.replace_lane f32x4.extract_lane f32x4.replace_lane "
    "f64x2.extract_lane f64x2.replace_lane i8x16.eq i8x16.ne i8x16.lt_s i8x16.lt_u i8x16.gt_s i8x16.gt_u i8x16.le_s "
    "i8x16.le_u i8x16.ge_s i8x16.ge_u i16x8.eq i16x8.ne i16x8.lt_s i16x8.lt_u i16x8.gt_s i16x8.gt_u i16x8.le_s "
    "i16x8.le_u i16x8.ge_s i16x8.ge_u i32x4.eq i32x4.ne i32x4.lt_s i32x4.lt_u i32x4.gt_s i32x4.gt_u i32x4.le_s "
    "i32x4.le_u i32x4.ge_s i32x4.ge_u f32x4.eq f32x4.ne f32x4.lt f32x4.gt f32x4.le f32x4.ge f64x2.eq f64x2.ne f64x2.lt "
    "f64x2.gt f64x2.le f64x2.ge v128.not v128.and v128.andnot v128.or v128.xor v128.bitselect v128.any_true "
    "v128.load8_lane v128.load16_lane v128.load32_lane v128.load64_lane v128.store8_lane v128.store16_lane "
    "v128.store32_lane v128.store64_lane v128.load32_zero v128.load64_zero f32x4.demote_f64x2_zero "
    "f64x2.promote_low_f32x4 i8x16.abs i8x16.neg i8x16.popcnt i8x16.all_true i8x16.bitmask i8x16.narrow_i16x8_s "
    "i8x16.narrow_i16x8_u f32x4.ceil f32x4.floor f32x4.trunc f32x4.nearest i8x16.shl i8x16.shr_s i8x16.shr_u i8x16.add "
    "i8x16.add_sat_s i8x16.add_sat_u i8x16.sub i8x16.sub_s i8x16.sub_u f64x2.ceil f64x2.floor i8x16.min_s i8x16.min_u "
    "i8x16.max_s i8x16.max_u f64x2.trunc i8x16.avgr_u i16x8.extadd_pairwise_i8x16_s i16x8.extadd_pairwise_i8x16_u "
    "i32x4.extadd_pairwise_i16x8_s i32x4.extadd_pairwise_i16x8_u i16x8.abs i16x8.neg i16x8.q15mulr_sat_s "
    "i16x8.all_true i16x8.bitmask i16x8.narrow_i32x4_s i16x8.narrow_i32x4_u i16x8.extend_low_i8x16_s "
    "i16x8.extend_high_i8x16_s i16x8.extend_low_i8x16_u i16x8.extend_high_i8x16_u i16x8.shl i16x8.shr_s i16x8.shr_u "
    "i16x8.add i16x8.add_sat_s i16x8.add_sat_u i16x8.sub i16x8.sub_sat_s i16x8.sub_sat_u f64x2.nearest i16x8.mul "
    "i16x8.min_s i16x8.min_u i16x8.max_s i16x8.max_u",
    0x9B: "i16x8.avgr_u i16x8.extmul_low_i8x16_s i16x8.extmul_high_i8x16_s i16x8.extmul_low_i8x16_u "
    "i16x8.extmul_high_i8x16_u i32x4.abs i32x4.neg",
    0xA3: "i32x4.all_true i32x4.bitmask",
    0xA7: "i32x4.extend_low_i16x8_s i32x4.extend_high_i16x8_s i32x4.extend_low_i16x8_u i32x4.extend_high_i16x8_u "
    "i32x4.shl i32x4.shr_s i32x4.shr_u i32x4.add",
    0xB1: "i32x4.sub",
    0xB5: "i32x4.mul i32x4.min_s i32x4.min_u i32x4.max_s i32x4.max_u i32x4.dot_i16x8_s",
    0xBC: "i32x4.extmul_low_i16x8_s i32x4.extmul_high_i16x8_s i32x4.extmul_low_i16x8_u i32x4.extmul_high_i16x8_u "
    "i64x2.abs i64x2.neg",
    0xC3: "i64x2.all_true i64x2.bitmask",
    0xC7: "i64x2.extend_low_i32x4_s i64x2.extend_high_i32x4_s i64x2.extend_low_i32x4_u i64x2.extend_high_i32x4_u "
    "i64x2.shl i64x2.shr_s i64x2.shr_u i64x2.add",
    0xD1: "i64x2.sub",
    0xD5: "i64x2.mul i64x2.eq i64x2.ne i64x2.lt i64x2.gt i64x2.le i64x2.ge i64x2.extmul_low_i32x4_s "
    "i64x2.extmul_high_i32x4_s i64x2.extmul_low_i32x4_u i64x2.extmul_high_i32x4_u f32x4.abs f32x4.neg",
    0xE3: "f32x4.sqrt f32x4.add f32x4.sub f32x4.mul f32x4.div f32x4.min f32x4.max f32x4.pmin f32x4.pmax f64x2.abs "
    "f64x2.neg",
    0xEF: "f64x2.sqrt f64x2.add f64x2.sub f64x2.mul f64x2.div f64x2.min f64x2.max f64x2.pmin f64x2.pmax "
    "i32x4.trunc_sat_f32x4_s i32x4.trunc_sat_f32x4_u f32x4.convert_i32x4_s f32x4.convert_i32x4_u "
    "i32x4.trunc_sat_f64x2_s_zero i32x4.trunc_sat_f64x2_u_zero f64x2.convert_low_i32x4_s f64x2.convert_low_i32x4_u",
}
VECTORS: Final[dict[int, Vector]] = {
    number: _vector(name) for first, names in _VECTORS.items() for number, name in enumerate(names.split(), first)
}


def atomic_name(number: int) -> str:
    """An atomic instruction's name by its second byte; "" where there is none."""
    if number < 4:
        return ("memory.atomic.notify", "memory.atomic.wait32", "memory.atomic.wait64", "atomic.fence")[number]
    if number < 0x10:
        return ""
    row, column = divmod(number - 0x10, 7)
    if row > 8:
        return ""
    value = "i32" if column in (0, 2, 3) else "i64"
    width = ("", "", "8", "16", "8", "16", "32")[column]
    unsigned = "_u" if width else ""
    if row == 0:
        return f"{value}.atomic.load{width}{unsigned}"
    if row == 1:
        return f"{value}.atomic.store{width}"
    verb = ("add", "sub", "and", "or", "xor", "xchg", "cmpxchg")[row - 2]
    return f"{value}.atomic.rmw{width}.{verb}{unsigned}"
