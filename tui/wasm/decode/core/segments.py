"""Element and data segments. Contents are skipped; the first data segments are listed, all are counted."""

from __future__ import annotations

from tui.wasm.decode.budget import no_tick
from tui.wasm.decode.core.constexpr import read_address, skip_expression
from tui.wasm.decode.leb import Malformed, u32, vector_count
from tui.wasm.decode.types import reference_type
from tui.wasm.module import DataSegment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from tui.wasm.decode.budget import Tick
    from tui.wasm.decode.core.draft import Draft

LISTED: Final = 1000  # data segments that are kept; the rest are counted
PASSIVE, EXPLICIT, EXPRESSIONS = 1, 2, 4  # bits of an element segment's flags
AT_ONCE: Final = 0x4000  # integers that are skipped between two looks at the clock
_INSIDE: Final = bytes(range(0x80, 0x100))  # bytes after which an integer goes on
_IS_INSIDE: Final = bytes(byte >> 7 for byte in range(0x100))  # 1 for those


def skip_indices(source: bytes, position: int, end: int, count: int, tick: Tick = no_tick) -> int:
    """Position after `count` 32-bit integers, whose values are of no interest here."""
    plain = source[position : position + count]
    if len(plain) == count and plain.isascii():
        return position + count
    while count > 0:
        tick()
        some = min(count, AT_ONCE)
        after = _behind_ends(source, position, some)
        position = after if after <= end and _is_short(source[position:after]) else _skip(source, position, end, some)
        count -= some
    return position


def _behind_ends(source: bytes, position: int, count: int) -> int:
    """Position after `count` bytes that end an integer, where integers have no more than five bytes."""
    most = position + 5 * count
    while count and position < most:
        part = source[position : position + count]  # in which at most so many end
        count -= len(part.translate(None, _INSIDE))
        position += len(part) or count
    return position


def _is_short(integers: bytes) -> bool:
    """Whether all of them have at most four bytes, in which none can be too large."""
    return b"\1\1\1\1" not in integers.translate(_IS_INSIDE)


def _skip(source: bytes, position: int, end: int, count: int) -> int:
    """Position after integers that are read one by one."""
    for _ in range(count):
        _, position = u32(source, position)
        if position > end:
            raise Malformed(end, "the section ends inside a vector of indices")
    return position


def read_element_header(source: bytes, position: int, end: int, tick: Tick = no_tick) -> tuple[int, int]:
    """Flags of an element segment, and the position of its vector: behind table, offset and element type."""
    start = position
    flags, position = u32(source, position)
    if flags > 7:
        raise Malformed(start, f"{flags:,} is not a kind of element segment (0 to 7)")
    if not flags & PASSIVE:
        if flags & EXPLICIT:
            _, position = u32(source, position)
        position = skip_expression(source, position, end, tick)
    if not flags & (PASSIVE | EXPLICIT):
        return flags, position
    if flags & EXPRESSIONS:
        return flags, reference_type(source, position)[1]
    if source[position] != 0:
        raise Malformed(position, f"0x{source[position]:02X} is not a kind of element (0)")
    return flags, position + 1


def read_elements(draft: Draft, position: int, end: int, count: int) -> int:
    """The element section."""
    source = draft.source
    draft.elements = count
    for draft.entry in range(count):
        if not draft.entry & 0x3F:
            draft.tick()
        flags, position = read_element_header(source, position, end, draft.tick)
        entries, position = vector_count(source, position, end, "elements")
        draft.element_entries += entries
        if flags & EXPRESSIONS:
            for index in range(entries):
                if not index & 0xFFF:
                    draft.tick()
                position = skip_expression(source, position, end, draft.tick)
        else:
            position = skip_indices(source, position, end, entries, draft.tick)
        if position > end:
            break
    return position


def _data_header(draft: Draft, position: int, end: int) -> tuple[int | None, int | None, int]:
    """Memory (None: passive), address where it is plain, and the position of the contents' size."""
    source = draft.source
    flags, after = u32(source, position)
    if flags > 2:
        raise Malformed(position, f"{flags:,} is not a kind of data segment (0 to 2)")
    if flags == PASSIVE:
        draft.passive_data += 1
        return None, None, after
    memory = 0
    if flags == EXPLICIT:
        memory, after = u32(source, after)
    if memory >= draft.counts["memory"] and draft.is_known("memory"):
        draft.fail(position, f"a data segment for memory {memory:,}, which does not exist", "invalid")
    return memory, *read_address(source, after, end, draft.tick)


def read_data_segment(draft: Draft, position: int, end: int) -> int:
    """Position after one data segment, which is listed and counted."""
    memory, address, after = _data_header(draft, position, end)
    size, start = u32(draft.source, after)
    return count_segment(draft, after, end, (start, size, memory, address))


def count_segment(draft: Draft, after: int, end: int, segment: tuple[int, int, int | None, int | None]) -> int:
    """Position after a data segment, which is counted, and listed among the first. Its size stands at `after`."""
    start, size, _, _ = segment
    stop = start + size
    if stop > end:
        raise Malformed(after, f"the data segment needs {size:,} bytes, {max(end - start, 0):,} left")
    draft.segment_bytes += size
    listed = draft.data_segments
    if len(listed) < LISTED:
        if isinstance(listed, list):
            listed.append(DataSegment(*segment))
        else:
            listed.append(segment)
    return stop


def read_data(draft: Draft, position: int, end: int, count: int) -> int:
    """The data section, one by one."""
    draft.data_count = count
    for draft.entry in range(count):
        if not draft.entry & 0x7F:
            draft.tick()
        position = read_data_segment(draft, position, end)
    return position


def read_data_count(draft: Draft, position: int, end: int) -> int:  # noqa: ARG001 -- all section readers are alike
    """The datacount section."""
    draft.declared_data, after = u32(draft.source, position)
    return after
