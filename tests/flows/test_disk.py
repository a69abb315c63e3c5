"""What changes on disk while the screen is open, on disks and systems that make it hard."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ECHO_SOURCE
from tests.flows.conftest import add_function
from tests.flows.stage import opened
from tests.small import COMMAND, assembled
from tui.building.record.history import history_path, load_history
from tui.workspace.watch import following


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    for name in ("one", "two"):
        add_function(tmp_path / "ws", name, f"name: {name}\n", ECHO_SOURCE)
    return tmp_path / "ws"


async def test_without_watches_of_the_system_changes_are_looked_for(
    plain: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none_left() -> None:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    monkeypatch.setattr(following, "Inotify", none_left)
    async with opened(plain) as stage:
        await stage.until(lambda: any("looking for them" in notice for notice in stage.notices), "it is said")
        (plain / "two" / "function.yaml").write_text("name: two\nmemory: lots\n")
        await stage.until(lambda: stage.state("two") == "refused", "the change shows")
        assert sum("looking for them" in notice for notice in stage.notices) == 1


async def test_names_that_are_no_utf_8_come_and_go(plain: Path) -> None:
    strange = os.fsdecode(b"caf\xe9")
    (plain / "one" / "node_modules").mkdir()
    async with opened(plain) as stage:
        for folder in ("one", "one/node_modules", "."):
            (plain / folder / strange).write_text("x")
        (plain / f"{strange}s").mkdir()
        (plain / f"{strange}s" / "function.yaml").write_text("name: fn\n")
        await stage.until(lambda: f"{strange}s" in stage.app.bench.store, "a function of such a name is found")
        (plain / "two" / "function.yaml").write_text("name: two\nmemory: lots\n")
        await stage.until(lambda: stage.state("two") == "refused", "the change shows")


async def test_links_to_everywhere_hold_no_key(plain: Path) -> None:
    (plain / "slash").symlink_to("/")
    (plain / "home").symlink_to(plain.parent.parent)
    async with opened(plain) as stage:
        await stage.press("j", "2")
        await stage.until(lambda: stage.app.main.boxes.view.tab == "config", "keys are heard")
        (plain / "two" / "function.yaml").write_text("name: two\nmemory: lots\n")
        await stage.until(lambda: stage.state("two") == "refused", "the change shows")


async def test_a_history_of_impossible_numbers_is_left_out(plain: Path) -> None:
    good = {"finished": 1.7e9, "seconds": 2.5, "status": "built", "size": 2000}
    path = history_path(plain / "one")
    path.parent.mkdir(parents=True)
    evil = [f'{{"version": 1, "manifest": {{}}, "builds": [{{{", ".join(parts)}}}]}}' for parts in _each_evil(good)]
    for document in evil:
        path.write_text(document)
        assert load_history(plain / "one").builds == (), document
    path.write_text(evil[0])
    async with opened(plain) as stage:
        await stage.shows("unbuilt")
        assert stage.app.bench.store["one"].history == ()


def _each_evil(good: dict[str, object]) -> Iterator[list[str]]:
    """The fields of a build in JSON, each in turn with something that it cannot be."""
    for name in good:
        for evil in ("1e308", "NaN", "Infinity", "-5", "[]", "9" * 400):
            yield [f'"{field}": {evil if field == name else json.dumps(value)}' for field, value in good.items()]


async def test_times_beyond_all_clocks_are_no_times(plain: Path) -> None:
    wasm = plain / "one" / "function.wasm"
    wasm.write_bytes(assembled(COMMAND))
    os.utime(wasm, (4.6e18, 4.6e18))  # some disks keep it, others their latest
    async with opened(plain) as stage:
        await stage.press("1")
        await stage.shows("Overview")
