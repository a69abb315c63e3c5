from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from tui.building.events import BuildResult, BuildStatus, Diagnostic
from tui.cli.reports.junit import OUTPUT_KEPT, junit_xml

ROOT = Path("/w")


def suite(*results: BuildResult, lines: tuple[str, ...] = ()) -> ET.Element:
    return ET.fromstring(junit_xml([(result, lines) for result in results], ROOT))


def result(status: BuildStatus, name: str = "fn", error: str | None = None) -> BuildResult:
    return BuildResult(ROOT / name, status, 0, 1.25, error=error)


def test_counts_and_outcomes() -> None:
    root = suite(result("built", "a"), result("failed", "b", "no"), result("skipped", "c"), result("cancelled", "d"))
    assert root.attrib == {
        "name": "fn-tui build", "tests": "4", "failures": "1", "errors": "1", "skipped": "1", "time": "5.000"
    }  # fmt: skip
    outcomes = {case.get("name"): [child.tag for child in case] for case in root.iter("testcase")}
    assert outcomes == {"a": [], "b": ["failure"], "c": ["skipped"], "d": ["error"]}


def test_places_of_a_failure() -> None:
    places = (Diagnostic("error", "x < y", path="function.go", line=3),)
    failed = BuildResult(ROOT / "fn", "failed", 1, 0.1, error="it failed", diagnostics=places)
    failure = suite(failed).find(".//failure")
    assert failure is not None
    assert (failure.get("message"), failure.text) == ("it failed", "function.go:3: x < y")


def test_the_last_lines_are_kept() -> None:
    lines = tuple(str(number) for number in range(OUTPUT_KEPT + 10))
    text = suite(result("built"), lines=lines).findtext(".//system-out") or ""
    assert text.splitlines()[0] == "10"
    assert text.splitlines()[-1] == lines[-1]


@given(st.text(), st.text(), st.lists(st.text(alphabet=st.characters())))
def test_always_xml(name: str, error: str, lines: list[str]) -> None:
    failed = BuildResult(ROOT / ("x" + name.replace("/", "").replace("\0", "")), "failed", 1, 0.1, error=error)
    root = suite(failed, lines=tuple(lines))
    assert root.find(".//failure") is not None


@given(st.binary(max_size=60))
def test_names_that_are_not_utf8(name: bytes) -> None:
    text = (b"x" + name.replace(b"/", b"").replace(b"\0", b"")).decode("utf-8", "surrogateescape")
    assert suite(result("built", text)).find(".//testcase") is not None
