from __future__ import annotations

from dataclasses import replace

import pytest

from tests.app.records import built, ended, finding, record, refused
from tui.app.desk.record import FunctionRecord
from tui.app.panes.places import copy_of_record, place_to_edit
from tui.building.events import Diagnostic
from tui.building.plan.plan import plan_build
from tui.gateway.verdict import Finding, Place, Verdict
from tui.workspace.function import FunctionConfig

NOTE = Diagnostic("warning", "unused", "function.go", 1, 1)
INSIDE = Diagnostic("error", "in the runtime", "/go/src/runtime/x.go", 9, in_toolchain=True)
OURS = Diagnostic("error", "undefined: x", "lib/util.go", 12, 3)


def blocked(place: Place | None, severity: str = "error") -> FunctionRecord:
    found = finding(severity)._replace(where=place)
    return replace(built(), verdict=Verdict("blocked", (found,)))


@pytest.mark.parametrize(
    ("shown", "name", "line", "column"),
    [
        (refused(line=7), "function.yaml", 7, 1),
        (ended(record(), "failed", NOTE, INSIDE, OURS), "util.go", 12, 3),
        (ended(record(), "failed"), "function.go", None, None),
        (ended(record(), "built", OURS), "function.go", None, None),
        (blocked(Place("function.yaml", 2)), "function.yaml", 2, None),
        (blocked(Place("function.wasm")), "function.go", None, None),
        (blocked(None), "function.go", None, None),
        (built(), "function.go", None, None),
    ],
)
def test_the_editor_opens_where_it_is_most_wanted(
    shown: FunctionRecord, name: str, line: int | None, column: int | None
) -> None:
    place = place_to_edit(shown)
    assert (place.path.name, place.line, place.column) == (name, line, column)
    assert place.path.is_relative_to(shown.function.directory)


def test_without_a_function_go_the_config_is_opened() -> None:
    alone = record()
    alone = replace(alone, function=alone.function._replace(has_go=False))
    assert place_to_edit(alone).path.name == "function.yaml"


def test_a_refused_config_that_is_not_there_is_not_opened() -> None:
    shown = refused()
    shown = replace(shown, function=shown.function._replace(has_yaml=False))
    assert place_to_edit(shown).path.name == "function.go"


def test_the_planned_command_is_copied_else_the_directory() -> None:
    shown = record()
    assert copy_of_record(shown).text == str(shown.function.directory)
    plan = plan_build(shown.function.directory, FunctionConfig("fn"))
    copied = copy_of_record(replace(shown, plan=plan))
    assert "tinygo build -o" in copied.text
    assert copied.what == "the planned command"


def test_findings_have_places() -> None:
    assert isinstance(blocked(Place("function.yaml", 2)).verdict.findings[0], Finding)  # type: ignore[union-attr]
