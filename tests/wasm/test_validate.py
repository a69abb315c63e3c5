from __future__ import annotations

import builtins
from collections.abc import Callable

import pytest

from tests.wasm.binary import body, functions, module
from tests.wasm.features import assemble
from tests.wasm.tinygo import TEXT, tinygo_module
from tui.wasm.validate import validate


def test_real_modules_are_valid(echo_command: bytes) -> None:
    for source in (echo_command, tinygo_module()):
        found = validate(source)
        assert found is not None
        assert found.ok
        assert not found.refused


def test_an_error_is_placed_in_its_function_and_package() -> None:
    source = assemble(TEXT.replace('(func $"main.main$1" nop nop)', '(func $"main.main$1" i64.const 1 drop i32.eqz)'))
    found = validate(source)
    assert found is not None
    assert (found.outcome, found.symbol, found.package) == ("invalid", "main.main$1", "main")
    assert found.function == 3
    assert found.message == "type mismatch: expected i32 but nothing on stack"
    assert found.offset is not None
    assert found.refused


def test_an_error_outside_functions() -> None:
    found = validate(assemble('(module (func) (export "a" (func 0)) (export "a" (func 0)))'))
    assert found is not None
    assert found.function is None
    assert "duplicate export name" in found.message


def test_legacy_exceptions_are_named_as_what_they_are() -> None:
    found = validate(module(functions(body(b"\x06\x40\x19\x0b"))))
    assert found is not None
    assert found.outcome == "legacy exceptions"
    assert found.function == 0
    assert "before WebAssembly 3.0" in found.message


@pytest.mark.parametrize(("source", "outcome"), [(b"<html>", "not wasm"), (b"\0asm\x0d\0\1\0", "component")])
def test_what_is_no_core_module_never_reaches_the_validator(source: bytes, outcome: str) -> None:
    found = validate(source)
    assert found is not None
    assert found.outcome == outcome
    assert found.refused


def test_without_the_extra_there_is_no_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    plain: Callable[..., object] = builtins.__import__

    def refuse(name: str, *args: object) -> object:
        assert not name.startswith("wasmtime")
        return plain(name, *args)

    monkeypatch.setattr("tui.wasm.validator.find_spec", lambda _: None)
    monkeypatch.setattr(builtins, "__import__", refuse)
    assert validate(tinygo_module()) is None
