from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.gateway.conftest import found, only, wat
from tests.gateway.engine.test_features import claiming
from tests.gateway.life.test_life import EXIT, START
from tests.wasm.binary import custom
from tui.gateway.check import check
from tui.gateway.contract.contract import Contract
from tui.gateway.subject import Subject
from tui.gateway.verdict import Verdict
from tui.wasm.validate import validate

Verdicts = Callable[..., Verdict]
Subjects = Callable[..., Subject]
COMPONENT = b"\0asm\x0d\0\1\0"


def test_no_build_is_a_note(verdict: Verdicts) -> None:
    seen = verdict()
    assert only(seen, "module-absent").severity == "info"
    assert seen.status == "ready"
    assert not found(seen, "module-invalid")


def test_a_built_module_is_not_absent(verdict: Verdicts, echo_command: bytes) -> None:
    seen = verdict(wasm=echo_command)
    assert seen == Verdict("ready")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not a WebAssembly module"),
        (b"<!DOCTYPE html>", "not a WebAssembly module"),
        (b"\x7fELF", "not a WebAssembly module"),
        (b"\0asm", "header needs 8 bytes"),
    ],
)
def test_pitfall_2_what_is_no_module(verdict: Verdicts, content: bytes, said: str) -> None:
    seen = verdict(wasm=content)
    finding = only(seen, "module-invalid")
    assert said in finding.message
    assert finding.at_run_time.startswith("existing function.wasm is invalid: ")
    assert str(finding.where) == "function.wasm"
    assert seen.status == "blocked"


