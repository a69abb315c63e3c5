"""The line below what `build --all` prints on a terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui.building.events import BuildEnded, BuildQueued, BuildResult
from tui.building.process.queue import never_started
from tui.cli.reports.build import TextReporter
from tui.cli.reports.progress_bar import ProgressBar

FUNCTIONS = [Path("/ws/chat"), Path("/ws/echo")]


@pytest.fixture
def bar() -> ProgressBar:
    return ProgressBar(TextReporter(live=False), dict.fromkeys(FUNCTIONS, 10.0), 1, ascii_only=True)


def test_what_a_cluster_left_is_not_counted_twice(bar: ProgressBar) -> None:
    for function in FUNCTIONS:
        bar.handle(BuildEnded(function, never_started(function, "it has gone", "lost")))
    assert "2/2" in bar.line()
    for place, function in enumerate(FUNCTIONS, 1):
        bar.handle(BuildQueued(function, place, "person"))
    assert "0/2" in bar.line()
    assert "0:20 left" in bar.line()
    bar.handle(BuildEnded(FUNCTIONS[0], BuildResult(FUNCTIONS[0], "built", 0, 1.0)))
    assert "1/2" in bar.line()


def test_while_something_is_asked_nothing_is_drawn_over_it(
    bar: ProgressBar, capsys: pytest.CaptureFixture[str]
) -> None:
    bar.draw()
    bar.rest()
    capsys.readouterr()
    bar.draw()
    assert capsys.readouterr().err == ""
    bar.handle(BuildQueued(FUNCTIONS[0], 1, "person"))
    assert "0/2" in capsys.readouterr().err
