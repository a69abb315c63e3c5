from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Collection
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wasm.binary import body, functions, leb, module, vec
from tests.wasm.features import FEATURES, assemble
from tui.wasm.decode.decode import decode
from tui.wasm.decode.leb import Malformed
from tui.wasm.sizes.calls import AT_ONCE, VECTORS_AT_ONCE, Numbers, code_start, referred, referred_at_once

SOUGHT = b"\1" * 100


def at_once(source: bytes, start: int, end: int, sought: bytes = SOUGHT) -> Collection[int] | None:
    return next(referred_at_once(source, [(start, end)], sought, is_usual=False))


def calls(source: bytes) -> list[list[int]]:
    bodies = decode(source).body_offsets
    return [list(referred(source, start, end)) for start, end in pairwise(bodies)]


def test_all_three_ways_to_name_a_function() -> None:
    source = assemble("(module (elem declare func 0) (func) (func (call 0) (drop (ref.func 0)) (return_call 1)))")
    assert calls(source) == [[], [0, 0, 1]]


def test_numbers_that_look_like_calls_are_none() -> None:
    source = assemble(
        """(module (memory 1) (func $f (param i32) (result i32)
        (drop (i32.const 0x10)) (drop (i64.const 0x0810)) (drop (f32.const 0x1.101010p0))
        (drop (f64.const 0x1.10d2101010d2p0))
        (drop (i32.load offset=16 (i32.const 16)))
        (drop (v128.const i8x16 16 16 16 16 16 16 16 16 18 18 18 18 210 0 0 0))
        (drop (i8x16.shuffle 16 16 16 16 16 16 16 16 16 16 16 16 16 16 16 16
          (v128.const i64x2 0 0) (v128.const i64x2 0 0)))
        (block $b (block $c (br_table $b $c $b $b (local.get 0))))
        (drop (select (result i32) (i32.const 18) (i32.const 16) (i32.const 1)))
        (call $f (local.get 0))))"""
    )
    assert calls(source) == [[0]]


@pytest.mark.parametrize("feature", FEATURES)
def test_bodies_of_every_feature_are_walked_to_their_end(feature: str) -> None:
    for found in calls(assemble(FEATURES[feature])):
        assert isinstance(found, list)


def test_bodies_of_gc_atomics_and_tables_are_walked() -> None:
    source = assemble(
        """(module (memory 1 1 shared) (table 4 funcref) (type $s (struct (field (mut i32))))
        (type $a (array (mut i32))) (type $t (func)) (elem $e func 0) (data $d "abc") (tag $g (param i32))
        (func $f)
        (func (drop (i32.atomic.rmw.add offset=16 (i32.const 16) (i32.const 1))) (atomic.fence)
          (struct.set $s 0 (struct.new $s (i32.const 16)) (i32.const 16))
          (drop (array.get $a (array.new_fixed $a 1 (i32.const 16)) (i32.const 0)))
          (drop (ref.test (ref $s) (struct.new_default $s)))
          (drop (block (result anyref) (br_on_cast 0 anyref (ref $s) (struct.new_default $s))))
          (table.init $e (i32.const 0) (i32.const 0) (i32.const 1))
          (memory.init $d (i32.const 0) (i32.const 0) (i32.const 1))
          (table.copy (i32.const 0) (i32.const 0) (i32.const 1)) (drop (table.grow (ref.null func) (i32.const 1)))
          (memory.fill (i32.const 0) (i32.const 0) (i32.const 1)) (drop (i32.trunc_sat_f32_s (f32.const 1)))
          (call_indirect (type $t) (i32.const 16)) (call_ref $t (ref.null $t)) (call $f)))"""
    )
    assert calls(source)[1] == [0]


@pytest.mark.parametrize("feature", FEATURES)
def test_a_body_that_is_walked_at_once_refers_to_what_the_walk_by_steps_finds(feature: str) -> None:
    source = assemble(FEATURES[feature])
    bodies = decode(source).body_offsets
    for start, end in pairwise(bodies):
        found = at_once(source, start, end)
        assert found is None or set(found) == set(referred(source, start, end))