def test_pitfall_2_a_truncated_module(verdict: Verdicts, echo_command: bytes) -> None:
    finding = only(verdict(wasm=echo_command[: len(echo_command) // 2]), "module-invalid")
    assert f"of {len(echo_command) // 2:,})" in finding.message
    assert finding.at_run_time.startswith("WASM compilation failed (wazero: section code: read ")


def test_a_module_that_cannot_be_read(
    verdict: Verdicts, function_directory: Callable[..., Path], contract: Contract
) -> None:
    from tests.gateway.subjects import read_subject

    directory = function_directory()
    (directory / "function.wasm").mkdir()
    seen = check(read_subject(directory), contract)
    assert "cannot be read: Is a directory" in only(seen, "module-invalid").message
    assert not found(seen, "module-absent")


def test_pitfall_21_a_component(verdict: Verdicts) -> None:
    seen = verdict(wasm=COMPONENT)
    finding = only(seen, "module-component")
    assert finding.message == "function.wasm is a component; wazero runs core modules only"
    assert finding.at_run_time.endswith("WASM compilation failed (wazero: invalid version header)")
    assert "wasip2" in finding.remedy
    assert not found(seen, "module-invalid")
    assert seen.status == "blocked"


def test_pitfall_21_imports_of_preview_2(verdict: Verdicts) -> None:
    fields = '(import "wasi:cli/stdin@0.2.0" "get-stdin" (func (result i32)))'
    finding = only(verdict(wasm=wat(f"(module {fields} {START})")), "module-component")
    assert "wasi:cli/stdin@0.2.0" in finding.message
    assert finding.at_run_time == "failed to instantiate module: module[wasi:cli/stdin@0.2.0] not instantiated"
    assert not found(verdict_of_preview_1(verdict), "module-component")


def verdict_of_preview_1(verdict: Verdicts) -> Verdict:
    return verdict(name="one", wasm=wat(f"(module {EXIT} {START})"))


def test_pitfall_1_a_stale_module(verdict: Verdicts, echo_command: bytes) -> None:
    seen = verdict(wasm=echo_command, stale="function.go changed since the build")
    finding = only(seen, "module-stale")
    assert "function.go changed since the build" in finding.message
    assert finding.at_run_time.startswith("old code runs")
    assert seen.status == "warnings"
    assert not found(verdict(name="fresh", wasm=echo_command), "module-stale")


def test_pitfall_1_staleness_comes_from_the_files(
    function_directory: Callable[..., Path], echo_command: bytes, contract: Contract
) -> None:
    """The text is what the build room says of the directory: a source newer than the module."""
    from tests.gateway.subjects import read_subject
    from tui.building.inputs.freshness import staleness

    directory = function_directory(wasm=echo_command)
    os.utime(directory / "function.wasm", (1_000_000_000, 1_000_000_000))
    subject = read_subject(directory)
    stale = staleness(directory, subject.config)
    assert found(check(replace(subject, stale=stale.reason), contract), "module-stale")


def test_a_wrong_mode_is_not_said_twice(verdict: Verdicts, persistent_command: bytes) -> None:
    seen = verdict(
        yaml="name: fn\nws_persistent: true\n",
        wasm=persistent_command,
        stale="built as command, function.yaml asks for reactor",
    )
    assert found(seen, "build-mode")
    assert not found(seen, "module-stale")


@pytest.mark.parametrize(
    ("fields", "feature"),
    [
        ("(memory 1 1 shared)", "atomics"),
        ("(tag $e)", "exception-handling"),
        ("(type (struct))", "gc"),
        ("(func $f return_call $f)", "tail-call"),
        ("(memory i64 1)", "memory64"),
        ("(memory 1) (memory 1)", "multimemory"),
        ("(global i32 (i32.add (i32.const 1) (i32.const 1)))", "extended-const"),
    ],
)
def test_pitfall_22_features_that_wazero_lacks(verdict: Verdicts, fields: str, feature: str) -> None:
    seen = verdict(wasm=wat(f"(module {fields} {START})"))
    finding = only(seen, "feature-unsupported")
    assert finding.message.startswith(f"uses {feature} (")
    assert finding.at_run_time.startswith("WASM compilation failed (wazero: ")
    assert seen.status == "blocked"


def test_pitfall_22_the_bytes_are_read_where_nobody_hands_them_over(subject: Subjects, contract: Contract) -> None:
    tail_call = subject(wasm=wat(f"(module (func $f return_call $f) {START})"))
    assert found(check(replace(tail_call, wasm=None), contract), "feature-unsupported")


def test_pitfall_22_a_claim_alone_is_a_warning(verdict: Verdicts) -> None:
    module = claiming("+tail-call", "+bulk-memory") + wat(f"(module {START})")[8:]
    seen = verdict(wasm=module)
    finding = only(seen, "feature-claimed")
    assert "tail-call" in finding.message
    assert "bulk-memory" not in finding.message
    assert finding.severity == "warning"
    assert not found(seen, "feature-unsupported")


def test_pitfall_22_a_claim_that_is_seen_is_said_once(verdict: Verdicts) -> None:
    seen = verdict(wasm=claiming("+tail-call") + wat(f"(module (func $f return_call $f) {START})")[8:])
    assert found(seen, "feature-unsupported")
    assert not found(seen, "feature-claimed")


def test_a_module_that_was_not_read_to_its_end(subject: Subjects, contract: Contract, echo_command: bytes) -> None:
    read = subject(wasm=echo_command)
    assert read.module is not None
    cut = replace(read, module=read.module._replace(unread=frozenset({10})))
    assert only(check(cut, contract), "module-incomplete").severity == "warning"


def test_a_rule_of_the_engine_alone(verdict: Verdicts) -> None:
    twice = wat('(module (func (export "_start")))') + 2 * custom("name", b"")
    seen = verdict(wasm=twice)
    finding = only(seen, "engine-refuses")
    assert finding.message == "wazero refuses the module: section custom: redundant custom section name"
    assert finding.at_run_time == "WASM compilation failed (wazero: section custom: redundant custom section name)"
    assert seen.status == "blocked"


def test_data_that_does_not_fit_is_told_before_the_first_call(verdict: Verdicts) -> None:
    text = '(module (memory (export "memory") 1) (data (i32.const 65535) "ab") (func (export "_start")))'
    finding = only(verdict(wasm=wat(text)), "engine-refuses")
    assert finding.at_run_time == "failed to instantiate module: data[0]: out of bounds memory access"


STACK = b"\0asm\1\0\0\0\1\4\1\x60\0\0\3\2\1\0\7\x0a\1\6_start\0\0\x0a\7\1\5\0\x41\1\x6a\x0b"


@pytest.mark.parametrize("validated", [True, False])
def test_a_body_that_does_not_validate(subject: Callable[..., Subject], contract: Contract, validated: bool) -> None:
    laid_out = subject(wasm=STACK)
    seen = check(replace(laid_out, validation=validate(STACK) if validated else None), contract)
    finding = only(seen, "function-body")
    words = 'invalid function[0] export["_start"]: cannot pop the 2nd operand for i32.add: i32 missing'
    assert words in finding.message
    assert finding.at_run_time == f"WASM compilation failed (wazero: {words})"
    assert seen.status == "blocked"


def test_bodies_that_nobody_validated_are_told(
    subject: Callable[..., Subject], contract: Contract, echo_command: bytes
) -> None:
    seen = check(subject(wasm=echo_command), contract)
    finding = only(seen, "function-body")
    assert finding.severity == "info"
    assert finding.message.startswith("function bodies were not validated: ")
    assert seen.status == "ready"


def test_what_only_the_validator_refuses_is_not_refused(verdict: Verdicts) -> None:
    """More than 50,000 locals: wasmtime gives up, wazero does not."""
    locals_ = b"\1\xd1\x86\3\x7f"  # a run of 50,001
    body = locals_ + b"\x0b"
    code = b"\1" + bytes((len(body),)) + body
    source = STACK[: STACK.index(b"\x0a\7\1\5")] + b"\x0a" + bytes((len(code),)) + code
    validation = validate(source)
    assert validation is not None
    assert validation.refused
    seen = verdict(wasm=source)
    assert only(seen, "function-body").message.startswith("wasmtime refuses the module, wazero takes it: ")
    assert seen.status == "warnings"


def test_a_start_section_that_fails(verdict: Verdicts) -> None:
    text = '(module (func $s unreachable) (start $s) (func (export "_start")))'
    seen = verdict(wasm=wat(text))
    assert only(seen, "start-fails").message == "the start section's function traps"
    words = "failed to instantiate module: start function[0] failed: wasm error: unreachable"
    assert only(seen, "start-fails").at_run_time == words
    assert seen.status == "blocked"


def test_a_start_section_that_fails_is_named_with_the_export_that_the_engine_takes_it_for(verdict: Verdicts) -> None:
    imported = '(import "wasi_snapshot_preview1" "proc_exit" (func (param i32)))'
    text = f'(module {imported} (func $s unreachable) (start $s) (func (export "_start")))'
    words = 'failed to instantiate module: start function[1] export["_start"] failed: wasm error: unreachable'
    assert only(verdict(wasm=wat(text)), "start-fails").at_run_time == words


def test_a_start_section_that_exits_is_told_without_its_name(verdict: Verdicts) -> None:
    imported = '(import "wasi_snapshot_preview1" "proc_exit" (func $e (param i32)))'
    text = f'(module {imported} (func $s (call $e (i32.const 3))) (start $s) (func (export "_start")))'
    words = "failed to instantiate module: module closed with exit_code(3)"
    assert only(verdict(wasm=wat(text)), "start-fails").at_run_time == words


def test_a_function_that_calls_itself_whatever_happens_overflows_the_stack(verdict: Verdicts) -> None:
    started = only(verdict(wasm=wat('(module (func $s call $s) (start $s) (func (export "_start")))')), "start-fails")
    assert started.at_run_time.endswith("start function[0] failed: stack overflow")


def test_two_functions_that_call_each_other_whatever_happens_overflow_the_stack(verdict: Verdicts) -> None:
    called = verdict(wasm=wat('(module (func $a (export "_start") call $b) (func $b (export "b") call $a))'))
    assert "stack overflow" in only(called, "export-missing").at_run_time


def test_a_start_section_is_enough_for_a_command(verdict: Verdicts) -> None:
    seen = verdict(wasm=wat("(module (func $s) (start $s))"))
    finding = only(seen, "export-by-accident")
    assert finding.at_run_time == "the start section runs at instantiation, and is all that runs"
