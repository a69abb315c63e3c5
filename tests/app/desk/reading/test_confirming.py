"""What changes where no watch looks is seen all the same, once, of the function that a person looks at."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.assessment.kept.test_kept import settle
from tui.app.desk.reading import confirming as room
from tui.app.desk.reading.confirming import Confirming
from tui.app.desk.workbench import Workbench
from tui.app.options import ScreenOptions
from tui.assessment.assess import assess
from tui.assessment.assessment import Assessment
from tui.assessment.terms import terms_here
from tui.gateway.contract.reading import load_contract
from tui.settings.keys import Settings
from tui.settings.state import State
from tui.workspace.function import Function


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A function whose function.yaml is a link to one elsewhere."""
    here, elsewhere = tmp_path / "work" / "fn", tmp_path / "elsewhere"
    here.mkdir(parents=True)
    elsewhere.mkdir()
    (elsewhere / "common.yaml").write_text("name: fn\n")
    (here / "function.yaml").symlink_to(elsewhere / "common.yaml")
    (here / "function.go").write_text("package main\n\nfunc main() {}\n")
    settle(here, elsewhere)
    return here


def read(folder: Path) -> Assessment:
    return assess(Function("fn", folder, has_yaml=True, has_go=True), terms_here())


def confirming() -> Confirming:
    bench = Workbench(ScreenOptions(Path("/nowhere"), Settings(), State()), load_contract())
    return Confirming(bench.store, bench.reader)


def edit(target: Path) -> None:
    target.write_text("name: fn\npublic: true\n")


def swap(target: Path) -> None:
    """Another file in its place, with the times of long ago."""
    other = target.with_name("other.yaml")
    other.write_text("name: fn\nmemory: 128\n")
    os.utime(other, (1_700_000_000, 1_700_000_000))
    other.replace(target)


@pytest.mark.parametrize("change", [edit, swap, Path.unlink])
@pytest.mark.parametrize("looked", [True, False])
def test_what_a_link_leads_to_is_told_once(folder: Path, change: Callable[[Path], None], looked: bool) -> None:
    found, room = read(folder), confirming()
    if looked or change is Path.unlink:  # of what is gone no time tells that it is gone since the reading
        assert not room.has_changed(found)
        assert not room.has_changed(found)
    change(folder.parents[1] / "elsewhere" / "common.yaml")
    assert room.has_changed(found)
    assert not room.has_changed(found)
    settle(folder, folder.parents[1] / "elsewhere")
    found = read(folder)
    assert not room.has_changed(found)


def test_times_to_come_are_no_change_for_ever(folder: Path) -> None:
    ahead = time.time() + 1_000
    os.utime(folder / "function.go", (ahead, ahead))
    room = confirming()
    assert room.has_changed(read(folder))
    assert not any(room.has_changed(read(folder)) for _ in range(3))


@pytest.mark.parametrize("change", [edit, swap, Path.unlink])
def test_each_function_is_held_against_its_own_reading(folder: Path, change: Callable[[Path], None]) -> None:
    """Somebody goes from one to the other and back, and what changed meanwhile is seen."""
    other = folder.with_name("other")
    other.mkdir()
    (other / "function.yaml").write_text("name: other\n")
    (other / "function.go").write_text("package main\n")
    settle(folder, other)
    first, room = read(folder), confirming()
    second = assess(Function("other", other, has_yaml=True, has_go=True), terms_here())
    assert not room.has_changed(first)
    assert not room.has_changed(second)
    change(folder.parents[1] / "elsewhere" / "common.yaml")
    assert not room.has_changed(second)
    assert room.has_changed(first)


async def test_the_screen_reads_it_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "SECONDS", 0.01)
    bench = Workbench(ScreenOptions(folder.parent, Settings(), State()), load_contract())
    bench.reader.find(folder.parent)
    bench.reader.begin()
    await until(lambda: bench.store.get("fn") is not None and bench.store["fn"].is_whole)
    bench.reader.opened(bench.store["fn"])
    stop = asyncio.Event()
    following = asyncio.create_task(Confirming(bench.store, bench.reader).follow(stop))
    edit(folder.parents[1] / "elsewhere" / "common.yaml")

    def is_seen() -> bool:
        reading = bench.store["fn"].reading
        return reading is not None and reading.config is not None and reading.config.public

    await until(is_seen)
    stop.set()
    await following
    await bench.stop()


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(40):
        while not holds():
            await asyncio.sleep(0.005)
