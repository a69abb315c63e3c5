from __future__ import annotations

import pytest

from tests.wasm.binary import leb, module, section, vec
from tests.wasm.features import assemble
from tui.wasm.decode.decode import decode
from tui.wasm.decode.leb import Malformed
from tui.wasm.decode.types import ONE_BYTE_TYPES, global_type, limits, reference_type, value_type
from tui.wasm.module import FuncType, GlobalType, Limits


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"\x7f", "i32"),
        (b"\x7b", "v128"),
        (b"\x70", "funcref"),
        (b"\x69", "exnref"),
        (b"\x71", "nullref"),
        (b"\x63\x70", "(ref null func)"),
        (b"\x64\x6f", "(ref extern)"),
        (b"\x64\x05", "(ref 5)"),
        (b"\x63\x80\x01", "(ref null 128)"),
    ],
)
def test_value_types_have_their_text_names(raw: bytes, text: str) -> None:
    assert value_type(raw, 0) == (text, len(raw))


@pytest.mark.parametrize("raw", [b"\x40", b"\x60", b"\x79", b"\x78", b"\0", b"\x63\x7f", b"\x64\x68"])
def test_other_bytes_are_no_value_types(raw: bytes) -> None:
    with pytest.raises(Malformed):
        value_type(raw, 0)


def test_numbers_are_no_references() -> None:
    with pytest.raises(Malformed, match="not a reference type"):
        reference_type(b"\x7f", 0)


def test_a_global_says_whether_it_is_mutable() -> None:
    assert global_type(b"\x7e\1", 0) == (GlobalType("i64", True), 2)
    with pytest.raises(Malformed, match="mutability"):
        global_type(b"\x7e\2", 0)


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (b"\0\1", Limits(1)),
        (b"\1\1\2", Limits(1, 2)),
        (b"\3\1\2", Limits(1, 2, shared=True)),
        (b"\4\x80\x80\x80\x80\x80\x01", Limits(1 << 35, is64=True)),
        (b"\x08\5\0", Limits(5, page_size=1)),
        (b"\x09\5\6\x10", Limits(5, 6, page_size=65536)),
    ],
)
def test_limits_flags(raw: bytes, found: Limits) -> None:
    assert limits(raw, 0, 15) == (found, len(raw))


@pytest.mark.parametrize(("raw", "known"), [(b"\x10\0", 15), (b"\x08\0\0", 7), (b"\2\0", 5), (b"\x08\0\x40", 15)])
def test_unknown_flags_are_refused(raw: bytes, known: int) -> None:
    with pytest.raises(Malformed):
        limits(raw, 0, known)


def test_the_index_space_counts_members_the_section_groups() -> None:
    source = assemble("(module (rec (type (func)) (type (struct)) (type (array i8))) (type (func (param i32))))")
    found = decode(source)
    assert found.sections[0].count == 2
    assert found.counts.types == 4


@pytest.mark.parametrize(
    "entry",
    [
        b"\x5d\0",  # not a type
        b"\x60\1",  # ends early
        b"\x60\x05\x7f\0",  # more parameters than bytes
        b"\x60\1\x40\0",
        b"\x5f\1\x7f\2",  # a field's mutability
        b"\x50\1\0\x4e\0",  # a group inside a subtype
        b"\x4e\1\x4e\0",  # a group inside a group
    ],
)
def test_malformed_types(entry: bytes) -> None:
    found = decode(module(section(1, vec(entry))))
    assert found.malformed, found
    assert found.errors[0].message.startswith("type section, entry 0: ")


def test_padded_and_long_signatures() -> None:
    padded = b"\x60\x81\0\x7f\x81\x80\0\x7e"
    long = b"\x60" + leb(200) + b"\x7f" * 200 + b"\0"
    exports = section(7, vec(b"\1a\0\0", b"\1b\0\1"))
    bodies = section(10, vec(b"\4\0\x42\0\x0b", b"\2\0\x0b"))
    found = decode(module(section(1, vec(padded, long)), section(3, b"\2\0\1"), exports, bodies))
    assert found.ok, found.errors
    assert str(found.exports[0].type) == "(i32)->i64"
    assert found.exports[1].type == FuncType(("i32",) * 200)
    assert str(found.exports[1].type) == f"({','.join(['i32'] * 50)}, and 150 more)->()"


def test_an_empty_group_is_legal() -> None:
    assert decode(module(section(1, vec(b"\x4e\0")))).ok


def test_all_short_types_are_distinct() -> None:
    assert len(set(ONE_BYTE_TYPES.values())) == len(ONE_BYTE_TYPES) == 17
