"""Active element segments that lie outside their table: the gateway's engine passes over them, wasmtime would trap.

From the first that does not fit, none is applied. Each becomes a declarative one: still declared, never copied.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tui.wasm.decode.core.constexpr import read_address, skip_expression
from tui.wasm.decode.core.segments import EXPLICIT, EXPRESSIONS, PASSIVE, read_element_header, skip_indices
from tui.wasm.decode.leb import leb, u32
from tui.wasm.module import Module

ELEMENT_SECTION: Final = 9
_FUNCREF: Final = b"\x70"
_FUNCTIONS: Final = b"\x00"


@dataclass(frozen=True, slots=True)
class _Segment:
    """One element segment. `start` and `end` are its bytes, `kind` those of its element type, `items` its vector."""

    start: int
    end: int
    flags: int
    table: int
    address: int | None  # None: passive, or not a plain constant
    kind: bytes
    items: int
    count: int


def rewritten_elements(source: bytes, module: Module) -> bytes | None:
    """The element section without what would not fit, or None where all of it can stay."""
    section = next((one for one in module.sections if one.id == ELEMENT_SECTION), None)
    if section is None or not module.tables:
        return None
    segments = _segments(source, section.start, section.end)
    changed = False
    ended = False
    parts: list[bytes] = []
    for one in segments:
        outside = _outside(one, module)
        drop = not one.flags & PASSIVE and (ended or outside)
        ended = ended or (outside and one.count > 0)
        changed = changed or drop
        parts.append(_declared(source, one) if drop else source[one.start : one.end])
    return leb(len(segments)) + b"".join(parts) if changed else None


def _outside(one: _Segment, module: Module) -> bool:
    if one.address is None or one.table >= len(module.tables):
        return False
    return (one.address & 0xFFFF_FFFF) + one.count > module.tables[one.table].limits.minimum


def _declared(source: bytes, one: _Segment) -> bytes:
    """The segment as a declarative one."""
    flags = PASSIVE | EXPLICIT | (one.flags & EXPRESSIONS)
    default = _FUNCREF if one.flags & EXPRESSIONS else _FUNCTIONS
    return leb(flags) + (one.kind or default) + source[one.items : one.end]


def _segments(source: bytes, position: int, end: int) -> list[_Segment]:
    count, position = u32(source, position)
    found: list[_Segment] = []
    for _ in range(count):
        one = _segment(source, position, end)
        found.append(one)
        position = one.end
    return found


def _segment(source: bytes, start: int, end: int) -> _Segment:
    flags, position = u32(source, start)
    table, address = 0, None
    if not flags & PASSIVE:
        if flags & EXPLICIT:
            table, position = u32(source, position)
        address, position = read_address(source, position, end)
    _, items = read_element_header(source, start, end)
    count, after = u32(source, items)
    if flags & EXPRESSIONS:
        for _ in range(count):
            after = skip_expression(source, after, end)
    else:
        after = skip_indices(source, after, end, count)
    return _Segment(start, after, flags, table, address, source[position:items], items, count)
