from __future__ import annotations

from pathlib import Path

from tests.app.records import record
from tui.app.desk.builds.under_way import UnderWay
from tui.building.events import BuildEnded, BuildQueued, BuildResult, BuildStarted, BuildStatus, BuildWaiting
from tui.building.plan.plan import plan_build
from tui.workspace.function import FunctionConfig

HERE = Path("/fn")
PLAN = plan_build(HERE, FunctionConfig("fn"))


def ended(status: BuildStatus) -> BuildEnded:
    return BuildEnded(HERE, BuildResult(HERE, status, 0, 1.0))


def test_builds_are_counted_until_none_is_left() -> None:
    under_way = UnderWay(lambda _: 10.0)
    assert under_way.progress(1, 0.0) is None
    for place, name in enumerate("abc", 1):
        under_way.handle(name, BuildQueued(HERE, place, "person"), record(name))
    under_way.handle("a", BuildStarted(HERE, PLAN), record("a"))
    found = under_way.progress(1, 0.0)
    assert found is not None
    assert (found.done, found.total, found.failed) == (0, 3, 0)
    under_way.handle("a", BuildWaiting(HERE, waits_for="slot"), record("a"))  # its worker has died
    found = under_way.progress(1, 0.0)
    assert found is not None
    assert (found.done, found.total, found.seconds_left) == (0, 3, 30.0)
    under_way.handle("a", BuildStarted(HERE, PLAN), record("a"))
    under_way.handle("a", ended("failed"), record("a"))
    under_way.handle("b", ended("cancelled"), None)  # before it began
    found = under_way.progress(1, 0.0)
    assert found is not None
    assert (found.done, found.total, found.failed, found.seconds_left) == (2, 3, 1, 10.0)
    under_way.handle("c", ended("built"), record("c"))
    assert under_way.progress(1, 0.0) is None
    under_way.handle("a", BuildQueued(HERE, 1, "person"), record("a"))
    found = under_way.progress(1, 0.0)
    assert found is not None
    assert (found.done, found.total, found.failed) == (0, 1, 0)
