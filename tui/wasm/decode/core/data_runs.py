"""Runs of data segments, of which linkers leave short ones by the ten thousand: found by one look, for all readers.

What is told of a run is a fact of the bytes from its start on, wherever a section ends.
"""

from __future__ import annotations

from tui.facts import Fact

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Mapping, Sequence
    from typing import Final

    Matcher = Callable[[bytes, int, int], re.Match[bytes] | None]
    Patterns = tuple[Matcher, Callable[[bytes, int, int], list[bytes]]]

SHORT: Final = 64  # bytes of contents below which a segment is short
SOME: Final = 4096  # segments that are found at once at most: whoever reads them looks at the clock between two
TOGETHER: Final = 32  # of those below LOW that are looked for together
LOW: Final = (1 << 20) + SHORT  # no byte of a short segment at an address of three bytes comes to lie here or behind
WORTH: Final = 8  # segments from which on a run is worth being told
_U32: Final = rb"(?:[\x80-\xff]{0,3}+[\x00-\x7f]|[\x80-\xff]{4}[\x00-\x0f])"
_S32: Final = rb"(?:[\x80-\xff]{0,3}+[\x00-\x7f]|[\x80-\xff]{4}[\x00-\x07\x78-\x7f])"
# Active in memory 0 at a constant address: the only segment that compilers write by the ten thousand.
_ACTIVE: Final = rb"\x00\x41(%b)\x0b(%b)" % (_S32, _U32)
_COARSE: Final = 14  # bits of an address that its first two bytes hold
# An i32 constant that is not negative, so that as an address it is what it says.
_ADDRESS: Final = rb"(?:[\x80-\xff]{0,3}+[\x00-\x3f]|[\x80-\xff]{4}[\x00-\x07])"


def active_matcher() -> Matcher:
    """The match function of such a segment up to its contents: group 1 is its address, group 2 their size.

    Compiled when it is first needed: loading `re` takes longer than most modules' segments.
    """
    import re

    return re.compile(_ACTIVE, re.DOTALL).match


class DataRun(Fact):
    """Segments on end, each active in memory 0 at a constant address below 2^31."""

    start: int  # in the file, as `end`
    end: int
    segments: int
    bound: int  # no byte of theirs comes to lie at this address or behind


def low_run_at(source: bytes, position: int, end: int) -> tuple[DataRun, int] | None:
    """The run of short segments at addresses of three bytes that stands at a position, as far as it is known to, and
    how many bytes its contents are. None where there is none worth it.

    In a third of the time of `run_at`: how many there are and where they end is told without a look at one.
    """
    if not _low:
        _low.append(_low_matcher())
    match, after, count = _low[0], position, 0
    for _ in range(SOME // TOGETHER):
        found = match(source, after, end)
        if found is None:
            break
        after = found.end()
        count += TOGETHER
    if not count:
        return None
    return DataRun(position, after, count, LOW), after - position - 7 * count


def run_at(source: bytes, position: int, end: int) -> tuple[DataRun, int] | None:
    """The run of short segments that stands at a position, and how many bytes its contents are; None where there is
    none worth it.
    """
    match, addresses_of = _patterns()
    found = match(source, position, end)
    if found is None:
        return None
    addresses = addresses_of(source, position, found.end())
    count = len(addresses)
    if count < WORTH:
        return None
    # Beside its address and contents each segment has four bytes: flags, two instructions, size.
    contents = found.end() - position - 4 * count - sum(map(len, addresses))
    return DataRun(position, found.end(), count, _bound(addresses)), contents


_low: list[Matcher] = []  # once it was needed
_compiled: list[Patterns] = []  # the same


def _low_matcher() -> Matcher:
    """What matches TOGETHER segments of the commonest form. Compiled when needed: that takes three milliseconds."""
    import re

    one = rb"\x00\x41[\x80-\xff][\x80-\xff][\x00-\x3f]\x0b(?:%b)" % _contents()
    return re.compile(rb"(?:%b){%d}+" % (one, TOGETHER), re.DOTALL).match


def _contents() -> bytes:
    """The size of a short segment and its contents; of one or two bytes nearly all are."""
    sizes = (2, 1, 0, *range(3, SHORT))
    return b"|".join(rb"\x%02x.{%d}+" % (size, size) for size in sizes)


def _patterns() -> Patterns:
    """What matches a run, and what finds the addresses in it. Compiled when needed: that takes three milliseconds."""
    if _compiled:
        return _compiled[0]
    import re

    one = rb"\x00\x41(?:%b)\x0b(?:%b)" % (_ADDRESS, _contents())
    run = re.compile(rb"(?:%b){1,%d}+" % (one, SOME), re.DOTALL)
    _compiled.append((run.match, re.compile(one.replace(b"(?:", b"(", 1), re.DOTALL).findall))
    return _compiled[0]


def _bound(addresses: Sequence[bytes]) -> int:
    """An address behind all that the segments fill. Of 24,000 addresses a hundred differ in more than the last bits."""
    highest = 0
    for upper in {address[2:] for address in addresses}:
        value = 0
        for byte in reversed(upper):
            value = value << 7 | byte & 0x7F
        highest = max(highest, value)
    return (highest + 1 << _COARSE) + SHORT


def packed(runs: Sequence[DataRun]) -> Sequence[int]:
    """Runs as they are kept, in a tenth of the memory."""
    if not runs:
        return ()
    from array import array

    return array("Q", [number for run in runs for number in run])


def by_start(numbers: Sequence[int]) -> Mapping[int, DataRun]:
    """Runs as they are looked up: by the position at which they start."""
    fields = iter(numbers)
    return {run[0]: DataRun(*run) for run in zip(fields, fields, fields, fields, strict=True)}
