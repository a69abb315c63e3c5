"""Runs of short data segments tell what the segments one by one do."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.wasm.binary import leb, module, section
from tui.gateway.engine.answer import Request
from tui.gateway.engine.wazero.judge import judge
from tui.wasm.decode.core.data_runs import LOW, SHORT, SOME, TOGETHER, WORTH, by_start, low_run_at, run_at
from tui.wasm.decode.core.segments import LISTED
from tui.wasm.decode.decode import decode

MEMORY = section(5, b"\1\0\2")  # two pages
ADDRESSES = [b"\x00", b"\x3f", b"\x7f", b"\xff\x00", b"\x80\x80\x04", b"\xff\xff\x07", b"\x80\x80\x08", b"\x80\x80\x78"]


def segment(address: bytes, size: int) -> bytes:
    return b"\0\x41" + address + b"\x0b" + leb(size) + bytes(size)


def data(segments: list[bytes], count: int) -> bytes:
    return module(MEMORY, section(11, leb(count) + b"".join(segments)))


def test_a_run_is_what_stands_there() -> None:
    source = segment(b"\xff\xff\x07", 5) * 20 + segment(b"\x00", SHORT) + segment(b"\x00", 1) * (WORTH - 1)
    found = run_at(source, 0, len(source))
    assert found is not None
    run, contents = found
    assert (run.start, run.segments, contents) == (0, 20, 100)
    assert source[run.end :].startswith(segment(b"\x00", SHORT))
    assert 0x1FFFF + 5 <= run.bound <= 0x20000 + (1 << 14)
    assert run_at(source, run.end, len(source)) is None
    assert run_at(source, run.end + len(segment(b"\x00", SHORT)), len(source)) is None, "too few to be worth it"


def test_a_run_ends_somewhere_however_many_there_are() -> None:
    source = segment(b"\x00", 0) * (SOME + 100)
    found = run_at(source, 0, len(source))
    assert found is not None
    assert found[0].segments == SOME


@given(
    sizes=st.lists(st.integers(0, SHORT - 1), max_size=40),
    address=st.sampled_from([b"\x80\x80\x00", b"\x80\x80\x04", b"\xff\xff\x3f"]),
    other=st.sampled_from([segment(b"\x80\x80\x40", 1), segment(b"\x80\x00", 1), segment(b"\x80\x80\x04", SHORT), b""]),
)
def test_a_run_at_low_addresses_is_the_start_of_the_run_that_stands_there(
    sizes: list[int], address: bytes, other: bytes
) -> None:
    source = b"".join(segment(address, size) for size in sizes) + other
    found = low_run_at(source, 0, len(source))
    count = len(sizes) // TOGETHER * TOGETHER
    if not count:
        assert found is None
        return
    assert found is not None
    run, contents = found
    assert (run.start, run.segments, contents) == (0, count, sum(sizes[:count]))
    assert run.end == sum(len(segment(address, size)) for size in sizes[:count])
    assert run.bound == LOW
    assert LOW >= 0xFFFFF + SHORT


def test_segments_that_fit_are_in_one_run_short_or_long_and_those_that_may_not_are_in_none() -> None:
    fits, ends = segment(b"\x80\x80\x04", 1000), segment(b"\x80\xd8\x07", 5120)  # the last byte of the second page
    beyond = segment(b"\x80\xd8\x07", 5121)
    segments = [segment(b"\x08", 3)] * LISTED + [fits, ends]
    (run,) = by_start(decode(data(segments, len(segments))).data_runs).values()
    assert (run.segments, run.bound) == (LISTED + 2, 0x20000)
    many = [*segments, beyond, *segments]
    runs = by_start(decode(data(many, len(many))).data_runs)
    assert [run.segments for run in runs.values()] == [LISTED + 2, LISTED + 2]
    source = data([*segments, beyond[:9]], len(segments) + 1)  # cut short
    (run,) = by_start(decode(source).data_runs).values()
    assert (run.segments, source[run.end :]) == (LISTED + 2, beyond[:9])


@given(
    kinds=st.lists(st.tuples(st.sampled_from(ADDRESSES), st.integers(0, 70), st.integers(1, 40)), max_size=8),
    more=st.integers(-3, 3),
    cut=st.integers(0, 3),
)
def test_the_engine_says_with_runs_what_it_says_without(
    kinds: list[tuple[bytes, int, int]], more: int, cut: int
) -> None:
    segments = [segment(b"\x08", 3)] * (LISTED + 1)
    segments += [segment(address, size) for address, size, times in kinds for _ in range(times)]
    source = data(segments, max(len(segments) + more, 0))
    source = source[: len(source) - cut]
    found = decode(source)
    assert judge(source, Request(100, (), data_runs=found.data_runs)) == judge(source, Request(100, ()))
    if not more and not cut:
        sizes = 3 * (LISTED + 1) + sum(size * times for _, size, times in kinds)
        assert (found.segments.data, found.segments.data_bytes) == (len(segments), sizes)
        assert sum(run.segments for run in by_start(found.data_runs).values()) >= LISTED
