from __future__ import annotations

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wasm.binary import leb
from tui.wasm.decode.leb import FEW, Malformed, integers, name, signed, u32, u32_vector, unsigned, vector_count


def signed_leb(value: int) -> bytes:
    out = bytearray()
    while True:
        low = value & 0x7F
        value >>= 7
        if (value == 0 and not low & 0x40) or (value == -1 and low & 0x40):
            return bytes(out) + bytes((low,))
        out.append(low | 0x80)


@given(st.sampled_from([32, 64]).flatmap(lambda bits: st.tuples(st.just(bits), st.integers(0, (1 << bits) - 1))))
def test_unsigned_round_trip(case: tuple[int, int]) -> None:
    bits, value = case
    raw = leb(value)
    assert unsigned(b"\xee" + raw + b"\xee", 1, bits) == (value, 1 + len(raw))


@given(
    st.sampled_from([32, 33, 64]).flatmap(
        lambda bits: st.tuples(st.just(bits), st.integers(-(1 << (bits - 1)), (1 << (bits - 1)) - 1))
    )
)
def test_signed_round_trip(case: tuple[int, int]) -> None:
    bits, value = case
    raw = signed_leb(value)
    assert signed(raw, 0, bits) == (value, len(raw))


@given(st.integers(1 << 32, 1 << 40))
def test_too_large_values_are_refused(value: int) -> None:
    with pytest.raises(Malformed, match=r"too (large|long)"):
        u32(leb(value), 0)


@pytest.mark.parametrize(
    ("raw", "value"),
    [(b"\x80\0", 0), (b"\x81\x80\x80\x80\0", 1), (b"\xff\xff\xff\xff\x0f", 0xFFFF_FFFF)],
)
def test_padded_encodings_are_legal(raw: bytes, value: int) -> None:
    assert u32(raw, 0) == (value, len(raw))


@pytest.mark.parametrize(
    ("raw", "message"),
    [(b"\x80\x80\x80\x80\x80\0", "representation too long"), (b"\xff\xff\xff\xff\x1f", "integer too large")],
)
def test_the_two_faults_of_an_integer_are_told_apart(raw: bytes, message: str) -> None:
    with pytest.raises(Malformed, match=message):
        u32(raw, 0)


@pytest.mark.parametrize("raw", [b"\xff\xff\xff\xff\x4f", b"\x80\x80\x80\x80\x08", b"\x80\x80\x80\x80\x70"])
def test_unused_bits_of_a_signed_integer_must_equal_the_sign(raw: bytes) -> None:
    with pytest.raises(Malformed, match="too large"):
        signed(raw, 0, 32)


def test_unsigned_64_ends_at_ten_bytes() -> None:
    assert unsigned(b"\xff" * 9 + b"\x01", 0, 64) == ((1 << 64) - 1, 10)
    with pytest.raises(Malformed, match="too large"):
        unsigned(b"\xff" * 9 + b"\x02", 0, 64)
    with pytest.raises(Malformed, match="too long"):
        unsigned(b"\x80" * 10 + b"\0", 0, 64)


@pytest.mark.parametrize("raw", [b"\x02\xc0\x80", b"\x03\xed\xa0\x80", b"\x01\xff", b"\x04\xf5\x80\x80\x80"])
def test_names_are_strict_utf_8(raw: bytes) -> None:
    with pytest.raises(Malformed, match="UTF-8"):
        name(raw, 0, len(raw))


def test_a_name_may_be_empty_or_hold_anything_else() -> None:
    assert name(b"\0", 0, 1) == ("", 1)
    raw = "\0\x1b[2J\u202e[/x]".encode()
    assert name(bytes((len(raw),)) + raw, 0, len(raw) + 1) == ("\0\x1b[2J\u202e[/x]", len(raw) + 1)


def test_a_name_ends_within_its_section() -> None:
    with pytest.raises(Malformed, match="a name of 9 bytes, 3 bytes left"):
        name(b"\x09abcdefghi", 0, 4)


def test_a_count_is_held_against_the_bytes_left() -> None:
    with pytest.raises(Malformed, match="4,294,967,295 entries declared, 2 bytes left"):
        vector_count(b"\xff\xff\xff\xff\x0f..", 0, 7, "entries")


@given(st.lists(st.integers(0, 0xFFFF_FFFF), max_size=40))
def test_vectors_of_integers(values: list[int]) -> None:
    raw = b"".join(leb(value) for value in values)
    found, end = u32_vector(raw, 0, len(values))
    assert list(found) == values
    assert end == len(raw)


def test_many_integers_take_four_bytes_each() -> None:
    values = [200, *range(FEW)]
    found, _ = u32_vector(b"".join(leb(value) for value in values), 0, len(values))
    assert list(found) == values
    assert isinstance(found, array)
    assert found.itemsize == 4
    assert integers(FEW) == []
