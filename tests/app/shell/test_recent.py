from __future__ import annotations

import asyncio
import threading
from pathlib import Path

from tests.conftest import ECHO_SOURCE
from tests.flows.conftest import add_function
from tests.flows.stage import opened
from tui.app.dialogs.choices.choice import ChoiceScreen
from tui.app.shell.recent import OFFERED, RecentWorkspaces


async def looked(recent: RecentWorkspaces) -> tuple[Path, ...]:
    """What is found now; it must be another than before."""
    ended = asyncio.Event()
    recent.look(ended.set)
    await asyncio.wait_for(ended.wait(), 40)
    return recent.found


class Hanging(type(Path())):  # type: ignore[misc]
    """A folder on a disk that answers when it is told to."""

    answers = threading.Event()

    def __fspath__(self) -> str:
        assert self.answers.wait(40)
        return str(self)


async def test_what_is_gone_is_not_offered_and_comes_back(tmp_path: Path) -> None:
    one, other, file = tmp_path / "one", tmp_path / "other", tmp_path / "file"
    one.mkdir()
    file.touch()
    recent = RecentWorkspaces([other, file, Path("/w\udcff\0"), one])
    assert recent.found == ()
    assert await looked(recent) == (one,)
    other.mkdir()
    assert await looked(recent) == (other, one)


async def test_so_many_are_offered_newest_first(tmp_path: Path) -> None:
    folders = [tmp_path / str(number) for number in range(OFFERED + 5)]
    for folder in folders:
        folder.mkdir()
    assert await looked(RecentWorkspaces(folders)) == tuple(folders[:OFFERED])


async def test_a_disk_that_hangs_is_waited_for_by_one_thread_alone(tmp_path: Path) -> None:
    Hanging.answers.clear()
    recent = RecentWorkspaces([Hanging(tmp_path)])
    told: list[str] = []
    recent.look(lambda: told.append("first"))
    looking = threading.active_count()
    ended = asyncio.Event()
    recent.look(ended.set)
    assert threading.active_count() == looking
    Hanging.answers.set()
    await asyncio.wait_for(ended.wait(), 40)
    assert ([*recent.found], told) == ([tmp_path], [])


async def test_who_waits_is_told_though_somebody_looks_who_does_not(tmp_path: Path) -> None:
    Hanging.answers.clear()
    recent, ended = RecentWorkspaces([Hanging(tmp_path)]), asyncio.Event()
    recent.look(ended.set)
    recent.look()  # as the start does, after a key that came before its first frame
    Hanging.answers.set()
    await asyncio.wait_for(ended.wait(), 40)
    assert [*recent.found] == [tmp_path]


async def test_a_palette_that_is_open_already_offers_what_is_found(tmp_path: Path) -> None:
    here, other = tmp_path / "here", tmp_path / "elsewhere"
    other.mkdir()
    add_function(here, "echo", "name: echo\n", ECHO_SOURCE)
    Hanging.answers.clear()
    async with opened(here) as stage:
        stage.app.recent = RecentWorkspaces([Hanging(other)])
        await stage.press("ctrl+p", *"elsewhere")
        assert isinstance(stage.app.screen, ChoiceScreen)
        await stage.shows("nothing answers that")
        Hanging.answers.set()
        await stage.shows("open this workspace in place of this one")
        await stage.press("enter")
        assert stage.app.leaving.following == other
