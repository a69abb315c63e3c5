"""Which functions a body refers to. One regular expression swallows all instructions that refer to none.

Source: core specification 3.0, Binary Format, Instructions; with the legacy exception instructions, atomics and wide
arithmetic, so that bodies that use them can be walked too.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from tui.wasm.decode.budget import BATCH, no_tick, paced
from tui.wasm.decode.core.code import are_plain
from tui.wasm.decode.core.instructions import LEB, SMALL_TABLE
from tui.wasm.decode.core.segments import skip_indices
from tui.wasm.decode.leb import Malformed, leb, u32
from tui.wasm.decode.types import value_type

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from tui.wasm.decode.budget import Tick

_SIMPLE: Final = rb"[\x00\x01\x05\x0a\x0b\x0f\x19\x1a\x1b\x45-\xc4\xd1\xd3\xd4]*+"  # without an immediate
_ONE: Final = rb"\x07-\x09\x0c\x0d\x14\x15\x18\x20-\x26\x3f\x40\x41\x42\xd0\xd5\xd6"  # with one
_BLOCK: Final = rb"\x02-\x04\x06"  # the same, but for types of references
_MEMARG: Final = rb"(?:[\x40-\x7f]%b|%b)%b" % (LEB, LEB, LEB)
# Two of three: an immediate of a byte, and what often follows. By themselves: what is one of several takes half as long
# again.
_USUAL: Final = rb"(?:[%b%b][\x00-\x62\x65-\x7f]%b)*+" % (_ONE, _BLOCK, _SIMPLE)
# Most frequent first, with what often follows.
_OTHERS: Final = (
    rb"[\x28-\x3e][\x00-\x3f]%b%b" % (LEB, _SIMPLE),  # loads and stores
    rb"[%b]%b%b" % (_ONE, LEB, _SIMPLE),
    _SIMPLE.replace(b"*+", b"++"),
    rb"[\x28-\x3e]" + _MEMARG,
    rb"[%b](?:[\x63\x64]%b|%b)" % (_BLOCK, LEB, LEB),
    rb"[\x11\x13]%b%b" % (LEB, LEB),  # indirect calls
    rb"\x43.{4}",
    rb"\x44.{8}",
    SMALL_TABLE,
    rb"\x1c\x01(?:[\x63\x64]%b|.)" % LEB,  # select of one type
    rb"\xfc(?:[\x00-\x07\x13-\x16]|[\x09\x0b\x0d\x0f-\x12]%b|[\x08\x0a\x0c\x0e]%b%b)" % (LEB, LEB, LEB),
    rb"\xfd(?:[\x00-\x0b\x5c\x5d]%b|[\x0c\x0d].{16}|[\x15-\x22].|[\x54-\x5b]%b." % (_MEMARG, _MEMARG)
    + rb"|[\x0e-\x14\x23-\x53\x5e-\x7f]|[\x80-\xff]++[\x01-\x7f])",
    rb"\xfe(?:\x03.|[\x00-\x02\x10-\x4e]%b)" % _MEMARG,
    rb"\xfb(?:[\x0f\x1a-\x1e]|[\x00\x01\x06\x07\x0b-\x0e\x10\x14-\x17]%b" % LEB
    + rb"|[\x02-\x05\x08-\x0a\x11-\x13]%b%b|[\x18\x19].%b%b%b)" % (LEB, LEB, LEB, LEB, LEB),
)
_SWALLOW: Final = _USUAL + rb"(?:(?:%b)%b)*+" % (b"|".join(_OTHERS), _USUAL)
_NAMING: Final = b"\x10\x12\xd2"  # call, return_call and ref.func
AT_ONCE: Final = 1 << 18  # bytes of a body that is not worth a look at the clock
VECTORS_AT_ONCE: Final = 64  # the same of vectors: what is behind each is copied
BR_TABLE, CALL, SELECT = 0x0E, 0x10, 0x1C
_VECTORS: Final = b"\x0e\x1c\x1f"  # br_table, select and try_table
_CATCHES: Final = {0: 2, 1: 2, 2: 1, 3: 1}  # kind of a catch clause -> its immediates


@lru_cache(maxsize=1)
def _step() -> Callable[[bytes, int, int], re.Match[bytes] | None]:
    """What matches up to a call, return_call or ref.func, which name a function; to a br_table, select or try_table,
    which hold vectors that are read by hand; or to the end. Compiled when needed, as the next one: each takes a
    millisecond or two.
    """
    return re.compile(_SWALLOW + rb"(?:[\x10\x12\xd2](%b)|([\x0e\x1c\x1f])|\Z)" % LEB, re.DOTALL).match


@lru_cache(maxsize=1)
def _all() -> Callable[[bytes, int, int], list[bytes]]:
    """What finds all that a body refers to, opcode and number, at once; and the rest, from one of those vectors or
    what is no instruction on.
    """
    return re.compile(_SWALLOW + rb"([%b]%b|.*+)" % (_NAMING, LEB), re.DOTALL).findall


def _skip_vector(source: bytes, position: int, end: int, tick: Tick) -> int:
    """Position after the immediates of the br_table, select or try_table whose opcode lies before `position`."""
    opcode = source[position - 1]
    if opcode == BR_TABLE:
        count, position = u32(source, position)
        return skip_indices(source, position, end, count + 1, tick)
    if opcode == SELECT:
        count, position = u32(source, position)
        for _ in paced(range(min(count, end - position)), tick):
            _, position = value_type(source, position)
        return position
    if source[position] in (0x63, 0x64):
        position += 1
    while source[position] & 0x80:
        position += 1
    catches, position = u32(source, position + 1)
    for _ in paced(range(min(catches, end - position)), tick):
        kind = source[position]
        position += 1
        for _ in range(_CATCHES.get(kind, 0)):
            _, position = u32(source, position)
    return position


def _code_start(source: bytes, position: int, end: int, tick: Tick) -> int:
    """Position of a body's first instruction, behind its local runs."""
    runs, position = u32(source, position)
    for _ in paced(range(min(runs, end - position)), tick):
        _, position = u32(source, position)
        position = position + 1 if source[position] > 0x64 else value_type(source, position)[1]
    return position


