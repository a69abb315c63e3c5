"""The code section: where each function body lies. Instructions are skipped by the body's size."""

from __future__ import annotations

from tui.wasm.decode.budget import BATCH
from tui.wasm.decode.leb import Malformed, integers, u32, vector_count
from tui.wasm.decode.types import FIRST_TYPES, ONE_BYTE, value_type

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from tui.wasm.decode.core.draft import Draft

END: Final = 0x0B
MOST_LOCALS: Final = 0xFFFF_FFFF  # the sum of a body's local runs stays below 2^32


def skip_locals(draft: Draft, position: int, end: int) -> int:
    """Position after the local runs of a body. The locals are summed, never made."""
    source = draft.source
    runs, position = vector_count(source, position, end, "local runs")
    total = 0
    for done in range(runs):
        if not done & BATCH:
            draft.tick()
        start = position
        count, position = u32(source, position)
        total += count
        if total > MOST_LOCALS:
            raise Malformed(start, f"too many locals: {total:,}")
        _, position = value_type(source, position)
        if position > end:
            raise Malformed(start, "the local declarations run past the end of the body")
    draft.most_locals = max(draft.most_locals, total)
    return position


def are_plain(locals_: bytes) -> bool:
    """Whether local runs, with how many there are in front, are of the common shape: counts and types of a byte each.

    At most 127 runs of at most 127 locals: there is no sum to check.
    """
    return locals_[0] < 0x80 and locals_[1::2].isascii() and not locals_[2::2].translate(None, ONE_BYTE)


def _read_locals(draft: Draft, body: int, stop: int, usual: set[bytes]) -> bool:
    """Whether the local runs of a body are usual: plain, and each of a type of WebAssembly 2.0. Then they are noted."""
    after = body + 1 + 2 * draft.source[body]
    runs = draft.source[body:after]
    is_plain = after <= stop and are_plain(runs)
    if not is_plain:
        after = skip_locals(draft, body, stop)
    if after >= stop:
        raise Malformed(body, "the local declarations run past the end of the body")
    if not is_plain or runs[2::2].translate(None, FIRST_TYPES):
        return False
    usual.add(runs)
    return True


def read_code(draft: Draft, position: int, end: int, count: int) -> int:
    """The code section: bodies lie one after the other, each with local runs in front and the byte 0B at its end."""
    source = draft.source
    draft.body_offsets = offsets = integers(count)
    note = offsets.append
    usual: set[bytes] = set()  # local runs of bodies before
    all_usual = True
    biggest = 0
    for draft.entry in range(count):
        if not draft.entry & 0xFFF:
            draft.tick()
        note(position)
        size = source[position]
        if size < 0x80:
            body = position + 1
        elif (high := source[position + 1]) < 0x80:
            size, body = size & 0x7F | high << 7, position + 2
        else:
            size, body = u32(source, position)
        stop = body + size
        if stop > end or size == 0:
            raise Malformed(position, _wrong_size(size, end - body))
        if source[stop - 1] != END:
            raise Malformed(stop - 1, f"the body ends in 0x{source[stop - 1]:02X}, not in 0x0B (end)")
        if runs := source[body]:
            after = body + 1 + 2 * runs
            if after >= stop or source[body:after] not in usual:
                all_usual &= _read_locals(draft, body, stop, usual)
        elif size == 1:
            raise Malformed(body, "the body has no room for its end byte")
        if size > biggest:  # noqa: PLR1730 -- max() costs three times as much here
            biggest = size
        position = stop
    note(position)
    draft.biggest_body = biggest
    draft.usual_bodies = all_usual
    return position


def _wrong_size(size: int, left: int) -> str:
    if size == 0:
        return "a function body of 0 bytes"
    return f"the body needs {size:,} bytes, {max(left, 0):,} left"
