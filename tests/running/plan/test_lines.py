"""Line tables, on modules that clang made of cases/trap.c: `-g -O0`, in DWARF 4 and 5."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.running.answer import Call, Target
from tui.running.lives.bench import Bench
from tui.running.plan.lines import Lines
from tui.running.run import run
from tui.wasm.decode.decode import decode

CASES = Path(__file__).parents[1] / "cases"
SOURCE = (CASES / "trap.c").read_text().splitlines()
MODULES = {version: (CASES / f"trap-dwarf{version}.wasm").read_bytes() for version in (4, 5)}


@pytest.mark.parametrize("version", MODULES)
def test_a_trap_is_told_with_its_lines(version: int, bench: Bench) -> None:
    trap = run(bench, Target("f", MODULES[version]), Call()).trap
    assert trap is not None
    said = {one.symbol: one.place.split("/")[-1] for one in trap.frames}
    # A trap that a branch leads to counts as the branch's own.
    assert list(said) == ["divide", "work", "_start"]
    for symbol, text in (("divide", "if (b == 0)"), ("work", "divide(n, i)"), ("_start", "work(n);")):
        name, line, _ = said[symbol].split(":")
        assert name == "trap.c"
        assert text in SOURCE[int(line) - 1]


@pytest.mark.parametrize("version", MODULES)
def test_every_instruction_has_a_line_of_its_function(version: int) -> None:
    source = MODULES[version]
    module = decode(source)
    lines = Lines(source, module)
    found = [lines.at(offset) for offset in range(module.body_offsets[0] + 8, module.body_offsets[-1] - 8)]
    assert {one.line for one in found if one is not None} <= set(range(1, len(SOURCE) + 1))
    assert sum(one is not None for one in found) > len(found) * 0.9


def test_outside_of_the_code_there_is_no_line() -> None:
    source = MODULES[5]
    lines = Lines(source, decode(source))
    assert lines.at(0) is None
    assert lines.at(len(source)) is None


def test_without_tables_there_is_none() -> None:
    source = b"\0asm\1\0\0\0"
    assert Lines(source, decode(source)).at(3) is None


@given(version=st.sampled_from([4, 5]), place=st.integers(0, 1300), byte=st.integers(0, 255))
def test_damaged_tables_tell_less_and_never_raise(version: int, place: int, byte: int) -> None:
    source = bytearray(MODULES[version])
    place %= len(source)
    source[place] = byte
    damaged = bytes(source)
    module = decode(damaged)
    lines = Lines(damaged, module)
    for offset in range(0, len(damaged), 7):
        found = lines.at(offset)
        assert found is None or found.line != 0
