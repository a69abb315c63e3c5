"""What no compiler takes, seen in the sources alone; tests/building/errors holds what the compilers say of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ECHO_SOURCE
from tests.gateway.conftest import found, only
from tests.gateway.subjects import read_subject
from tui.gateway.check import check
from tui.gateway.contract.contract import Contract
from tui.gateway.verdict import Verdict

Verdicts = Callable[..., Verdict]
MAIN = "package main\n\nfunc main() {}\n"
EXPORT = "//go:wasmexport {name}\nfunc {name}{signature} {{}}\n"
IDS = (
    "source-function-go",
    "source-left-out",
    "source-duplicate-export",
    "source-export-type",
    "source-toolchain",
)


def test_sound_sources_have_none_of_them(verdict: Verdicts) -> None:
    seen = verdict(go=MAIN + EXPORT.format(name="handle", signature="(ptr, length uint32) uint64"), go_version="1.27.0")
    assert [name for name in IDS if found(seen, name)] == []


def test_one_name_exported_twice(verdict: Verdicts, echo_command: bytes) -> None:
    source = MAIN + EXPORT.format(name="handle", signature="()") + "\n//go:wasmexport handle\nfunc other() {}\n"
    finding = only(verdict(go=source), "source-duplicate-export")
    assert finding.message == '"handle" is exported 2 times: at function.go:4 and at function.go:7'
    assert str(finding.where) == "function.go:7"
    assert finding.severity == "error"
    built = verdict(name="built", go=source, wasm=echo_command)
    assert only(built, "source-duplicate-export").severity == "warning"  # deploy takes the module that is there


@pytest.mark.parametrize(
    ("signature", "told"),
    [
        ("(x []byte) uint32", True),
        ("() error", True),
        ("(m map[string]int)", True),
        ("(f func())", True),
        ("(c chan int)", True),
        ("(a, b uint32) (uint32, error)", True),
        ("(a, b uint32) uint64", False),
        ("(p unsafe.Pointer)", False),
        ("(p MyPointer)", False),
    ],
)
def test_types_that_cannot_cross(verdict: Verdicts, signature: str, told: bool) -> None:
    seen = verdict(go=MAIN + EXPORT.format(name="handle", signature=signature))
    assert bool(found(seen, "source-export-type")) is told


def test_every_file_left_out(verdict: Verdicts) -> None:
    finding = only(verdict(go=f"//go:build linux\n\n{ECHO_SOURCE}"), "source-left-out")
    assert finding.message == "no Go file is left to build: //go:build linux"
    assert str(finding.where) == "function.go:1"


def test_no_function_go_beside_others(function_directory: Callable[..., Path], contract: Contract) -> None:
    directory = function_directory()
    (directory / "function.go").rename(directory / "main.go")
    finding = only(check(read_subject(directory), contract), "source-function-go")
    assert finding.at_run_time == f"function.go not found in {directory}"
    assert finding.remedy == "mv main.go function.go"
    assert finding.severity == "error"


def test_a_toolchain_line_for_a_newer_go(function_directory: Callable[..., Path], contract: Contract) -> None:
    directory = function_directory()
    (directory / "go.mod").write_text("module example.com/fn\n\ngo 1.22\n\ntoolchain go1.99.1\n")
    finding = only(check(read_subject(directory, go_version="1.23.9"), contract), "source-toolchain")
    assert str(finding.where) == "go.mod:5"
    assert finding.severity == "warning"
    assert not found(check(read_subject(directory, go_version="1.99.1"), contract), "source-toolchain")