PADDED = b"\x0e\0\x80\0"  # a br_table whose label is longer than it needs be


@pytest.mark.parametrize(
    "code",
    [
        b"\x0e\x80\1" + b"\0" * 129 + b"\x10\0\x0b",
        b"\x10\0" + PADDED + b"\x10\0" + PADDED + b"\x0b",
        PADDED * VECTORS_AT_ONCE + b"\x10\0\x0b",
        b"\x1c\2\x7f\x7f\x10\0\x0b",
        b"\x10\0\x1f\x40\1\0\0\x0b",
    ],
)
def test_vectors_are_passed_over_at_once(code: bytes) -> None:
    source = module(functions(body(code)))
    bodies = decode(source).body_offsets
    assert at_once(source, bodies[0], bodies[1]) == {0} == set(referred(source, bodies[0], bodies[1]))


@pytest.mark.parametrize(
    "code",
    [
        b"\x10\0\xff\x0b",
        b"\x0e\x80\1" + b"\0" * 20 + b"\x0b",
        b"\x0e\xff\xff\xff\xff\xff" + b"\0\x0b",
        PADDED * (VECTORS_AT_ONCE + 1) + b"\x10\0\x0b",
        b"\x01" * AT_ONCE,
        b"\xfd" * 60_000 + b"\0\x0b",
    ],
)
def test_what_is_unknown_or_large_is_left_to_the_walk_by_steps(code: bytes) -> None:
    source = module(functions(body(code)))
    bodies = decode(source).body_offsets
    assert at_once(source, bodies[0], bodies[1]) is None


def test_numbers_of_functions_that_are_not_there_are_passed_over() -> None:
    source = module(functions(body(b"\x10\7\x10\0\xd2\0\x0b")))
    bodies = decode(source).body_offsets
    assert at_once(source, bodies[0], bodies[1], SOUGHT[:7]) == {0}
    known = dict(numbers := Numbers(SOUGHT[:7]))
    assert numbers[b"\x10\7"] == numbers[b"\xd2\xff\xff\3"] == -1
    assert numbers == known  # there may be millions


@pytest.mark.parametrize("total", [0, 1, 127, 128, 129, 16_384, 16_385, 40_000])
def test_calls_are_known_by_their_bytes(total: int) -> None:
    numbers = Numbers(b"\1" * total)
    expected = {b"\x10" + leb(index): index for index in range(total)}
    assert numbers == expected | {b"": -1}
    assert numbers[b"\x10" + leb(total)] == -1


def test_what_is_not_looked_for_is_not_found() -> None:
    source = module(functions(body(b"\x10\0\x10\1\xd2\1\x12\2\x10\3\x0b")))
    bodies = decode(source).body_offsets
    assert at_once(source, bodies[0], bodies[1], b"\0\0\1\1") == {2, 3}


def test_bodies_with_many_locals_are_walked_at_once() -> None:
    runs = vec(*(b"\xff\1\x7f" for _ in range(12)))
    source = module(functions(body(b"\x10\0\x0b", runs)))
    bodies = decode(source).body_offsets
    assert at_once(source, bodies[0], bodies[1]) == {0}
    assert code_start(source, bodies[0], bodies[0] + 9) == -1


def test_an_unknown_instruction_is_told_with_its_place() -> None:
    source = module(functions(body(b"\x10\0\xff")))
    bodies = decode(source).body_offsets
    walk = referred(source, bodies[0], bodies[1])
    assert next(walk) == 0
    with pytest.raises(Malformed, match="not known") as caught:
        next(walk)
    assert caught.value.offset == bodies[0] + 4


def test_legacy_exceptions_are_walked() -> None:
    code = b"\x06\x40\x10\0\x07\0\x10\0\x19\x09\0\x0b"  # try call catch call catch_all rethrow end
    assert calls(module(functions(body(code)))) == [[0, 0]]


