"""Many data segments in little room: objects that are made when they are asked for, which is seldom."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from typing import Final, overload

from tui.wasm.module import DataSegment

EACH: Final = 4  # numbers of a segment
_HEAD: Final = 7  # bytes of a segment before its contents, where its address has three and its size one
_I32_CONST, _END = 0x41, 0x0B
_AT_ADDRESS: Final = 3  # the third number of an active segment in memory 0


class Listed(Sequence[DataSegment]):
    """Data segments as four numbers each: a thousand objects a module are dear to make, and for the collector to pass.

    The third is twice that of its memory, counted from 1; and 1 more where it has an address, which may take all of 64
    bits.
    """

    __slots__ = ("numbers",)

    def __init__(self, numbers: Sequence[int] = ()) -> None:
        self.numbers = array("Q", numbers)

    def append(self, segment: tuple[int, int, int | None, int | None]) -> None:
        """One more: offset, size, memory, address."""
        offset, size, memory, address = segment
        place = (0 if memory is None else 2 * memory + 2) + (address is not None)
        self.numbers.extend((offset, size, place, address or 0))

    def __len__(self) -> int:
        return len(self.numbers) // EACH

    def __iter__(self) -> Iterator[DataSegment]:
        numbers = iter(self.numbers)
        for four in zip(numbers, numbers, numbers, numbers, strict=True):
            yield _segment(*four)

    @overload
    def __getitem__(self, index: int) -> DataSegment: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[DataSegment, ...]: ...

    def __getitem__(self, index: int | slice) -> DataSegment | tuple[DataSegment, ...]:
        if isinstance(index, slice):
            return tuple(self[each] for each in range(*index.indices(len(self))))
        at = range(len(self))[index] * EACH
        return _segment(*self.numbers[at : at + EACH])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]


def _segment(offset: int, size: int, place: int, address: int) -> DataSegment:
    return DataSegment(offset, size, (place >> 1) - 1 if place > 1 else None, address if place & 1 else None)


def low_segments(source: bytes, position: int, end: int, most: int, memory: int) -> tuple[list[int], int, int]:
    """The numbers of up to `most` segments on end at a position; the position after them; and an address behind all
    that they fill.

    As far as they are of the form that linkers write most: active in memory 0 at an address of three bytes, with a size
    of one or two; end before `end`; and fit into `memory` bytes. In a third of the time that one by one takes.
    """
    numbers: list[int] = []
    bound = 0
    while len(numbers) < EACH * most and position + _HEAD < end:
        start = position + _HEAD
        flags, opcode, low, middle, high, last, size = source[position:start]
        if flags or opcode != _I32_CONST or last != _END or low < 0x80 or middle < 0x80 or high > 0x3F:
            break
        if size > 0x7F:
            if source[start] > 0x7F:
                break
            size = size & 0x7F | source[start] << 7
            start += 1
        stop = (low & 0x7F | (middle & 0x7F) << 7 | high << 14) + size
        if start + size > end or stop > memory:
            break
        numbers += (start, size, _AT_ADDRESS, stop - size)
        if stop > bound:  # noqa: PLR1730 -- max() costs three times as much here
            bound = stop
        position = start + size
    return numbers, position, bound
