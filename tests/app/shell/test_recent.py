from __future__ import annotations

import os
import time
from pathlib import Path

from tui.app.shell.recent import OFFERED, RecentWorkspaces


def looked(recent: RecentWorkspaces) -> tuple[Path, ...]:
    recent.look()
    assert recent._looking is not None
    recent._looking.join(40)
    return recent.found


def test_what_is_gone_is_not_offered_and_comes_back(tmp_path: Path) -> None:
    one, other, file = tmp_path / "one", tmp_path / "other", tmp_path / "file"
    one.mkdir()
    file.touch()
    recent = RecentWorkspaces([other, file, Path("/w\udcff\0"), one])
    assert recent.found == ()
    assert looked(recent) == (one,)
    other.mkdir()
    assert looked(recent) == (other, one)


def test_so_many_are_offered_newest_first(tmp_path: Path) -> None:
    folders = [tmp_path / str(number) for number in range(OFFERED + 5)]
    for folder in folders:
        folder.mkdir()
    assert looked(RecentWorkspaces(folders)) == tuple(folders[:OFFERED])


def test_a_disk_that_hangs_is_waited_for_by_one_thread_alone(tmp_path: Path) -> None:
    class Hanging(type(tmp_path)):  # type: ignore[misc]
        def __fspath__(self) -> str:
            while not done:
                time.sleep(0.01)
            return os.fspath(tmp_path)

    done: list[bool] = []
    recent = RecentWorkspaces([Hanging(tmp_path)])
    recent.look()
    first = recent._looking
    recent.look()
    assert recent._looking is first
    assert recent.found == ()
    done.append(True)
    assert first is not None
    first.join(40)
    assert len(recent.found) == 1