class Numbers(dict[bytes, int]):
    """Numbers of functions by the bytes that refer to them, the opcode in front; -1 for one that is not looked for."""

    def __init__(self, sought: Sequence[int]) -> None:
        """`sought`: for each function there is whether it is looked for, 1 or 0."""
        numbers = (index if is_sought else -1 for index, is_sought in enumerate(sought))
        super().__init__(zip(_calls(len(sought)), numbers, strict=False))
        self[b""] = -1  # the end
        self._sought = sought

    def __missing__(self, piece: bytes) -> int:
        """Raises Malformed where it is the rest of a body, or no number."""
        if piece[0] not in _NAMING:
            raise Malformed(0, "an instruction that is not known")
        index, _ = u32(piece, 1)
        if index >= len(self._sought):
            return -1  # and not kept: there may be millions
        self[piece] = found = index if self._sought[index] else -1
        return found


def _calls(total: int) -> Iterator[bytes]:
    """The usual calls of that many functions, in their order, and of some more. Each made when it is met takes three
    times as long.
    """
    yield from (bytes((CALL, low)) for low in range(0x80))
    starts = [bytes((CALL, low)) for low in range(0x80, 0x100)]
    for high in range(1, (total + 0x7F) // 0x80):
        rest = leb(high)
        yield from [start + rest for start in starts]


def code_start(source: bytes, start: int, end: int, tick: Tick = no_tick) -> int:
    """Position of the first instruction of a body; -1 where its locals cannot be read. Raises what `tick` raises."""
    try:
        _, position = u32(source, start)
        code = position + 1 + 2 * source[position]
        if code > end or not are_plain(source[position:code]):
            code = _code_start(source, position, end, tick)
    except (Malformed, IndexError):
        return -1
    return code if code <= end else -1


def referred_at_once(
    source: bytes, bodies: Iterable[tuple[int, int]], sought: Sequence[int], is_usual: bool, tick: Tick = no_tick
) -> Iterator[Collection[int] | None]:
    """For each body what `referred` gives, each once, of the functions that are looked for; None where one step after
    the other is to be taken.

    `sought`: for each function there is whether it is looked for, 1 or 0. `is_usual`: whether the bodies are known to
    be `Module.usual_bodies`. A body costs a microsecond beside the walk, of which a call for each would be a fifth.
    """
    find, number = _all(), Numbers(sought).__getitem__
    left = BATCH
    for start, end in bodies:
        left -= 64 + end - start
        if left < 0:
            left = BATCH
            tick()
        if is_usual:
            code = start
            while source[code] >= 0x80:
                code += 1
            code += 2 + 2 * source[code + 1]
        else:
            code = code_start(source, start, end, tick)
        if code < 0 or end - code > AT_ONCE:
            yield None
            continue
        pieces = find(source, code, end)
        if len(pieces) > 1 and pieces[-2] and pieces[-2][0] in _VECTORS:  # mostly the last two are empty: the end
            pieces = _beyond_vectors(source, pieces, end)
        try:
            found = set(map(number, pieces))
        except Malformed:
            yield None
            continue
        found.discard(-1)
        yield found


def _beyond_vectors(source: bytes, pieces: list[bytes], end: int) -> list[bytes]:
    """The pieces of a body, of which the last but one is the rest from a vector on; those behind vectors, too.

    Where that goes wrong, or there are many, the rest stays among them.
    """
    all_of = _all()
    for _ in range(VECTORS_AT_ONCE):
        rest = pieces[-2] if len(pieces) > 1 else b""
        if not rest or rest[0] not in _VECTORS:
            break
        try:
            position = _skip_vector(source, end - len(rest) + 1, end, no_tick)
        except (Malformed, IndexError):
            break
        if position > end:
            break
        pieces[-2:] = all_of(source, position, end)
    return pieces


def referred(source: bytes, start: int, end: int, tick: Tick = no_tick) -> Iterator[int]:
    """Indices of the functions that the body at `start` (its size field) calls or refers to, as often as it does.

    Raises Malformed or IndexError at an instruction that is not known, and what `tick` raises.
    """
    _, position = u32(source, start)
    position = _code_start(source, position, end, tick)
    step = _step()
    steps = 0
    while match := step(source, position, end):
        steps += 1
        if not steps & BATCH:
            tick()
        position = match.end()
        number = match[1]
        if number is not None:
            yield number[0] if number[0] < 0x80 else u32(number, 0)[0]
        elif match[2] is not None:
            position = _skip_vector(source, position, end, tick)
        else:
            return
    raise Malformed(position, "an instruction that is not known")
