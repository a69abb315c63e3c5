"""Bytes as wazero reads them: the same numbers, and the same words where they end too early or are too large."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, TypeVar

from tui.wasm.decode.budget import BATCH, no_tick

if TYPE_CHECKING:
    from tui.wasm.decode.budget import Tick

T = TypeVar("T")
EOF: Final = "EOF"
LONGEST: Final = 10  # bytes of a number of 64 bits
CUT: Final = "unexpected EOF"  # some of the bytes that were asked for are there
I32, I64, F32, F64, V128, FUNCREF, EXTERNREF = 0x7F, 0x7E, 0x7D, 0x7C, 0x7B, 0x70, 0x6F
VALUE_TYPES: Final = bytes((I32, I64, F32, F64, V128, FUNCREF, EXTERNREF))
_NAMES: Final = {
    I32: "i32",
    I64: "i64",
    F32: "f32",
    F64: "f64",
    V128: "v128",
    FUNCREF: "funcref",
    EXTERNREF: "externref",
}


class Refused(Exception):  # noqa: N818 -- what it is, not what went wrong here
    """The engine refuses the module; the text is its own."""

    @property
    def words(self) -> str:
        """What the engine says."""
        return str(self.args[0])


def type_name(value: int) -> str:
    """A value type as the engine's messages name it."""
    return _NAMES.get(value, "unknown")


def reference_name(value: int) -> str:
    """A reference type as the engine's messages name it."""
    return {FUNCREF: "funcref", EXTERNREF: "externref"}.get(value, f"unknown(0x{value:x})")


def labelled(what: str, read: Callable[..., T], *arguments: Any) -> T:
    """What `read` gives; where it refuses, the refusal says in front what was read."""
    try:
        return read(*arguments)
    except Refused as cause:
        raise Refused(f"{what}: {cause.words}") from None


class Reader:
    """A position in bytes. Every read raises Refused with the engine's words; no read looks at section ends."""

    __slots__ = ("at", "end", "numbers", "source", "tick")

    def __init__(self, source: bytes, at: int = 0, end: int | None = None, tick: Tick = no_tick) -> None:
        """`tick` is called once in a batch of numbers that are read."""
        self.source = source
        self.at = at
        self.end = len(source) if end is None else end
        self.tick = tick
        self.numbers = 0

    def byte(self) -> int:
        """The next byte."""
        at = self.at
        if at >= self.end:
            raise Refused(EOF)
        self.at = at + 1
        return self.source[at]

    def u32(self) -> int:
        """An unsigned number of at most five bytes."""
        self.numbers += 1
        if not self.numbers & BATCH:
            self.tick()
        at = self.at
        if at < self.end and self.source[at] < 0x80:
            self.at = at + 1
            return self.source[at]
        value = 0
        for index in range(5):
            byte = self.byte()
            value |= (byte & 0x7F) << 7 * index
            if byte < 0x80:
                if index == 4 and byte & 0xF0:
                    break
                return value
        raise Refused("overflows a 32-bit integer")

    def signed(self, bits: int) -> int:
        """A signed number of 32 or 64 bits, by the engine's own test of what is too large."""
        self.numbers += 1
        if not self.numbers & BATCH:
            self.tick()
        value = count = 0
        byte = 0x80
        while byte & 0x80:
            try:
                byte = self.byte()
            except Refused as end:
                raise Refused(f"readByte failed: {end.words}") from None
            if count <= LONGEST:  # the engine reads on to its end, and then says that it is too long
                value |= (byte & 0x7F) << 7 * count
            elif not count & BATCH:
                self.tick()
            count += 1
        if 7 * count < bits and byte & 0x40:
            value -= 1 << 7 * count
        value &= (1 << bits) - 1
        negative = bool(value >> bits - 1)
        most, unused = (5, 0x30) if bits == 32 else (10, 0x3E)
        if count > most or (count == most and byte & unused != unused * negative):
            raise Refused(f"overflows a {bits}-bit integer")
        return value - (negative << bits)

    def s33(self) -> int:
        """The number of a block's type."""
        value = count = 0
        byte = 0x80
        while byte & 0x80 and count < 5:
            try:
                byte = self.byte()
            except Refused as end:
                raise Refused(f"readByte failed: {end.words}") from None
            value |= (byte & 0x7F) << 7 * count
            count += 1
        if 7 * count < 33 and byte & 0x40:
            value -= 1 << 7 * count
        value &= (1 << 33) - 1
        negative = bool(value >> 32)
        if count == 5 and byte & 0x20 != 0x20 * negative:
            raise Refused("overflows a 33-bit integer")
        return value - (negative << 33)

    def take(self, count: int) -> bytes:
        """That many bytes."""
        at = self.at
        if at + count > self.end:
            raise Refused(CUT if at < self.end else EOF)
        self.at = at + count
        return self.source[at : at + count]

    def skip(self, count: int) -> None:
        """Pass over that many bytes."""
        if self.at + count > self.end:
            self.at = self.end
            raise Refused(EOF)
        self.at += count

    def pass_over(self, count: int) -> None:
        """Pass over up to that many bytes; refused only where the file is at its end already."""
        if self.at >= self.end:
            raise Refused(EOF)
        self.at = min(self.at + count, self.end)

    def text(self, what: str) -> str:
        """A name, which must be UTF-8."""
        try:
            size = self.u32()
        except Refused as cause:
            raise Refused(f"failed to read {what} size: {cause.words}") from None
        if not size:
            return ""
        try:
            content = self.take(size)
        except Refused as cause:
            raise Refused(f"failed to read {what}: {cause.words}") from None
        try:
            return content.decode()
        except UnicodeDecodeError:
            raise Refused(f"{what} is not valid UTF-8") from None

    def types(self, count: int) -> bytes:
        """That many value types."""
        found = self.take(count) if count else b""
        foreign = found.translate(None, VALUE_TYPES)
        if foreign:
            raise Refused(f"invalid value type: {foreign[0]}")
        return found
