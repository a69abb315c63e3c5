"""Value types, function types and limits. Source: core specification 3.0, Binary Format, Types."""

from __future__ import annotations

from tui.wasm.decode.budget import BATCH, no_tick
from tui.wasm.decode.leb import Malformed, signed, u32, unsigned, vector_count
from tui.wasm.module import LONGEST, FuncType, GlobalType, Limits, MemoryType, TableType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from tui.wasm.decode.budget import Tick

NUMBER_TYPES: Final = {0x7F: "i32", 0x7E: "i64", 0x7D: "f32", 0x7C: "f64", 0x7B: "v128"}
HEAP_TYPES: Final = {
    0x74: "noexn",
    0x73: "nofunc",
    0x72: "noextern",
    0x71: "none",
    0x70: "func",
    0x6F: "extern",
    0x6E: "any",
    0x6D: "eq",
    0x6C: "i31",
    0x6B: "struct",
    0x6A: "array",
    0x69: "exn",
}
_NULL_FIRST: Final = {"none": "nullref", "noextern": "nullexternref", "nofunc": "nullfuncref", "noexn": "nullexnref"}
REFERENCE_TYPES: Final = {code: _NULL_FIRST.get(name, f"{name}ref") for code, name in HEAP_TYPES.items()}
ONE_BYTE_TYPES: Final = NUMBER_TYPES | REFERENCE_TYPES
ONE_BYTE: Final = bytes(ONE_BYTE_TYPES)
FIRST_TYPES: Final = bytes((*NUMBER_TYPES, 0x70, 0x6F))  # those of WebAssembly 2.0: numbers, funcref and externref
PACKED_TYPES: Final = {0x78: "i8", 0x77: "i16"}
FUNC, STRUCT, ARRAY, SUB, SUB_FINAL, REC = 0x60, 0x5F, 0x5E, 0x50, 0x4F, 0x4E
HAS_MAX, SHARED, IS_64, PAGE_SIZE = 1, 2, 4, 8
MAX_PAGE_EXPONENT: Final = 63


def heap_type(source: bytes, position: int) -> tuple[str, int]:
    """A heap type: its name, or the index of a defined type."""
    byte = source[position]
    if byte in HEAP_TYPES:
        return HEAP_TYPES[byte], position + 1
    index, after = signed(source, position, 33)
    if index < 0:
        raise Malformed(position, f"0x{byte:02X} is not a heap type")
    return str(index), after


def value_type(source: bytes, position: int) -> tuple[str, int]:
    """A value type by its text-format name."""
    byte = source[position]
    plain = ONE_BYTE_TYPES.get(byte)
    if plain is not None:
        return plain, position + 1
    if byte == 0x63:
        heap, after = heap_type(source, position + 1)
        return f"(ref null {heap})", after
    if byte == 0x64:
        heap, after = heap_type(source, position + 1)
        return f"(ref {heap})", after
    raise Malformed(position, f"0x{byte:02X} is not a value type")


def reference_type(source: bytes, position: int) -> tuple[str, int]:
    """A reference type, as tables and element segments hold."""
    if source[position] in NUMBER_TYPES:
        raise Malformed(position, f"0x{source[position]:02X} is not a reference type")
    return value_type(source, position)


def skip_value_types(source: bytes, position: int, end: int, tick: Tick) -> tuple[int, int]:
    """How many value types a vector holds, and the position after it. They are checked, not made."""
    count, position = vector_count(source, position, end, "value types")
    return count, _after_types(source, position, count, tick)


def _after_types(source: bytes, position: int, count: int, tick: Tick) -> int:
    plain = source[position : position + count]
    if not plain.translate(None, ONE_BYTE) and len(plain) == count:
        return position + count
    for done in range(count):
        if not done & BATCH:
            tick()
        _, position = value_type(source, position)
    return position


def _first_types(source: bytes, position: int, end: int, tick: Tick) -> tuple[tuple[str, ...], int, int]:
    """The first value types of a vector, how many more there are, and the position after all of them."""
    count, position = vector_count(source, position, end, "value types")
    names = []
    for _ in range(min(count, LONGEST)):
        named, position = value_type(source, position)
        names.append(named)
    more = count - len(names)
    return tuple(names), more, _after_types(source, position, more, tick)


def function_type(source: bytes, position: int, end: int, tick: Tick = no_tick) -> tuple[FuncType, int]:
    """A function type, from after its byte 60, and the position after it."""
    params, more_params, after = _first_types(source, position, end, tick)
    results, more_results, after = _first_types(source, after, end, tick)
    if not more_params and not more_results:
        return FuncType(params, results), after
    from _blake2 import blake2b  # what hashlib offers, without the 3 ms that loading OpenSSL costs

    digest = blake2b(source[position:after], digest_size=16).hexdigest()
    return FuncType(params, results, more_params, more_results, digest), after


def limits(source: bytes, position: int, known_flags: int) -> tuple[Limits, int]:
    """Limits, of a memory or a table by the flags that it may carry."""
    flags = source[position]
    if flags & ~known_flags:
        raise Malformed(position, f"limits flags 0x{flags:02X} are not known")
    minimum, position = unsigned(source, position + 1, 64)  # 3.0 encodes both in 64 bits, whatever the address type
    maximum = None
    if flags & HAS_MAX:
        maximum, position = unsigned(source, position, 64)
    page_size = 65536
    if flags & PAGE_SIZE:
        exponent, after = u32(source, position)
        if exponent > MAX_PAGE_EXPONENT:
            raise Malformed(position, f"a page size of 2 to the power of {exponent}")
        page_size, position = 1 << exponent, after
    return Limits(minimum, maximum, bool(flags & SHARED), bool(flags & IS_64), page_size), position


def memory_type(source: bytes, position: int) -> tuple[MemoryType, int]:
    """A memory type."""
    found, position = limits(source, position, HAS_MAX | SHARED | IS_64 | PAGE_SIZE)
    return MemoryType(found), position


def table_type(source: bytes, position: int) -> tuple[TableType, int]:
    """A table type."""
    element, position = reference_type(source, position)
    found, position = limits(source, position, HAS_MAX | IS_64)
    return TableType(element, found), position


def global_type(source: bytes, position: int) -> tuple[GlobalType, int]:
    """A global type."""
    value, position = value_type(source, position)
    mutable = source[position]
    if mutable > 1:
        raise Malformed(position, f"0x{mutable:02X} is not a mutability (0 or 1)")
    return GlobalType(value, bool(mutable)), position + 1
