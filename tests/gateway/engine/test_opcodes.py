from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.gateway.conftest import wat
from tests.gateway.engine.test_features import FINE, HAVE
from tests.wasm.binary import leb as encoded
from tui.gateway.engine.features import after_locals
from tui.gateway.engine.opcodes import allowed, first_foreign, leb
from tui.wasm.decode.decode import decode

TAIL = b"\x12\x00"  # return_call 0: stands for what is not allowed


def foreign(code: bytes, start: int, end: int, have: frozenset[str] = HAVE) -> tuple[str, int] | None:
    """What is found by each of the two expressions: the same."""
    other, of_go = (_answer(code, start, end, have, of_go=of_go) for of_go in (False, True))
    assert other == of_go, code.hex()
    if isinstance(other, str):
        raise ValueError(other)  # noqa: TRY004 -- its words
    return other


def _answer(code: bytes, start: int, end: int, have: frozenset[str], *, of_go: bool) -> tuple[str, int] | str | None:
    try:
        return first_foreign(code, start, end, have, swallow=allowed(have, of_go=of_go))
    except ValueError as error:
        return str(error)


def in_step(source: bytes) -> int:
    """Walk every body with a forbidden instruction put after it: it is found there only if the walk kept in step."""
    module = decode(source)
    for start, end in pairwise(module.body_offsets):
        body = source[start:end] + TAIL
        found = foreign(body, after_locals(body, 0, end - start)[0], len(body))
        assert found == ("tail-call", end - start), start
    return len(module.body_offsets) - 1


def test_the_walk_keeps_in_step_through_every_body_of_a_real_module(echo_command: bytes) -> None:
    assert in_step(echo_command) > 1000


@pytest.mark.parametrize("text", FINE.values(), ids=FINE)
def test_the_walk_keeps_in_step_through_every_instruction_that_is_allowed(text: str) -> None:
    in_step(wat(text))


def test_all_plain_instructions_are_walked() -> None:
    """Every one-byte instruction of the first release, one after the other."""
    code = bytes([0x00, 0x01, 0x05, 0x0F, 0x1A, 0x1B, *range(0x45, 0xC5)])
    assert foreign(code + TAIL, 0, len(code) + 2) == ("tail-call", len(code))


@pytest.mark.parametrize(
    ("code", "feature"),
    [
        (b"\x06\x40", "exception-handling"),
        (b"\x08\x00", "exception-handling"),
        (b"\x14\x00", "gc"),
        (b"\xfb\x00\x00", "gc"),
        (b"\xd0\x6e", "gc"),
        (b"\xd5\x00", "gc"),
        (b"\x02\x63\x00", "gc"),
        (b"\x1c\x01\x6e", "gc"),
        (b"\xfe\x03\x00", "atomics"),
        (b"\x28\x42\x01\x00", "multimemory"),
        (b"\xfd\x80\x02", "relaxed-simd"),
        (b"\xfc\x13", "wide-arithmetic"),
    ],
)
def test_instructions_of_later_features(code: bytes, feature: str) -> None:
    assert foreign(b"\x01" + code, 0, len(code) + 1) == (feature, 1)


@pytest.mark.parametrize(
    ("code", "feature"),
    [
        (b"\xc0", "sign-ext"),
        (b"\xfc\x00", "nontrapping-fptoint"),
        (b"\xfc\x0b\x00", "bulk-memory"),
        (b"\xfc\x11\x00", "reference-types"),
        (b"\xd0\x70", "reference-types"),
        (b"\x25\x00", "reference-types"),
        (b"\x1c\x01\x7f", "reference-types"),
        (b"\x02\x6f", "reference-types"),
        (b"\x02\x00", "multivalue"),
        (b"\x02\x7b", "simd128"),
        (b"\xfd\x0c" + bytes(16), "simd128"),
        (b"\xfd\xae\x01", "simd128"),
    ],
)
def test_features_that_a_host_may_lack_are_told_apart(code: bytes, feature: str) -> None:
    assert foreign(code, 0, len(code), HAVE - {feature}) == (feature, 0)
    assert foreign(code, 0, len(code)) is None


def test_padded_alignments_are_walked() -> None:
    code = b"\x28\x82\x80\x00\x04"  # i32.load align=2, written in three bytes
    assert foreign(code + TAIL, 0, len(code) + 2) == ("tail-call", len(code))


def test_the_walk_keeps_in_step_through_a_call_as_stock_go_writes_it() -> None:
    """Which is swallowed as a whole where it is one: each of its instructions cut short or longer is found, too."""
    parts = ["2400", "2001", "42808004", "370300", "4100", "10e104", "2300", "2100", "0d03", "0b"]
    call = [bytes.fromhex(part) for part in ["2001", "4108", "6b", "2201", *parts]]
    for place in range(len(call)):
        longer = b"".join([*call[:place], b"\x41\x12", *call[place:]])  # i32.const 18: its number is a return_call
        assert foreign(longer + TAIL, 0, len(longer) + 2) == ("tail-call", len(longer)), place
        before = b"".join(call[:place])
        cut = before + TAIL + b"".join(call[place:])
        assert foreign(cut, 0, len(cut)) == ("tail-call", len(before)), place


@pytest.mark.parametrize("labels", [0, 31, 32, 127, 128, 5_000])
def test_the_walk_keeps_in_step_through_branch_tables_of_any_length(labels: int) -> None:
    for label in (b"\x12", b"\x92\x00"):
        code = b"\x0e" + encoded(labels) + label * (labels + 1)
        assert foreign(code + TAIL, 0, len(code) + 2) == ("tail-call", len(code))


@pytest.mark.parametrize(
    ("source", "value", "after"), [(b"\x00", 0, 1), (b"\xe5\x8e\x26", 624485, 3), (b"\x80\x80\x00", 0, 3)]
)
def test_leb128(source: bytes, value: int, after: int) -> None:
    assert leb(source, 0, len(source)) == (value, after)


@pytest.mark.parametrize("source", [b"", b"\x80", b"\xff" * 20])
def test_leb128_that_does_not_end(source: bytes) -> None:
    with pytest.raises(ValueError, match="past its end"):
        leb(source, 0, len(source))


@given(st.binary(max_size=200))
def test_any_code_gives_an_answer_or_a_value_error(code: bytes) -> None:
    try:
        found = foreign(code, 0, len(code))
    except ValueError:
        return
    assert found is None or 0 <= found[1] < len(code)


# As stock Go writes them: instructions on end, and what stands there in their place when a byte is another.
PIECES = [bytes.fromhex(text) for text in (
    "2001", "4108", "6b", "2201", "2400", "42808004", "370300", "4100", "10e104", "2300", "2100", "0d03", "0b", "2005",
    "290310", "2903b001", "3703b801", "0240" * 8, "0240", "0440", "21050c02", "a7", "0e020001", "1200", "0640", "8001",
    "fc0a0000", "c0", "43000000", "1101", "d070", "fd0c", "280201",
)]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=40).map(b"".join), st.binary(max_size=3), st.integers(0, 400))
def test_both_expressions_find_the_same(code: bytes, put_in: bytes, place: int) -> None:
    code = code[:place] + put_in + code[place + len(put_in) :]
    for have in (HAVE, HAVE - {"sign-ext", "bulk-memory"}):
        try:
            foreign(code, 0, len(code), have)
        except ValueError:
            continue
