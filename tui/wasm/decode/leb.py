"""The primitives of the binary format: LEB128 integers, names, and the fault that every reader raises.

Each reader takes the source and a position and gives the value and the position after it. A read past the end of the
source raises IndexError; the walk over sections turns that into a fault with words.
Source: WebAssembly core specification 3.0, Binary Format, Values.
"""

from __future__ import annotations

from tui.wasm.decode.budget import BATCH, no_tick

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import MutableSequence, Sequence
    from typing import Final

    from tui.wasm.decode.budget import Tick
    from tui.wasm.module import FaultClass


MAGIC: Final = b"\0asm"  # what a file of WebAssembly begins with
FEW: Final = 16_384  # integers that may lie in a list


class Malformed(Exception):  # noqa: N818 -- the specification's own word
    """The bytes break the binary format. `offset` is that of the byte that does."""

    def __init__(self, offset: int, message: str, fault: FaultClass = "malformed") -> None:
        super().__init__(message)
        self.offset = offset
        self.message = message
        self.fault: FaultClass = fault


def integers(most: int) -> MutableSequence[int]:
    """An empty sequence for up to `most` integers below 2^32. A list of many takes ten times the memory of an array;
    for few, importing `array` (and all of `collections` with it) would take longer than the rest of the section.
    """
    if most <= FEW:
        return []
    from array import array

    return array("I")


def unsigned(source: bytes, position: int, bits: int) -> tuple[int, int]:
    """An unsigned LEB128 of `bits` bits; padded encodings are legal up to the longest that the type allows."""
    value = shift = 0
    for index in range(position, position - (-bits // 7)):
        byte = source[index]
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            if value >> bits:
                raise Malformed(index, f"integer too large: {value:,} does not fit in {bits} bits")
            return value, index + 1
        shift += 7
    raise Malformed(position, f"integer representation too long for {bits} bits")


def signed(source: bytes, position: int, bits: int) -> tuple[int, int]:
    """A signed LEB128 of `bits` bits; the unused bits of the longest encoding must equal the sign."""
    byte = source[position]
    if byte < 0x80:
        return byte - (byte << 1 & 0x80), position + 1
    second = source[position + 1]
    if second < 0x80:
        return byte & 0x7F | second - (second << 1 & 0x80) << 7, position + 2
    third = source[position + 2]
    if third < 0x80:
        return byte & 0x7F | (second & 0x7F) << 7 | third - (third << 1 & 0x80) << 14, position + 3
    value = shift = 0
    for index in range(position, position - (-bits // 7)):
        byte = source[index]
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            if byte & 0x40:
                value -= 1 << shift
            if shift > bits and not -(1 << (bits - 1)) <= value < 1 << (bits - 1):  # only the longest may not fit
                raise Malformed(index, f"integer too large: {value:,} does not fit in {bits} signed bits")
            return value, index + 1
    raise Malformed(position, f"integer representation too long for {bits} signed bits")


def u32(source: bytes, position: int) -> tuple[int, int]:
    """An unsigned 32-bit integer."""
    byte = source[position]
    if byte < 0x80:
        return byte, position + 1
    second = source[position + 1]
    if second < 0x80:
        return byte & 0x7F | second << 7, position + 2
    third = source[position + 2]
    if third < 0x80:
        return byte & 0x7F | (second & 0x7F) << 7 | third << 14, position + 3
    return unsigned(source, position, 32)


def u64(source: bytes, position: int) -> tuple[int, int]:
    """An unsigned 64-bit integer."""
    return unsigned(source, position, 64)


def vector_count(source: bytes, position: int, end: int, what: str) -> tuple[int, int]:
    """The count that leads a vector. Each entry takes a byte at least, so no more of them than bytes left are taken."""
    count, after = u32(source, position)
    if count > end - after:
        raise Malformed(position, f"{count:,} {what} declared, {max(end - after, 0):,} bytes left")
    return count, after


def name(source: bytes, position: int, end: int) -> tuple[str, int]:
    """A name: byte length and strict UTF-8. It may hold any character: escape it for display."""
    length = source[position]
    if length < 0x80:
        start = position + 1
    else:
        length, start = u32(source, position)
    stop = start + length
    if stop > end:
        raise Malformed(position, f"a name of {length:,} bytes, {max(end - start, 0):,} bytes left")
    try:
        return source[start:stop].decode(), stop
    except UnicodeDecodeError as error:
        raise Malformed(start + error.start, "a name is not valid UTF-8") from None


def leb(value: int) -> bytes:
    """An unsigned LEB128."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def u32_vector(source: bytes, position: int, count: int, tick: Tick = no_tick) -> tuple[Sequence[int], int]:
    """`count` 32-bit integers. Where each takes one byte they come as those bytes, which cost nothing to make.

    `tick` is called once in a batch of them.
    """
    end = position + count
    plain = source[position:end]
    if len(plain) == count and plain.isascii():
        return plain, end
    values = integers(count)
    note = values.append
    for done in range(count):
        if not done & BATCH:
            tick()
        value = source[position]
        position += 1
        if value >= 0x80:
            byte = source[position]
            if byte < 0x80:
                value = value & 0x7F | byte << 7
                position += 1
            else:
                value, position = u32(source, position - 1)
        note(value)
    return values, position