u32s = st.integers(0, 0x7F) | st.sampled_from((0x63, 0x64, 0x80, 0x10, 0x12, 0xD2)) | st.integers(0, 2**32 - 1)
numbers = u32s.map(leb) | st.integers(0, 0x7F).map(lambda low: bytes((0x80 | low, 0x80, 0x00)))  # or padded
signed = st.sampled_from((b"\x40", b"\x10", b"\x7f", b"\x6a", b"\x90\x7f", b"\xd2\x80\x10", b"\x63", b"\x64"))
memargs = st.tuples(st.sampled_from((b"\0", b"\2", b"\3", b"\x42\0", b"\x43\x90\1")), numbers).map(b"".join)
plain = st.sampled_from(
    [bytes((opcode,)) for opcode in (*range(0x45, 0xC5), 0, 1, 5, 0x0A, 0x0B, 0x0F, 0x1A, 0x1B, 0xD1)]
)
blocks = st.sampled_from(
    (b"\x40", b"\x7f", b"\x7c", b"\x63\x10", b"\x64\x70", b"\x63\xd2\1", b"\0", b"\x12", b"\xe4\0")
)


def opcodes(*ranges: tuple[int, int]) -> st.SearchStrategy[bytes]:
    return st.sampled_from([bytes((opcode,)) for first, last in ranges for opcode in range(first, last + 1)])


def table(labels: list[bytes]) -> bytes:
    return b"\x0e" + leb(len(labels) - 1) + b"".join(labels)


others = st.one_of(
    plain,
    plain,
    st.tuples(opcodes((0x0C, 0x0D), (0x20, 0x26), (0x3F, 0x40), (0xD5, 0xD6)), numbers).map(b"".join),
    st.tuples(opcodes((0x41, 0x42), (0xD0, 0xD0)), signed).map(b"".join),
    st.tuples(opcodes((0x28, 0x3E)), memargs).map(b"".join),
    st.tuples(opcodes((0x02, 0x04), (0x06, 0x06)), blocks).map(b"".join),
    st.tuples(opcodes((0x11, 0x11), (0x13, 0x13)), numbers, numbers).map(b"".join),
    st.binary(min_size=4, max_size=4).map(b"\x43".__add__),
    st.binary(min_size=8, max_size=8).map(b"\x44".__add__),
    st.binary(min_size=16, max_size=16).map(b"\xfd\x0c".__add__),
    st.lists(numbers, min_size=1, max_size=40).map(table),
    st.sampled_from(
        (b"\x1c\1\x7f", b"\x1c\2\x7f\x63\x10", b"\x1f\x40\2\0\x10\1\2\x12", b"\xfc\x08\x10\x12", b"\xfc\x10\x12")
    ),
)
references = st.tuples(st.sampled_from((b"\x10", b"\x12", b"\xd2")), st.integers(0, 40_000))


@given(st.lists(others | references, max_size=60))
def test_what_is_found_is_what_was_written(instructions: list[bytes | tuple[bytes, int]]) -> None:
    code = b"".join(one if isinstance(one, bytes) else one[0] + leb(one[1]) for one in instructions)
    expected = [one[1] for one in instructions if not isinstance(one, bytes)]
    source = body(code)
    assert list(referred(source, 0, len(source))) == expected
    found = at_once(source, 0, len(source), b"\1" * 40_001)
    assert found == set(expected)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("wasm-objdump") is None, reason="needs wasm-objdump (Debian package wabt)")
def test_calls_of_a_real_module_equal_wasm_objdumps(reactor_handle: bytes, tmp_path: Path) -> None:
    path = tmp_path / "m.wasm"
    path.write_bytes(reactor_handle)
    shown = subprocess.run(["wasm-objdump", "-d", path], capture_output=True, text=True, check=True).stdout
    theirs: list[list[int]] = []
    for line in shown.splitlines():
        if " func[" in line and line.rstrip().endswith(":"):
            theirs.append([])
        elif told := re.search(r"\|\s+(?:call|return_call|ref\.func) (\d+)", line):
            theirs[-1].append(int(told[1]))
    assert sum(map(len, theirs)) > 1000
    assert calls(reactor_handle) == theirs
