from __future__ import annotations

import gc
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.wasm.binary import HEADER, body, custom, functions, leb, module, name, section, vec
from tests.wasm.features import FEATURES, accepts, assemble
from tui.wasm.decode.decode import decode
from tui.wasm.module import FuncType, Module

if TYPE_CHECKING:
    from tui.wasm.mode import ExportMode


@pytest.mark.parametrize("feature", FEATURES)
def test_every_feature_is_accepted_as_wasmtime_accepts_it(feature: str) -> None:
    source = assemble(FEATURES[feature])
    found = decode(source)
    assert accepts(source)
    assert found.ok, found.errors
    assert found.warnings == ()
    assert found.complete


@given(st.binary(max_size=300))
@example(b"")
@example(b"\0asm")
@example(HEADER)
def test_decode_never_raises(source: bytes) -> None:
    assert isinstance(decode(source), Module)
    assert isinstance(decode(HEADER + source), Module)


@given(st.sampled_from(sorted(FEATURES)), st.data())
def test_every_cut_of_a_module_is_told_as_what_it_is(feature: str, data: st.DataObject) -> None:
    source = assemble(FEATURES[feature])
    length = data.draw(st.integers(0, len(source) - 1))
    found = decode(source[:length])
    assert accepts(source[:length]) == found.ok
    assert all(0 <= note.offset <= length for note in found.errors)
    whole = decode(source).sections
    assert found.sections == whole[: len(found.sections)]


@given(st.sampled_from(sorted(FEATURES)), st.integers(min_value=8), st.integers(0, 255))
def test_a_changed_byte_is_never_refused_where_wasmtime_takes_it(feature: str, place: int, value: int) -> None:
    source = bytearray(assemble(FEATURES[feature]))
    if len(source) > 8:
        source[8 + place % (len(source) - 8)] = value
    found = decode(bytes(source))
    if accepts(bytes(source)):
        assert found.ok, found.errors


def test_sections_account_for_every_byte(echo_command: bytes) -> None:
    found = decode(echo_command)
    assert found.ok
    position = 8
    for part in found.sections:
        assert part.offset == position
        position = part.end
    assert position == len(echo_command)
    assert 8 + sum(s.header + s.size for s in found.sections) == found.size


def test_modes_of_real_modules(
    echo_command: bytes, persistent_reactor: bytes, persistent_command: bytes, reactor_handle: bytes
) -> None:
    modes = [decode(source).mode for source in (echo_command, persistent_reactor, persistent_command, reactor_handle)]
    assert modes == ["command", "reactor", "command", "reactor"]


def test_a_real_module_in_full(persistent_reactor: bytes) -> None:
    found = decode(persistent_reactor)
    assert found.toolchain is not None
    assert found.toolchain.startswith("Go 1.")
    frame = found.export("ws_frame")
    assert frame is not None
    assert frame.type == FuncType(("i32", "i32"), ("i32",))
    assert {i.module for i in found.imports} == {"wasi_snapshot_preview1"}
    assert found.functions.imported == len(found.imports)
    assert not found.stripped
    assert found.build_id
    assert found.segments.data > 1000
    assert len(found.data_segments) == 1000
    assert len(found.body_offsets) == found.functions.defined + 1


def hook(title: str, kind: int = 0, signature: bytes = b"\x60\0\0") -> bytes:
    return module(
        section(1, vec(signature)),
        section(3, vec(b"\0")),
        section(6, vec(b"\x7f\0\x41\0\x0b")),
        section(7, vec(name(title) + bytes((kind, 0)))),
        section(10, vec(body(b"\x41\0" * signature[2]) if signature[2] else body())),
    )


@pytest.mark.parametrize(
    ("source", "mode"),
    [
        (hook("_start"), "command"),
        (hook("_initialize"), "reactor"),
        (hook("_start", kind=3), "library"),
        (hook("_start", signature=b"\x60\0\1\x7f"), "library"),
        (hook("_start", signature=b"\x60\1\x7f\0"), "library"),
        (hook("start"), "library"),
    ],
)
def test_a_hook_counts_by_kind_and_signature(source: bytes, mode: ExportMode) -> None:
    assert decode(source).mode == mode


def test_both_hooks_contradict() -> None:
    source = assemble('(module (func (export "_start")) (func (export "_initialize")))')
    assert decode(source).mode == "both"


@pytest.mark.parametrize(
    ("header", "kind", "words"),
    [
        (b"\0asm\x0d\0\0\0", "unknown", "before 2017"),
        (b"\0asm\x0b\0\0\0", "unknown", "before 2017"),
        (b"\0asm\x02\0\0\0", "unknown", "version 2 of a core module"),
        (b"\0asm\x01\0\x01\0", "unknown", "component"),
        (b"\0asm\x01\0", "unknown", "8 bytes"),
        (b"<html>", "not-wasm", "HTML"),
    ],
)
def test_headers(header: bytes, kind: str, words: str) -> None:
    found = decode(header)
    assert found.kind == kind
    assert words in found.errors[0].message
    assert not found.ok


def test_counts_that_must_agree() -> None:
    types = section(1, vec(b"\x60\0\0"))
    lonely = decode(module(types, section(3, vec(b"\0", b"\0"))))
    assert lonely.errors[0].message == "2 functions are declared, 0 have a body"
    bodies = decode(module(section(10, vec(body()))))
    assert bodies.errors[0].message == "0 functions are declared, 1 have a body"
    datacount = decode(module(section(12, b"\2"), section(11, vec(b"\1\0"))))
    assert datacount.errors[0].message == "2 data segments are announced, 1 are there"
    assert decode(module(section(3, b"\0"), section(10, b"\0"))).ok


def test_four_billion_entries_in_twenty_bytes_end_at_once() -> None:
    huge = b"\xff\xff\xff\xff\x0f"
    for number in (1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 13):
        found = decode(module(section(number, huge + b"\0" * 4)))
        assert "4,294,967,295" in found.errors[0].message
    assert not decode(module(custom("producers", huge))).errors


def test_a_million_empty_custom_sections_are_counted_not_kept() -> None:
    found = decode(module(b"\0\1\0" * 200_000))
    assert found.ok
    assert found.counts.customs == 200_000
    assert len(found.sections) == 10_000


def test_the_deadline_leaves_an_incomplete_module_not_an_error() -> None:
    types = section(1, leb(300_000) + b"\x60\0\0" * 300_000)
    found = decode(module(types), deadline=time.monotonic() - 1)
    assert not found.complete
    assert found.errors == ()
    assert "time for reading ran out" in found.warnings[0].message


def test_repeated_sections_end_after_a_thousand_errors() -> None:
    found = decode(module(section(1, b"\0") * 100_000))
    assert len(found.errors) == 1000
    assert found.errors[0].message == "the type section comes twice"


def test_more_than_engines_take_is_a_warning() -> None:
    found = decode(module(section(3, leb(1_000_001) + b"\0" * 1_000_001)))
    assert any("engines take at most 1,000,000" in note.message for note in found.warnings)
    assert found.headroom[0].what == "functions"


def test_the_collector_is_left_as_it_was() -> None:
    assert gc.isenabled()
    decode(b"")
    assert gc.isenabled()
    gc.disable()
    try:
        decode(module(functions(body())))
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_other_byte_types_are_taken() -> None:
    assert decode(bytearray(HEADER)).ok  # type: ignore[arg-type]
