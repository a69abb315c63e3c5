"""A module's summary comes back as it was, whatever stands in the file."""

from __future__ import annotations

import json

import pytest

from tests.wasm.binary import module, section, vec
from tui.assessment.kept.modules import MODULE
from tui.wasm.decode.decode import decode

CONSTANTS = {
    "i32.const -1": b"\x41\x7f",
    "i64.const -1, the highest address that there is": b"\x42\x7f",
    "i64.const 0": b"\x42\0",
    "i64.const 2^56": b"\x42\x80\x80\x80\x80\x80\x80\x80\x80\x01",
    "global.get 0, no address that is known": b"\x23\0",
}


@pytest.mark.parametrize("constant", CONSTANTS.values(), ids=CONSTANTS)
@pytest.mark.parametrize("form", [b"\0", b"\2\0", b"\2\xff\xff\xff\xff\x0f"], ids=["0", "2 0", "2 4294967295"])
def test_data_segments_come_back_whatever_their_address_and_memory(form: bytes, constant: bytes) -> None:
    segments = vec(form + constant + b"\x0b\1x", b"\1\2xy", b"\0\x41\0\x0b\0")
    found = decode(module(section(5, b"\1\4\1"), section(11, segments)))
    assert len(found.data_segments) == 3
    again = MODULE.decode(json.loads(json.dumps(MODULE.encode(found))))
    assert list(again.data_segments) == list(found.data_segments)
