"""Instructions of function bodies by the feature that brought them: a bounded scan for what an engine lacks.

One regular expression with possessive quantifiers swallows the instructions that are allowed; where it stops stands one
that needs a look. Source: core specification 3.0, Binary Format, Instructions; the threads proposal for 0xFE.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from tui.wasm.decode.budget import BATCH, no_tick
from tui.wasm.decode.core.instructions import LEB, SMALL_TABLE
from tui.wasm.decode.core.segments import skip_indices
from tui.wasm.decode.leb import Malformed, u64

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.wasm.decode.budget import Tick

    Swallow = Callable[[bytes, int, int], re.Match[bytes] | None]

_SIMPLE: Final = rb"[\x00\x01\x05\x0b\x0f\x1a\x1b\x45-\xbf]"  # without an immediate
_USUAL: Final = rb"[\x0c\x0d\x10\x20-\x24\x3f-\x42]"  # with one number
_MEMARG: Final = rb"[\x00-\x3f]" + LEB
_ACCESS: Final = rb"[\x28-\x3e]"  # loads and stores
_REST: Final = rb"[\x80-\xff]*+."  # of a number; a quarter faster than LEB, which looks at the last byte again
_SHORT: Final = rb"[\x00-\x7f]"  # a number of one byte
_THEN: Final = _SIMPLE + rb"*+"
_SET: Final = rb"\x21" + _SHORT + _USUAL + _SHORT + _THEN  # local.set, and what most often comes next
# What stock Go writes around each call, a third of its code: the stack pointer (local and global) lowered, the place to
# return to stored (i64.const, i64.store), i32.const 0, call, then br_if where the callee has switched stacks.
_GO_CALL: Final = (
    rb"\x41%b\x6b\x22\x01\x24\x00\x20\x01\x42%b\x37\x03\x00\x41\x00\x10%b\x23\x00\x21\x01\x0d%b"
    % (_SHORT, _REST, _REST, _SHORT)
    + _THEN
)
# What comes before the forms of "" below, which take all the same: an alternative that begins with one certain byte is
# refused in a tenth of the time. In the order of what is frequent; measured on three modules of each kind.
_OF_GO: Final = (
    rb"\x20" + _SHORT + _THEN,  # local.get
    rb"\x29\x03" + _REST + _THEN,  # i64.load
    _SET,
    rb"\x42" + _REST + _THEN,  # i64.const
    rb"\x37\x03" + _REST + rb"\x20" + _SHORT + _THEN,  # i64.store, local.get
    _GO_CALL,
    rb"\x04\x40\x41" + _REST + rb"\x21" + _SHORT + rb"\x0c" + _SHORT + _THEN,  # if ..., goto
    rb"\x02\x40" * 8,  # blocks in blocks, of which br_table then takes one
    rb"\x02\x40",
    rb"\x04\x40",
)
_OF_OTHERS: Final = (
    rb"\x20" + _SHORT + _THEN,
    rb"\x41" + _REST + _THEN,
    _SET,
    _USUAL + _SHORT + _THEN,
    _ACCESS + rb"[\x00-\x3f]" + _SHORT + _THEN,
)
# feature -> the instructions that it brought, as an expression; "" stands for the first release of WebAssembly.
_FORMS: Final[dict[str, bytes]] = {
    "": rb"|".join(
        (
            _USUAL + _REST + _THEN,
            _ACCESS + rb"[\x00-\x3f]" + _REST + _THEN,
            rb"[\x02-\x04][\x40\x7c-\x7f]",
            _SIMPLE + rb"++",
            rb"\x11" + LEB + LEB,
            rb"\x43.{4}|\x44.{8}",
            SMALL_TABLE,
        )
    ),
    "sign-ext": rb"[\xc0-\xc4]",
    "nontrapping-fptoint": rb"\xfc[\x00-\x07]",
    "bulk-memory": rb"\xfc(?:[\x08\x0a\x0c\x0e]" + LEB + LEB + rb"|[\x09\x0b\x0d]" + LEB + rb")",
    "reference-types": rb"\xd1|\xd0[\x6f\x70]|[\x25\x26\xd2]"
    + LEB
    + rb"|\xfc[\x0f-\x11]"
    + LEB
    # select with a type, and block types of references
    + rb"|\x1c\x01[\x6f\x70\x7b-\x7f]|[\x02-\x04][\x6f\x70]",
    "multivalue": rb"[\x02-\x04](?![\x40\x63\x64\x69-\x7f])" + LEB,
    "simd128": rb"[\x02-\x04]\x7b|\xfd(?:[\x00-\x0b\x5c\x5d]" + _MEMARG + rb"|[\x54-\x5b]" + _MEMARG + rb"."
    rb"|[\x0c\x0d].{16}|[\x15-\x22].|(?![\x00-\x0d\x15-\x22\x54-\x5d])[\x00-\x7f]|[\x80-\xff]\x01)",
    "relaxed-simd": rb"\xfd[\x80-\xff]\x02",
    "tail-call": rb"\x12" + LEB + rb"|\x13" + LEB + LEB,
    "wide-arithmetic": rb"\xfc[\x13-\x16]",
}
# first byte of an instruction -> the feature that brought it, for those not swallowed
_FIRST: Final[dict[int, str]] = {
    **dict.fromkeys((0x06, 0x07, 0x08, 0x09, 0x0A, 0x18, 0x19, 0x1F), "exception-handling"),
    **dict.fromkeys((0x12, 0x13, 0x15), "tail-call"),
    **dict.fromkeys((0x14, 0xD3, 0xD4, 0xD5, 0xD6, 0xFB), "gc"),
    **dict.fromkeys((0x25, 0x26, 0xD1, 0xD2), "reference-types"),
    **dict.fromkeys(range(0xC0, 0xC5), "sign-ext"),
    0xFE: "atomics",
}
NAMES: Final = {
    0x06: "try",
    0x07: "catch",
    0x08: "throw",
    0x09: "rethrow",
    0x0A: "throw_ref",
    0x12: "return_call",
    0x13: "return_call_indirect",
    0x14: "call_ref",
    0x15: "return_call_ref",
    0x18: "delegate",
    0x19: "catch_all",
    0x1F: "try_table",
}
_SHORT_TABLE: Final = 1 << 12
_BR_TABLE, _SELECT, _REF_NULL, _FC, _FD = 0x0E, 0x1C, 0xD0, 0xFC, 0xFD


@lru_cache(maxsize=8)
def allowed(features: frozenset[str], *, of_go: bool = False) -> Swallow:
    """What matches as many instructions as there are on end that `features` brought.

    `of_go` makes it faster in what stock Go writes, and slower elsewhere; it is the same that matches.
    """
    forms = (form for feature, form in _FORMS.items() if not feature or feature in features)
    frequent = _OF_GO if of_go else _OF_OTHERS
    return re.compile(rb"(?:" + rb"|".join((*frequent, *forms)) + rb")*+", re.DOTALL).match


def leb(source: bytes, position: int, end: int) -> tuple[int, int]:
    """An unsigned LEB128 number and the position after it. Raises ValueError at the end of the bytes."""
    if position < end and source[position] < 0x80:
        return source[position], position + 1
    try:
        value, after = u64(source, position)
    except (IndexError, Malformed) as error:
        raise ValueError("a number runs past its end") from error
    if after > end:
        raise ValueError("a number runs past its end")
    return value, after


def first_foreign(
    source: bytes,
    start: int,
    end: int,
    features: frozenset[str],
    tick: Tick = no_tick,
    *,
    swallow: Swallow | None = None,
) -> tuple[str, int] | None:
    """The first instruction in `start`..`end` that none of `features` brought: the feature it needs, and its offset.

    None where there is none, or where the body is malformed (a validator says more of that). Raises what `tick` does.
    `swallow` is what matches instructions of `features`, where the caller has it.
    """
    swallow = swallow or allowed(features)
    position, steps = start, 0
    while position < end:
        steps += 1
        if not steps & BATCH:
            tick()
        run = swallow(source, position, end)
        position = run.end() if run is not None else position
        if position >= end:
            return None
        if source[position] == _BR_TABLE:
            position = _after_br_table(source, position + 1, end, tick)
            continue
        wide = _after_wide_memarg(source, position, end)
        if wide is not None:
            position = wide
            continue
        feature = _feature_at(source, position, end)
        return None if feature is None or feature in features else (feature, position)
    return None


def _after_br_table(source: bytes, position: int, end: int, tick: Tick) -> int:
    count, position = leb(source, position, end)
    stop = position + count + 1
    if count < _SHORT_TABLE and source[position:stop].isascii() and stop <= end:  # each label in a byte
        return stop
    try:
        return skip_indices(source, position, end, count + 1, tick)
    except (Malformed, IndexError) as error:
        raise ValueError("a branch table runs past its end") from error


def _after_wide_memarg(source: bytes, position: int, end: int) -> int | None:
    """Position after a load or store whose alignment is written in more bytes than it needs; None for all else."""
    if not 0x28 <= source[position] <= 0x3E:
        return None
    align, after = leb(source, position + 1, end)
    if align & 0x40:
        return None  # names a memory: more than one
    return leb(source, after, end)[1]


def _feature_at(source: bytes, position: int, end: int) -> str | None:
    """The feature of the instruction at a position; None where it is not a known one."""
    byte = source[position]
    if 0x28 <= byte <= 0x3E:
        return "multimemory"
    if byte in (0x02, 0x03, 0x04):
        return _feature_of_block(source[position + 1] if position + 1 < end else 0)
    if byte in (_REF_NULL, _SELECT):
        length = 2 if byte == _REF_NULL else 3
        return _feature_of_reference(source[position : min(position + length, end)])
    if byte in (_FC, _FD):
        return _feature_of_prefix(byte, leb(source, position + 1, end)[0])
    return _FIRST.get(byte)


def _feature_of_reference(instruction: bytes) -> str:
    """The feature of a ref.null or a typed select, by the last byte of its type."""
    return "reference-types" if instruction[-1] in (0x6F, 0x70, 0x7B, 0x7C, 0x7D, 0x7E, 0x7F) else "gc"


def _feature_of_block(byte: int) -> str:
    if byte == 0x7B:
        return "simd128"
    if byte in (0x6F, 0x70):
        return "reference-types"
    return "gc" if byte in (0x63, 0x64) or 0x69 <= byte <= 0x74 else "multivalue"


def _feature_of_prefix(prefix: int, number: int) -> str | None:
    if prefix == _FD:
        return "relaxed-simd" if number >= 0x100 else "simd128"
    for last, feature in ((7, "nontrapping-fptoint"), (14, "bulk-memory"), (17, "reference-types")):
        if number <= last:
            return feature
    return "memory-control" if number == 18 else "wide-arithmetic" if number <= 22 else None
