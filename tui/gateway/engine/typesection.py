"""What the type section and constant expressions show of features: GC types, several results, computed constants."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from tui.gateway.engine.opcodes import leb
from tui.wasm.decode.budget import Meter, no_tick, paced
from tui.wasm.decode.core.data_runs import DataRun, active_matcher
from tui.wasm.decode.leb import u32
from tui.wasm.module import Section

if TYPE_CHECKING:
    from tui.wasm.decode.budget import Tick

_FUNC: Final = 0x60
ONE_BYTE: Final = bytes((0x7F, 0x7E, 0x7D, 0x7C, 0x7B, 0x70, 0x6F))  # value types that are no reference of GC's
_GC_FORMS: Final = {
    0x5F: "a struct type",
    0x5E: "an array type",
    0x50: "a subtype",
    0x4F: "a subtype",
    0x4E: "a rec group",
}
_LEB: Final = rb"[\x80-\xff]*+[\x00-\x7f]"
# A constant expression: constants, global.get, references; then, extended, sums and products of them.
_PLAIN: Final = rb"(?:[\x41\x42\x23\xd0\xd2]" + _LEB + rb"|\x43.{4}|\x44.{8}|\xfd\x0c.{16})"
_CONSTANT: Final = re.compile(rb"(?:" + _PLAIN + rb"|([\x6a-\x6c\x7c-\x7e]))*+\x0b", re.DOTALL)
_DATA: Final = 11


def foreign_type(source: bytes, position: int, end: int, tick: Tick = no_tick) -> tuple[str, str] | None:
    """The first type that the first release of WebAssembly does not have: its feature and what it is; None without.

    Of several results in one type the feature is `multivalue`; GC types count before it. Raises ValueError, IndexError,
    and what `tick` raises.
    """
    several = None
    count, position = leb(source, position, end)
    for index in paced(range(count), tick):
        form = source[position]
        if form in _GC_FORMS:
            return "gc", _GC_FORMS[form]
        if form != _FUNC:
            raise ValueError("not a type")
        position, typed = _values(source, position + 1, end, tick)
        results, _ = leb(source, position, end)
        position, typed_results = _values(source, position, end, tick)
        if typed or typed_results:
            return "gc", f"a typed reference in type {index}"
        if results > 1 and several is None:
            several = ("multivalue", f"{results} results in type {index}")
    return several


def _values(source: bytes, position: int, end: int, tick: Tick) -> tuple[int, bool]:
    """Position after a vector of value types, and whether one of them is a typed or GC reference."""
    count, position = leb(source, position, end)
    values = source[position : min(position + count, end)]
    if len(values) == count and not values.translate(None, ONE_BYTE):
        return position + count, False
    typed = False
    for _ in paced(range(count), tick):
        position, one = after_value_type(source, position, end)
        typed = typed or one
    return position, typed


def after_value_type(source: bytes, position: int, end: int) -> tuple[int, bool]:
    """Position after a value type, and whether it is a typed or GC reference. Raises ValueError, IndexError."""
    byte = source[position]
    if byte in (0x63, 0x64):
        return leb(source, position + 1, end)[1], True
    return position + 1, 0x6A <= byte <= 0x6E or 0x71 <= byte <= 0x74


def has_extended_constant(section: Section, source: bytes, runs: Mapping[int, DataRun], tick: Tick = no_tick) -> bool:
    """Whether a constant of the global or data section is computed. Raises ValueError, IndexError, OutOfTime.

    `runs` are those of data segments that are known, by where they start.
    """
    match_active, meter, is_data = active_matcher(), Meter(tick), section.id == _DATA
    end = min(section.end, len(source))
    left, position = leb(source, section.start, end)
    while left:
        meter.spend(1)
        run = runs.get(position)
        if run is not None and run.segments <= left and run.end <= end and is_data:
            left -= run.segments
            position = run.end
            continue
        left -= 1
        usual = match_active(source, position, end) if is_data else None
        if usual is not None:
            size, position = u32(source, usual.start(2))
            position += size
            continue
        position = _before_constant(is_data, source, position, end)
        if position < 0:  # a passive segment has no constant
            position = -position
        else:
            found = _CONSTANT.match(source, position, end)
            if found is None:
                raise ValueError("not a constant expression")
            if found[1] is not None:
                return True
            position = found.end()
        if is_data:
            size, position = leb(source, position, end)
            position = min(position + size, end)  # a size may be of 64 bits, which is no position
    return False


def _before_constant(is_data: bool, source: bytes, position: int, end: int) -> int:
    """Position of the next entry's constant; negative, for what follows, where it has none."""
    if not is_data:
        return after_value_type(source, position, end)[0] + 1  # mutability
    flags, position = leb(source, position, end)
    if flags == 1:
        return -position
    return leb(source, position, end)[1] if flags == 2 else position
