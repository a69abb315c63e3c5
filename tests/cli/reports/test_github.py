from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tui.building.events import BuildResult, Diagnostic
from tui.cli.reports.github import command, workflow_commands

FN = Path("/w/functions/fn")


def commands(*diagnostics: Diagnostic, error: str = "tinygo build failed: exit status 1") -> list[str]:
    result = BuildResult(FN, "failed", 1, 0.5, error=error, diagnostics=diagnostics)
    return list(workflow_commands(result, Path("/w")))


def test_a_place() -> None:
    diagnostic = Diagnostic("error", "undefined: x", path="function.go", line=4, column=2, details=("\tgo get x",))
    assert commands(diagnostic) == ["::error file=functions/fn/function.go,line=4,col=2::undefined: x%0A\tgo get x"]


def test_kinds_and_what_has_no_place() -> None:
    told = commands(
        Diagnostic("warning", "w"), Diagnostic("note", "n"), Diagnostic("error", "e", path="/go/src/os/a.go")
    )
    assert told == [
        "::warning file=functions/fn/function.go::w",
        "::notice file=functions/fn/function.go::n",
        "::error file=../go/src/os/a.go::e",
    ]


def test_a_failure_without_a_place_is_told_of_the_function() -> None:
    assert commands(error="100% wrong\n") == ["::error file=functions/fn/function.yaml::100%25 wrong%0A"]


def test_good_builds_say_nothing() -> None:
    assert list(workflow_commands(BuildResult(FN, "built", 0, 0.5, size=8), Path("/w"))) == []


@given(st.text(), st.text())
def test_no_text_leaves_its_place(message: str, file: str) -> None:
    told = command("error", message, file=file)
    assert "\n" not in told
    assert "\r" not in told
    head, _, rest = told.removeprefix("::error file=").partition("::")
    assert "," not in head
    for code, character in (("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
        rest = rest.replace(code, character)
    assert rest == message
