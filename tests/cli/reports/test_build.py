from __future__ import annotations

import json
import re
from pathlib import Path
from typing import get_args

import pytest

from tests.make_readme import README
from tui.building.events import (
    BuildCancelling,
    BuildEnded,
    BuildOutputBatch,
    BuildPhase,
    BuildPlan,
    BuildResult,
    BuildStarted,
    BuildStatus,
    BuildWaiting,
    QueueEvent,
    WaitsFor,
)
from tui.cli.reports.build import JsonReporter

FN = Path("/w/fn")
PLAN = BuildPlan(("tinygo", "build", "."), FN, FN / "function.wasm", "command", "", compiler="tinygo")
EVENTS: tuple[QueueEvent, ...] = (
    BuildWaiting(FN),
    BuildStarted(FN, PLAN),
    BuildOutputBatch(FN, "stdout", ("a line",), 0.1),
    BuildPhase(FN, "linking", 0.2),
    BuildCancelling(FN, "SIGINT", 5.0),
    BuildEnded(FN, BuildResult(FN, "built", 0, 1.0)),
)


def in_readme() -> dict[str, tuple[str, set[str]]]:
    """Each event that the README tells of: the row, and what stands in it as code."""
    rows = re.findall(
        r"^\| `(\w+)` \| ([^|]+\|[^|]+)\|$", README.read_text().partition("`build --json`")[2], re.MULTILINE
    )
    return {event: (row, set(re.findall(r"`(\w+)`", row))) for event, row in rows}


def test_the_readme_tells_of_each_event_and_all_its_fields(capsys: pytest.CaptureFixture[str]) -> None:
    reporter = JsonReporter()
    for event in EVENTS:
        reporter.handle(event)
    told = {record.pop("event"): record for record in map(json.loads, capsys.readouterr().out.splitlines())}
    known = in_readme()
    values = {"waiting": set(get_args(WaitsFor)), "end": set(get_args(BuildStatus)), "start": {"plan"}}
    for name, record in told.items():
        assert known[name][1] == (record.keys() - {"dir", "path"}) | values.get(name, set()), name
    assert told.keys() <= known.keys()
