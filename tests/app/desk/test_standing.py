from __future__ import annotations

from dataclasses import replace

import pytest

from tests.app.records import building, built, ended, record, refused
from tui.app.desk.module_words import clock
from tui.app.desk.record import BuildProgress, FunctionRecord
from tui.app.desk.standing import Counts, first_trouble, state_of, window_title
from tui.building.events import Diagnostic
from tui.building.record.history import BuildRecord
from tui.lines.states import State

FAILURE = BuildRecord(1_700_000_100.0, 0.4, "failed", error="tinygo build failed: exit status 1")
COMPILE_ERROR = Diagnostic("error", "undefined: x", "function.go", 7, 2)


@pytest.mark.parametrize(
    ("shown", "state"),
    [
        (FunctionRecord(record().function), "reading"),
        (record(), "unbuilt"),
        (refused(), "refused"),
        (built(), "ready"),
        (built(status="warnings"), "warnings"),
        (built(status="blocked"), "blocked"),
        (built(stale=True), "stale"),
        (built(status="blocked", stale=True), "blocked"),
        (replace(built(), verdict=None), "reading"),
        (replace(built(), staleness=None), "reading"),
        (ended(built()), "failed"),
        (ended(built(), "cancelled"), "cancelled"),
        (ended(built(), "built"), "building"),  # what it made is being read
        (replace(ended(built(), "built"), at=1_700_000_101.0), "ready"),
        (replace(ended(record(), "built"), at=1_700_000_099.0), "building"),  # never "unbuilt" in between
        (replace(ended(built(stale=True)), at=1_700_000_101.0, began=False), "stale"),  # what stood in its way is gone
        (building(ended(built())), "building"),
        (replace(built(), progress=BuildProgress("queued", 2)), "queued"),
        (replace(built(), progress=BuildProgress("cancelling")), "building"),
        (ended(refused()), "refused"),
    ],
)
def test_what_stands_in_the_way_first_is_the_state(shown: FunctionRecord, state: State) -> None:
    assert state_of(shown) == state


def test_a_module_built_outside_after_a_failure_is_the_news() -> None:
    assert state_of(replace(ended(built()), modified=1_700_000_200.0)) == "ready"


def test_a_build_on_record_that_failed_is_the_news_until_there_is_another() -> None:
    shown = replace(record(), ended=FAILURE)
    assert state_of(shown) == "failed"
    assert first_trouble(shown) == "tinygo build failed: exit status 1"
    bare = replace(shown, ended=FAILURE._replace(error=None))
    assert first_trouble(bare) == f"the last build failed ({clock(FAILURE.finished)})"
    assert state_of(replace(ended(replace(built(), ended=FAILURE), "built"), at=2e9)) == "failed"


def test_trouble_is_told_with_its_place() -> None:
    assert first_trouble(ended(built(), "failed", COMPILE_ERROR)) == "function.go:7:2: undefined: x"
    assert first_trouble(ended(built())) == "tinygo build failed: exit status 1"
    assert first_trouble(refused()) == "function.yaml refused: line 3: failed to parse function.yaml: yaml: line 3"
    assert first_trouble(built(status="blocked")) == "every export traps"
    assert first_trouble(built()) is None


def test_the_title_says_what_builds_and_what_is_wrong() -> None:
    assert (
        window_title(Counts({"building": 1, "queued": 2, "failed": 1}), "shop")
        == "3 building · 1 not well · shop · fn-tui"
    )
    assert window_title(Counts({"ready": 3}), "shop") == "all well · shop · fn-tui"
    assert window_title(Counts({}), "shop") == "shop · fn-tui"
