from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wasm.binary import leb, module, section, vec
from tests.wasm.features import FEATURES, assemble
from tui.wasm.decode.core.segments import AT_ONCE, skip_indices
from tui.wasm.decode.decode import decode
from tui.wasm.decode.leb import Malformed, u32

MEMORY = section(5, vec(b"\0\1"))


@given(st.lists(st.integers(0, 0xFFFF_FFFF), max_size=200))
def test_indices_are_skipped_whatever_their_length(values: list[int]) -> None:
    raw = b"".join(map(leb, values))
    assert skip_indices(raw + b"\x7f", 0, len(raw) + 1, len(values)) == len(raw)


@pytest.mark.parametrize("more", [-1, 0, 1, AT_ONCE])
def test_so_are_those_of_a_long_vector(more: int) -> None:
    raw = b"".join((b"\1", b"\x80\2", b"\x80\x80\3", b"\xff\xff\xff\xff\x0f")[i * i % 4] for i in range(AT_ONCE + more))
    assert skip_indices(raw + b"\x7f" * 9, 0, len(raw), AT_ONCE + more) == len(raw)


@pytest.mark.parametrize("before", [100, AT_ONCE - 1, AT_ONCE])
@pytest.mark.parametrize(
    ("bad", "words", "at"),
    [(b"\xff\xff\xff\xff\x1f", "too large", 4), (b"\x80\x80\x80\x80\x80\0", "too long", 0)],
)
def test_a_bad_index_in_a_long_vector_is_found(before: int, bad: bytes, words: str, at: int) -> None:
    raw = b"\x80\1" * before + bad + b"\x80\1" * 100
    with pytest.raises(Malformed, match=words) as caught:
        skip_indices(raw, 0, len(raw), before + 101)
    assert caught.value.offset == 2 * before + at


@pytest.mark.parametrize("raw", [b"\x80", b"\x80" * 9, b"\1\1\1", b"\1\x80\1\x80", b""])
def test_indices_that_are_not_there_are_missed(raw: bytes) -> None:
    """Where they would end behind the section, who asked for them says so."""
    for source in (raw, raw + b"\1" * 9):
        with suppress(Malformed, IndexError):
            assert skip_indices(source, 0, len(raw), 4) > len(raw)


def test_all_forms_of_element_segments() -> None:
    found = decode(assemble(FEATURES["elements"]))
    assert found.ok
    assert found.segments.elements == 9
    assert found.segments.element_entries == 11


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        (b"\x08\x41\0\x0b\0", "not a kind of element segment"),
        (b"\1\1\0", "not a kind of element (0)"),
        (b"\5\x7f\0", "not a reference type"),
        (b"\0\x41\0\x0b\x05\0", "5 elements declared, 1 bytes left"),
    ],
)
def test_malformed_element_segments(payload: bytes, words: str) -> None:
    found = decode(module(section(4, vec(b"\x70\0\1")), section(9, vec(payload))))
    assert found.malformed
    assert words in found.errors[0].message


def test_the_first_of_many_data_segments_are_listed_as_those_of_few() -> None:
    few = [b"\0\x41\x08\x0b\3abc", b"\1\1p", b"\0\x41\x7f\x0b\0", b"\2\0\x41\x80\x80\4\x0b\1x", b"\0\x23\0\x0b\0"]
    memory = section(5, b"\1\0\1")
    alone = decode(module(memory, section(11, vec(*few)))).data_segments
    many = decode(module(memory, section(11, leb(1500) + b"".join(few * 300)))).data_segments
    assert len(many) == 1000
    shift = many[0].offset - alone[0].offset
    assert [one._replace(offset=one.offset - shift) for one in many[:5]] == list(alone)
    assert many[999] == list(many)[-1] == many[-1]
    assert many[999].size == alone[4].size
    assert many == tuple(many) != many[:999]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["808004", "8808", "08", "ffff0f", "ffff3f", "808040", "80808008", "818001"]),
            st.sampled_from(["00", "01", "7f", "8001", "ff01", "808001", "8000"]),
        ),
        max_size=30,
    )
)
def test_so_are_those_that_are_told_by_one_look(kinds: list[tuple[str, str]]) -> None:
    """At addresses of some bytes, of some sizes, as they lie in the memory or do not."""
    few = [b"\0\x41" + bytes.fromhex(at) + b"\x0b" + bytes.fromhex(size) for at, size in kinds]
    few = [head + bytes(u32(head[head.index(b"\x0b", 3) + 1 :], 0)[0]) for head in few]
    memory = section(5, b"\1\0\4")
    alone = decode(module(memory, section(11, vec(*few))))
    many = decode(module(memory, section(11, leb(len(few) + 2000) + b"".join(few) + b"\1\0" * 2000)))
    assert (many.errors, many.segments.data) == (alone.errors, len(few) + 2000)
    assert many.segments.data_bytes == alone.segments.data_bytes
    shift = many.data_segments[0].offset - alone.data_segments[0].offset if few else 0
    assert [one._replace(offset=one.offset - shift) for one in many.data_segments[: len(few)]] == list(
        alone.data_segments
    )


def test_data_segments_are_listed_and_counted() -> None:
    text = """(module (memory 1) (memory $n 1) (data (i32.const 8) "abc") (data "passive")
        (data (memory $n) (i32.const 3) "x")
        (data (i32.add (i32.const 1) (i32.const 2)) ""))"""
    source = assemble(text)
    found = decode(source)
    listed = [(s.size, s.memory, s.address) for s in found.data_segments]
    assert listed == [(3, 0, 8), (7, None, None), (1, 1, 3), (0, 0, None)]
    assert [source[s.offset : s.offset + s.size] for s in found.data_segments] == [b"abc", b"passive", b"x", b""]
    assert (found.segments.data, found.segments.data_bytes, found.segments.passive_data) == (4, 11, 1)


@pytest.mark.parametrize("bad", [b"\3", b"\0\x41\0\x0b\x64abc", b"\0\x41\xff\xff\xff\xff\x1f\x0b\0"])
@pytest.mark.parametrize("before", [0, 1500])
def test_malformed_data_segments_early_and_late(bad: bytes, before: int) -> None:
    good = b"\0\x41\x80\x08\x0b\2ab"
    found = decode(module(MEMORY, section(11, leb(before + 1) + good * before + bad)))
    assert found.malformed
    assert found.errors[0].message.startswith(f"data section, entry {before:,}:")
    assert decode(module(MEMORY, section(11, leb(before + 1) + good * (before + 1)))).segments.data_bytes == 2 * (
        before + 1
    )


def test_data_without_a_memory_is_invalid() -> None:
    found = decode(module(section(11, vec(b"\0\x41\0\x0b\0"))))
    assert [note.fault for note in found.errors] == ["invalid"]
