from __future__ import annotations

from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest

from tui.app.desk.builds.builds import BuildNews, Builds
from tui.app.desk.builds.watch_switch import WatchSwitch
from tui.app.desk.store import Store
from tui.app.notices import Notice
from tui.settings.keys import Settings
from tui.workspace.function import Function


class Told:
    """Stands in for the workbench: what it was told."""

    def __init__(self) -> None:
        self.said: list[Notice] = []
        self.changes = 0

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        work.close()

    def say(self, notice: Notice) -> None:
        self.said.append(notice)

    def builds_changed(self) -> None:
        self.changes += 1

    def build_ended(self, news: BuildNews) -> None:
        """No build ends here."""


@pytest.fixture
def switch(tmp_path: Path) -> WatchSwitch:
    store, told = Store(), Told()
    (tmp_path / "chat").mkdir()
    store.find([Function("chat", tmp_path / "chat", has_yaml=True, has_go=True)])
    return WatchSwitch(tmp_path, store, Builds(store, Settings(), "tinygo", told), told)


def told(switch: WatchSwitch) -> Told:
    assert isinstance(switch.listener, Told)
    return switch.listener


async def test_it_is_on_until_it_is_turned_off(switch: WatchSwitch) -> None:
    states = []
    for _ in range(3):
        switch.toggle()
        states.append(switch.is_on)
    assert states == [True, False, True]
    assert told(switch).changes == 3
    switch.stop()
    assert (switch.is_on, switch.suspended) == (False, 0)


def test_without_a_compiler_nothing_is_asked_for_and_it_is_said_once(
    switch: WatchSwitch, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    for _ in range(2):
        switch.rebuild(tmp_path / "chat", "function.go changed")
    switch.rebuild(tmp_path / "gone", "function.go changed")
    assert [notice.title for notice in told(switch).said] == ["Nothing was built"]
    assert switch.builds._queue is None
