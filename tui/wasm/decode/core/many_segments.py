"""Data segments by the thousand, which linkers leave: read by runs, listed in little room. Loaded where it is met."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui.wasm.decode.budget import Meter
from tui.wasm.decode.core.data_runs import LOW, WORTH, DataRun, active_matcher, low_run_at, run_at
from tui.wasm.decode.core.listed import EACH, Listed, low_segments
from tui.wasm.decode.core.segments import LISTED, count_segment, read_data_segment
from tui.wasm.decode.leb import signed, u32

if TYPE_CHECKING:
    from tui.wasm.decode.core.data_runs import Matcher
    from tui.wasm.decode.core.draft import Draft

ALONE: Final = 3_000  # data segments to be read one by one before what finds short ones at any address is compiled


class _Stretch:
    """The run of segments that is being read; it is told in `draft.data_runs` when it ends."""

    __slots__ = ("_bound", "_draft", "_end", "_segments", "_start", "memory")

    def __init__(self, draft: Draft) -> None:
        limits = draft.memories[0].limits
        self.memory = limits.minimum * limits.page_size  # bytes at start
        self._start = self._end = self._segments = self._bound = 0
        self._draft = draft

    def take(self, start: int, end: int, segments: int, bound: int) -> None:
        """So many segments more were read from `start` to `end`, all of whose bytes lie before `bound`.

        Those that may not fit into the memory are looked at one by one by whoever asks where: they are in no run.
        """
        if bound > self.memory:
            self.stop()
            return
        if not self._segments:
            self._start, self._bound = start, 1
        self._end = end
        self._segments += segments
        if bound > self._bound:  # noqa: PLR1730 -- max() costs three times as much here
            self._bound = bound

    def stop(self) -> None:
        """It has ended."""
        if self._segments >= WORTH:
            self._draft.data_runs.append(DataRun(self._start, self._end, self._segments, self._bound))
        self._segments = 0


def read_many(draft: Draft, position: int, end: int, count: int) -> int:
    """The data section, where it has many, nearly all of which are active at a constant address."""
    draft.data_count = count
    draft.data_segments = listed = Listed()
    stretch, meter, match = _Stretch(draft), Meter(draft.tick), active_matcher()
    draft.entry = 0
    try:
        while draft.entry < LISTED:
            numbers, after, bound = low_segments(draft.source, position, end, LISTED - draft.entry, stretch.memory)
            some = len(numbers) // EACH
            if some:
                listed.numbers.extend(numbers)
                draft.segment_bytes += sum(numbers[1::EACH])
                stretch.take(position, after, some, bound)
                position = after
            else:
                some, position = 1, _read_alone(draft, position, end, stretch, match)
            draft.entry += some
            meter.spend(some)
        alone = LISTED  # that were read so
        while draft.entry < count:
            found = _short_run(draft, stretch, position, end, alone)
            if found is not None:
                position = found.end
                draft.entry += found.segments
                meter.spend(found.segments)
                continue
            meter.spend(1)
            alone += 1
            position = _read_alone(draft, position, end, stretch, match)
            draft.entry += 1
    finally:
        stretch.stop()
    return position


def _short_run(draft: Draft, stretch: _Stretch, position: int, end: int, alone: int) -> DataRun | None:
    """The run of short segments at a position, which are counted; None where they are to be read one by one.

    `alone`: how many were read so before.
    """
    found = low_run_at(draft.source, position, end) if stretch.memory >= LOW else None
    if found is None and alone > ALONE:
        found = run_at(draft.source, position, end)
    if found is None or found[0].segments > draft.data_count - (draft.entry or 0):
        return None
    run, contents = found
    draft.segment_bytes += contents
    stretch.take(position, run.end, run.segments, run.bound)
    return run


def _read_alone(draft: Draft, position: int, end: int, stretch: _Stretch, match: Matcher) -> int:
    """Position after one segment among many."""
    usual = match(draft.source, position, end)
    if usual is None:
        stretch.stop()
        return read_data_segment(draft, position, end)
    address, _ = signed(draft.source, usual.start(1), 32)
    size, start = u32(draft.source, usual.start(2))
    stop = count_segment(draft, usual.start(2), end, (start, size, 0, address & 0xFFFF_FFFF))
    if address < 0:
        stretch.stop()
    else:
        stretch.take(position, stop, 1, address + size)
    return stop
