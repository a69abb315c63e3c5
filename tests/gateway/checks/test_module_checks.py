from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.gateway.conftest import found, only, wat
from tests.gateway.engine.test_features import claiming
from tests.gateway.life.test_life import EXIT, START
from tui.gateway.check import check
from tui.gateway.contract.contract import Contract
from tui.gateway.model import Verdict
from tui.gateway.subject import Subject

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
    assert "does not compile at the first call" in finding.at_run_time


def test_a_module_that_cannot_be_read(
    verdict: Verdicts, function_directory: Callable[..., Path], contract: Contract
) -> None:
    from tui.gateway.subject import read_subject

    directory = function_directory()
    (directory / "function.wasm").mkdir()
    seen = check(read_subject(directory), contract)
    assert "cannot be read: Is a directory" in only(seen, "module-invalid").message
    assert not found(seen, "module-absent")


def test_pitfall_21_a_component(verdict: Verdicts) -> None:
    seen = verdict(wasm=COMPONENT)
    finding = only(seen, "module-component")
    assert finding.message == "function.wasm is a component; wazero runs core modules only"
    assert "wasip2" in finding.remedy
    assert not found(seen, "module-invalid")
    assert seen.status == "blocked"


def test_pitfall_21_imports_of_preview_2(verdict: Verdicts) -> None:
    fields = '(import "wasi:cli/stdin@0.2.0" "get-stdin" (func (result i32)))'
    finding = only(verdict(wasm=wat(f"(module {fields} {START})")), "module-component")
    assert "wasi:cli/stdin@0.2.0" in finding.message
    assert finding.at_run_time == "module[wasi:cli/stdin@0.2.0] not instantiated"
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
    from tui.building.inputs.freshness import staleness
    from tui.gateway.subject import read_subject

    directory = function_directory(wasm=echo_command)
    os.utime(directory / "function.wasm", (1_000_000_000, 1_000_000_000))
    subject = read_subject(directory)
    stale = staleness(directory, subject.config)
    assert found(check(subject.with_stale(stale.reason), contract), "module-stale")


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
    assert finding.at_run_time == "the module does not compile at the first call"
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
    cut = replace(read, module=replace(read.module, unread=frozenset({10})))
    assert only(check(cut, contract), "module-incomplete").severity == "warning"
