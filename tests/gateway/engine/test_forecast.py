"""What every call of a function comes to, by the instructions that it cannot avoid."""

from __future__ import annotations

import pytest

from tests.gateway.conftest import wat
from tui.gateway.engine.forecast import Fate, Forecast
from tui.wasm.decode.decode import decode

EXIT = '(import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))'
WRITE = '(import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))'
WRITTEN = "(drop (call $write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 0)))"
FATES = {
    "unreachable": Fate("traps", "wasm error: unreachable"),
    f"{WRITTEN} unreachable": Fate("traps", "wasm error: unreachable"),
    "(call $exit (i32.const 0))": Fate("exits", "module closed with exit_code(0)", 0),
    f"{WRITTEN} (call $exit (i32.const 256))": Fate("exits", "module closed with exit_code(256)", 256),
    "(block (block)) (call $exit (i32.const -1))": Fate("exits", "module closed with context canceled", 0xFFFFFFFF),
    "(loop (br 0))": Fate("never ends", "module closed with context deadline exceeded"),
    "(drop (i32.load (i32.const 65533)))": Fate("traps", "wasm error: out of bounds memory access"),
    "(drop (i32.div_s (i32.const 1) (i32.const 0)))": Fate("traps", "wasm error: integer divide by zero"),
    "(drop (i32.div_s (i32.const 0x80000000) (i32.const -1)))": Fate("traps", "wasm error: integer overflow"),
    "(drop (i32.trunc_f64_s (f64.const 1e30)))": Fate("traps", "wasm error: integer overflow"),
    "(drop (i32.trunc_f32_u (f32.const nan)))": Fate("traps", "wasm error: invalid conversion to integer"),
    "(call $inner)": Fate("traps", "wasm error: unreachable"),
    "nop (drop (i32.load (i32.const 65532)))": Fate("returns"),
}
OPEN_ENDED = [
    "(if (i32.load (i32.const 0)) (then unreachable))",
    "(loop (br_if 0 (i32.load (i32.const 0))))",
    "(block (br 0)) unreachable",
    "(call $exit (i32.load (i32.const 0)))",
    "(call $other (i32.const 1)) unreachable",
    "(return)",
]


def fate(body: str, result: str = "", more: str = "") -> Fate | None:
    inner = '(func $inner (export "inner") unreachable) (func $other (param i32))'
    text = f'(module {EXIT} {WRITE} (memory 1) (func (export "f") {result} {body}) {inner} {more})'
    source = wat(text)
    module = decode(source)
    export = module.export("f")
    assert export is not None
    return Forecast(module, source, grows=False).fate(export.index)


@pytest.mark.parametrize(("body", "expected"), FATES.items())
def test_what_is_certain(body: str, expected: Fate) -> None:
    assert fate(body) == expected


@pytest.mark.parametrize("body", OPEN_ENDED)
def test_where_the_way_parts_nothing_is_said(body: str) -> None:
    assert fate(body) is None


@pytest.mark.parametrize(
    ("body", "value"), [("(i32.const -1)", -1), ("(i32.const 0)", 0), ("(i32.load (i32.const 0))", None)]
)
def test_a_constant_result(body: str, value: int | None) -> None:
    assert fate(body, "(result i32)") == Fate("returns", value=value)


def test_of_several_results_the_first_counts() -> None:
    assert fate("(i64.const 5) (i32.const 1)", "(result i64 i32)") == Fate("returns", value=5)


def test_memory_that_may_have_grown_is_not_too_small() -> None:
    source = wat('(module (memory 1) (func (export "f") (drop (i32.load (i32.const 70000)))))')
    assert Forecast(decode(source), source, grows=True).fate(0) == Fate("returns")


def test_a_real_module_is_followed_in_no_time(echo_command: bytes, persistent_reactor: bytes) -> None:
    for source in (echo_command, persistent_reactor):
        module = decode(source)
        forecast = Forecast(module, source, grows=True)
        assert all(forecast.fate(export.index) is None for export in module.exports if export.kind == "func")
