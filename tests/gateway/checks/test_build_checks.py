from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.conftest import ECHO_SOURCE
from tests.gateway.conftest import found, only, wat
from tests.gateway.life.test_life import EXIT, START
from tests.gateway.subjects import read_subject
from tui.building.errors.diagnostics import parse_diagnostics
from tui.gateway.check import check
from tui.gateway.checks.build_checks import release
from tui.gateway.contract.contract import Contract
from tui.gateway.subject import Subject
from tui.gateway.verdict import Verdict

Verdicts = Callable[..., Verdict]
Subjects = Callable[..., Subject]


def test_pitfall_15_no_go_mod(function_directory: Callable[..., Path], contract: Contract, echo_command: bytes) -> None:
    directory = function_directory()
    (directory / "go.mod").unlink()
    seen = check(read_subject(directory), contract)
    finding = only(seen, "go-mod")
    assert finding.at_run_time.startswith("go: go.mod file not found")
    (failed,) = parse_diagnostics([finding.at_run_time], directory)
    assert (
        finding.remedy == f"{failed.fix}, in the function's directory" == "go mod init fn, in the function's directory"
    )
    assert seen.status == "blocked"
    (directory / "function.wasm").write_bytes(echo_command)
    assert check(read_subject(directory), contract).status == "warnings"  # deploy takes the module that is there


def test_pitfall_15_go_mod_above_will_do(
    function_directory: Callable[..., Path], contract: Contract, tmp_path: Path
) -> None:
    directory = function_directory(name="functions/fn")
    (directory / "go.mod").rename(tmp_path / "go.mod")
    seen = check(read_subject(directory, go_version="1.23.9"), contract)
    finding = only(seen, "go-mod")
    assert str(finding.where) == "../../go.mod:3"
    assert not found(check(read_subject(directory, go_version="1.24"), contract), "go-mod")


@pytest.mark.parametrize(
    ("have", "newer"), [("1.23.9", True), ("1.24", False), ("1.24.1", False), ("1.27rc1", False), (None, False)]
)
def test_pitfall_15_a_newer_go_line(verdict: Verdicts, have: str | None, newer: bool) -> None:
    seen = verdict(go_version=have)
    if not newer:
        assert not found(seen, "go-mod")
        return
    finding = only(seen, "go-mod")
    assert finding.message == "go.mod asks for Go 1.24, the compiler's is 1.23.9"
    assert finding.at_run_time == "go: go.mod requires go >= 1.24 (running go 1.23.9)"
    assert finding.remedy == "line 3 of go.mod: go 1.23"


@pytest.mark.parametrize(
    ("text", "numbers"), [("1.24", (1, 24, 0)), ("go1.23.9", (1, 23, 9)), ("1.25rc2", (1, 25, 0)), ("x", (0, 0, 0))]
)
def test_go_versions(text: str, numbers: tuple[int, ...]) -> None:
    assert release(text) == numbers


def test_a_package_without_main_fails_in_command_mode_only(verdict: Verdicts) -> None:
    source = "package main\n\nfunc helper() {}\n"
    seen = verdict(go=source)
    assert only(seen, "go-package").at_run_time == "wasm-ld: error: undefined symbol: main.main"
    assert seen.status == "blocked"
    assert not found(verdict(name="reactor", yaml="name: fn\nreactor: true\n", go=source), "go-package")
    assert not found(verdict(name="main", go=ECHO_SOURCE), "go-package")


def test_a_package_of_another_name(verdict: Verdicts) -> None:
    finding = only(verdict(go="package fn\n\nfunc main() {}\n"), "go-package")
    assert finding.at_run_time == 'expected main package to have name "main", not "fn"'


def test_no_go_file(verdict: Verdicts) -> None:
    assert "no Go file" in only(verdict(go=None), "go-package").message


def test_a_source_that_cannot_be_read(function_directory: Callable[..., Path], contract: Contract) -> None:
    directory = function_directory()
    (directory / "odd.go").mkdir()
    finding = only(check(read_subject(directory), contract), "source-unread")
    assert finding.message == "odd.go cannot be read: Is a directory"


def with_memory(pages: int) -> bytes:
    return wat(f'(module {EXIT} (memory (export "memory") {pages}) {START})')


def test_pitfall_16_memory_below_the_module_s_minimum(verdict: Verdicts) -> None:
    seen = verdict(yaml="name: fn\nmemory: 1\n", wasm=with_memory(17))
    finding = only(seen, "memory-limit")
    assert finding.message == "needs 17 pages (1.1 MiB) of memory at start, memory allows 1 MB"
    assert finding.at_run_time == (
        'module memory "memory" needs at least 1 MB at start, exceeds the function\'s memory limit of 1 MB'
    )
    assert finding.remedy == "line 2 of function.yaml: memory: 2"
    assert seen.status == "blocked"


@pytest.mark.parametrize(("pages", "memory"), [(16, 1), (1024, 64), (4096, 256)])
def test_pitfall_16_is_not_seen_at_the_limit(verdict: Verdicts, pages: int, memory: int) -> None:
    assert not found(verdict(yaml=f"name: fn\nmemory: {memory}\n", wasm=with_memory(pages)), "memory-limit")


def test_pitfall_16_above_what_the_host_gives(verdict: Verdicts) -> None:
    finding = only(verdict(wasm=with_memory(4097)), "memory-limit")
    assert "4,097 pages" in finding.message
    assert "4,096 pages (256 MiB)" in finding.message


def test_pitfall_16_is_not_enforced_on_reactors(verdict: Verdicts) -> None:
    fields = '(memory (export "memory") 100) (func (export "_initialize"))'
    seen = verdict(yaml="name: fn\nreactor: true\nmemory: 1\n", wasm=wat(f"(module {fields})"))
    assert not found(seen, "memory-limit")


def test_a_contract_without_a_memory_key_asks_for_none(subject: Subjects, contract: Contract) -> None:
    bare = replace(contract, memory_key=None, rules=())
    assert not found(check(subject(yaml="name: fn\nmemory: 1\n", wasm=with_memory(17)), bare), "memory-limit")


def test_a_build_that_failed_from_these_inputs_blocks(contract: Contract, subject: Subjects) -> None:
    one = replace(subject(), failed="tinygo build failed: exit status 1\nand more")
    finding = only(check(one, contract), "build-failed")
    assert finding.message == "the last build failed: tinygo build failed: exit status 1"
    assert finding.at_run_time == "deploy builds it first, and fails the same way"
    assert not found(check(replace(one, failed=None), contract), "build-failed")


def test_of_a_build_that_failed_with_an_earlier_module_there_that_one_would_go_out(
    contract: Contract, subject: Subjects, echo_command: bytes
) -> None:
    one = replace(subject(wasm=echo_command), failed="timed out after 3 s")
    finding = only(check(one, contract), "build-failed")
    assert finding.at_run_time.startswith("the module that is there is an earlier one")
