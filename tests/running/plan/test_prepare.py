"""The bytes that wasmtime is given: changed where it would do otherwise than the gateway's engine, and only there."""

from __future__ import annotations

import pytest
import wasmtime

from tests.running.conftest import wat
from tui.running.plan.prepare import Prepared, prepare
from tui.wasm.decode.decode import decode


def prepared(text: str) -> Prepared:
    source = wat(text)
    module = decode(source)
    assert module.ok, module.errors
    found = prepare(source, module)
    after = decode(found.runnable)
    assert after.ok, after.errors
    wasmtime.Module.validate(wasmtime.Engine(), found.runnable)
    return found


def test_an_ordinary_module_is_given_as_it_is() -> None:
    found = prepared(
        '(module (memory (export "memory") 1) (table 4 funcref) (elem (i32.const 1) $f $f) (func $f (export "_start")))'
    )
    assert found.runnable is found.source
    assert found.outline.memory == "memory"


def test_a_memory_without_a_name_gets_one() -> None:
    found = prepared('(module (memory 1) (func (export "_start")))')
    assert [one.name for one in decode(found.runnable).exports] == ["_start", found.outline.memory]
    assert found.memory_exports == ()


def test_the_name_is_one_that_is_free() -> None:
    found = prepared('(module (memory 1) (func (export "fn-tui.memory")) (func (export "fn-tui.memory.")))')
    assert found.outline.memory == "fn-tui.memory.."


def test_a_module_without_exports_gets_a_section_in_its_place() -> None:
    found = prepared('(module (memory 1) (global i32 (i32.const 1)) (func) (data (i32.const 0) "x"))')
    assert found.outline.memory is not None
    assert decode(found.runnable).export(found.outline.memory) is not None


def test_the_start_section_becomes_an_export() -> None:
    found = prepared('(module (func $s) (start $s) (func (export "_start")))')
    assert found.outline.start_export is not None
    after = decode(found.runnable)
    assert after.start is None
    start = after.export(found.outline.start_export)
    assert start is not None
    assert start.index == 0


FUNCTIONS = '(func $f) (func $g) (func (export "_start"))'


@pytest.mark.parametrize(
    "elements",
    [
        "(elem (i32.const 9) $f)",
        "(elem (i32.const 4) $f)",
        "(elem (i32.const -1) $f $g)",
        "(elem (table 0) (i32.const 9) func $f $g)",
        "(elem (i32.const 9) funcref (ref.func $f) (ref.null func))",
        "(elem (table 0) (i32.const 9) funcref (ref.func $f))",
        "(elem (i32.const 5))",
        "(elem func $g) (elem declare func $f) (elem (i32.const 3) $f $g) (elem (i32.const 0) $f)",
    ],
)
def test_elements_outside_their_table_are_declared_only(elements: str) -> None:
    found = prepared(f"(module (table 4 funcref) {elements} {FUNCTIONS})")
    assert found.runnable is not found.source
    store = wasmtime.Store()
    wasmtime.Instance(store, wasmtime.Module(store.engine, found.runnable), [])


def test_from_the_first_that_does_not_fit_none_is_applied() -> None:
    """The engine stops there; an empty one past the end does not stop it."""
    probe = '(func (export "is_null") (param i32) (result i32) (ref.is_null (table.get 0 (local.get 0))))'
    elements = "(elem (i32.const 9)) (elem (i32.const 0) $f) (elem (i32.const 4) $g) (elem (i32.const 1) $g)"
    found = prepared(f"(module (table 4 funcref) {elements} {FUNCTIONS} {probe})")
    store = wasmtime.Store()
    instance = wasmtime.Instance(store, wasmtime.Module(store.engine, found.runnable), [])
    is_null = instance.exports(store)["is_null"]
    assert isinstance(is_null, wasmtime.Func)
    assert [is_null(store, index) for index in range(4)] == [0, 1, 1, 1]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ('(data (i32.const 65535) "x")', None),
        ('(data (i32.const 65536) "")', None),
        ('(data "far away")', None),
        ('(data (i32.const 0) "x") (data (i32.const 65536) "x")', "data[1]: out of bounds memory access"),
        ('(data (i32.const 65537) "")', "data[0]: out of bounds memory access"),
        ('(data (i32.const -1) "")', "data[0]: out of bounds memory access"),
    ],
)
def test_data_outside_memory_is_refused(data: str, words: str | None) -> None:
    assert prepared(f"(module (memory 1) {data})").outline.data_refusal == words
