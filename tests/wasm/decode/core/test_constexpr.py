from __future__ import annotations

import pytest

from tests.wasm.features import FEATURES, assemble
from tui.wasm.decode.core.constexpr import read_address, skip_expression
from tui.wasm.decode.decode import decode
from tui.wasm.decode.leb import Malformed


@pytest.mark.parametrize(
    "raw",
    [
        b"\x0b",
        b"\x41\x0b\x0b",  # i32.const 11: the first 0B is the number
        b"\x42\x8b\x0b\x0b",
        b"\x43\x0b\x0b\x0b\x0b\x0b",
        b"\x44" + b"\x0b" * 9,
        b"\xfd\x0c" + b"\x0b" * 17,
        b"\x23\x0b\x41\x01\x6a\x0b",
        b"\xd0\x70\x0b",
        b"\xd0\x0b\x0b",
        b"\xd2\x0b\x0b",
        b"\x41\x01\xfb\x00\x0b\x0b",
        b"\x41\x01\x41\x02\xfb\x08\x0b\x02\x0b",
        b"\x41\x01\xfb\x1c\x0b",
    ],
)
def test_an_expression_ends_at_its_own_end_byte(raw: bytes) -> None:
    assert skip_expression(raw + b"\x0b", 0, len(raw) + 1) == len(raw)


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        (b"\x41\x01", "malformed"),
        (b"\xff\x0b", "malformed"),
        (b"\x41\xff\xff\xff\xff\x3f\x0b", "malformed"),
        (b"\x00\x0b", "invalid"),
        (b"\xfb\x02\x0b", "invalid"),
        (b"\xfd\x00\x0b", "invalid"),
    ],
)
def test_what_cannot_be_an_expression(raw: bytes, fault: str) -> None:
    with pytest.raises(Malformed) as caught:
        skip_expression(raw, 0, len(raw))
    assert caught.value.fault == fault


def test_addresses_are_unsigned() -> None:
    assert read_address(b"\x41\x70\x0b", 0, 3) == ((1 << 32) - 16, 3)
    assert read_address(b"\x42\x70\x0b", 0, 3) == ((1 << 64) - 16, 3)
    assert read_address(b"\x23\0\x0b", 0, 3) == (None, 3)
    assert read_address(b"\x41\1\x41\1\x6a\x0b", 0, 6) == (None, 6)


@pytest.mark.parametrize("raw", [b"\x41\1", b"\x41\1\x41", b"\x41\x80\x80\x80\x80\x10\x0b", b"\x0c\0\x0b"])
def test_what_is_no_expression_is_no_address(raw: bytes) -> None:
    with pytest.raises((Malformed, IndexError)):
        read_address(raw, 0, len(raw))


def test_a_negative_address_of_a_data_segment() -> None:
    found = decode(assemble(FEATURES["negative address"]))
    assert found.data_segments[0].address == 0xFFFF_FFF0
