from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import ECHO_SOURCE
from tests.examples import examples
from tests.gateway.modules import configs, modules
from tui.gateway.check import CHECK_FAULTS, check, status_of
from tui.gateway.checks.gosource import scan
from tui.gateway.checks.table import CHECKS, Case, Check, Raised
from tui.gateway.contract.contract import Contract
from tui.gateway.contract.reading import load_contract
from tui.gateway.subject import SourceFacts, Subject
from tui.gateway.verdict import Finding, Severity
from tui.text import printable
from tui.wasm.decode.decode import decode
from tui.wasm.module import Module
from tui.workspace.function import ConfigReading, FunctionConfig, KeyOrigin

EMPTY = Subject(Path("/nowhere/fn"), sources=SourceFacts())


def test_ids_are_unique_and_plain() -> None:
    ids = [one.id for one in CHECKS]
    assert len(set(ids)) == len(ids)
    for one in CHECKS:
        assert one.id.replace("-", "").isalpha()
        assert one.id == one.id.lower()
        assert 10 < len(one.title) < 80


def test_every_pitfall_has_a_check() -> None:
    assert {number for one in CHECKS for number in one.pitfalls} == set(range(1, 23))


def test_every_check_is_tried_by_a_test() -> None:
    """The table and the tests keep together: no check without a test that asks for its finding."""
    folder = Path(__file__).parent
    tests = "".join(path.read_text(encoding="utf-8") for path in folder.rglob("test_*.py") if path != Path(__file__))
    assert [one.id for one in CHECKS if f'"{one.id}"' not in tests] == []


@pytest.mark.parametrize("fault", CHECK_FAULTS)
def test_a_check_that_fails_inside_is_a_finding_and_stops_nothing(fault: type[Exception], contract: Contract) -> None:
    def failing(case: Case) -> Iterator[Raised]:
        yield Raised("lost", "", "")
        raise fault("because \x1b[2J")

    def fine(case: Case) -> Iterator[Raised]:
        yield Raised("seen", "", "")

    checks = (Check("failing", "t", "error", failing), Check("fine", "t", "info", fine))
    verdict = check(EMPTY, contract, checks)
    assert [finding.check for finding in verdict.findings] == ["failing", "fine"]
    first = verdict.findings[0]
    assert first.severity == "warning"
    assert first.message.startswith("the check failing failed inside (")
    assert printable(first.message) == first.message
    assert verdict.status == "warnings"


def test_findings_come_worst_first_in_the_order_of_the_table(contract: Contract) -> None:
    def raising(*severities: Severity) -> Callable[[Case], Iterator[Raised]]:
        return lambda _: iter([Raised(severity, "", "", None, severity) for severity in severities])

    checks = (
        Check("a", "t", "info", raising("info", "error")),
        Check("b", "t", "info", raising("warning", "error")),
    )
    found = check(EMPTY, contract, checks).findings
    assert [(finding.check, finding.severity) for finding in found] == [
        ("a", "error"),
        ("b", "error"),
        ("b", "warning"),
        ("a", "info"),
    ]


@pytest.mark.parametrize(
    ("severities", "status"),
    [((), "ready"), (("info",), "ready"), (("info", "warning"), "warnings"), (("warning", "error"), "blocked")],
)
def test_what_findings_add_up_to(severities: tuple[Severity, ...], status: str) -> None:
    assert status_of([Finding("c", severity, "", "", "") for severity in severities]) == status


def test_sources_are_gathered_where_nobody_did(function_directory: Callable[..., Path], contract: Contract) -> None:
    directory = function_directory(go="package other\n")
    assert "go-package" in {finding.check for finding in check(Subject(directory), contract).findings}


def test_nothing_at_all_gives_a_verdict(contract: Contract) -> None:
    verdict = check(Subject(Path("/nowhere/at/all")), contract)
    assert verdict.status in ("ready", "warnings", "blocked")


def readings(config: FunctionConfig) -> ConfigReading:
    origins = {key: KeyOrigin(key, 2, 1, "") for key in ("timeout", "retry.count", "env", "memory")}
    return ConfigReading(config, None, (), origins)


sources = st.builds(
    SourceFacts,
    files=st.just(("function.go",)),
    packages=st.sampled_from([(), ("main",), ("x\x1b",)]),
    exports=st.just(scan("function.go", ECHO_SOURCE + "\n//go:wasmexport ws_open\nfunc a() {}\n").exports),
    go_line=st.none() | st.sampled_from(["1.24", "9", "x"]),
    go_mod=st.none() | st.just(Path("/go.mod")),
)


@settings(max_examples=examples(2), suppress_health_check=[HealthCheck.too_slow])
@given(st.none() | configs.map(readings), st.none() | modules, sources, st.none() | st.text(max_size=9))
def test_any_function_gets_a_verdict_without_a_fault(
    reading: ConfigReading | None, module: Module | None, facts: SourceFacts, text: str | None
) -> None:
    subject = Subject(Path("/nowhere/fn"), reading, module, text, text, facts, "1.23")
    for finding in check(subject, load_contract()).findings:
        assert "failed inside" not in finding.message
        for said in (finding.message, finding.at_run_time, finding.remedy):
            assert said
            assert printable(said) == said


@settings(max_examples=examples(2))
@given(st.data())
def test_damaged_modules_get_a_verdict_without_a_fault(persistent_reactor: bytes, data: st.DataObject) -> None:
    source = bytearray(persistent_reactor[:4000] if data.draw(st.booleans()) else persistent_reactor)
    for _ in range(data.draw(st.integers(1, 6))):
        source[data.draw(st.integers(0, 3999))] = data.draw(st.integers(0, 255))
    module = decode(bytes(source))
    config = data.draw(configs)
    subject = Subject(Path("/nowhere/fn"), readings(config), module, sources=SourceFacts(), wasm=bytes(source))
    for finding in check(subject, load_contract()).findings:
        assert "failed inside" not in finding.message
        assert printable(finding.message) == finding.message
