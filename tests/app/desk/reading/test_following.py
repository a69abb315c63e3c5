"""What a storm of changes touches is read once, and what a single save touches at once."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable
from pathlib import Path
from typing import Any, cast

import pytest

from tui.app.desk.reading import following as room
from tui.app.desk.reading.following import Following
from tui.app.desk.reading.reader import Reader
from tui.app.desk.record import BuildProgress
from tui.app.desk.store import Store
from tui.app.notices import Notice
from tui.building.record.runs import stamp_of
from tui.workspace.find import find_functions
from tui.workspace.watch.following import Batch


class Asked:
    """Who reads, and who is told."""

    def __init__(self) -> None:
        self.requests: list[tuple[set[str], bool]] = []
        self.searches: list[Path] = []
        self.told: list[Batch] = []
        self.news = asyncio.Event()

    def find(self, root: Path) -> None:
        self.searches.append(root)

    def request(self, paths: Iterable[str], *, urgent: bool = False) -> None:
        self.requests.append((set(paths), urgent))
        self.news.set()

    def run(self, work: Coroutine[Any, Any, None]) -> object:
        return asyncio.get_running_loop().create_task(work)

    def disk_changed(self, batch: Batch) -> None:
        self.told.append(batch)

    def say(self, notice: Notice) -> None:
        raise AssertionError(notice)

    async def until_asked(self) -> None:
        await asyncio.wait_for(self.news.wait(), 40)
        self.news.clear()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("chat", "echo"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "function.yaml").write_text("name: fn\n")
        (tmp_path / name / "function.go").write_text("package main\n")
    return tmp_path


def followed(root: Path) -> tuple[Following, Asked]:
    store, asked = Store(), Asked()
    store.find(find_functions(root)[0])
    return Following(root, store, cast("Reader", asked), asked), asked


async def test_a_storm_is_read_when_it_is_over(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for bound in ("MORE", "LEFT", "HELD"):
        monkeypatch.setattr(room, bound, 600.0)
    following, asked = followed(root)
    for name in ("chat", "echo", "chat"):
        await following.take(Batch(frozenset({root / name / "function.go"}), quiet=False))
    assert not asked.requests
    await following.take(Batch(frozenset({root / "new" / "function.yaml"})))
    await asked.until_asked()
    assert asked.requests == [({"chat", "echo"}, True)]
    assert asked.searches == [root]
    assert len(asked.told) == 4


@pytest.mark.parametrize("bound", ["MORE", "LEFT", "HELD"])
async def test_a_storm_that_never_rests_is_read_all_the_same(
    root: Path, bound: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for each in ("MORE", "LEFT", "HELD"):
        monkeypatch.setattr(room, each, 0.0 if each == bound else 600.0)
    following, asked = followed(root)
    await following.take(Batch(frozenset({root / "chat" / "function.go"}), quiet=False))
    await asked.until_asked()
    assert asked.requests == [({"chat"}, True)]


async def test_what_a_storm_has_left_is_read_while_it_goes_on(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MORE", 600.0)
    monkeypatch.setattr(room, "LEFT", 300.0)
    monkeypatch.setattr(room, "HELD", 600.0)
    following, asked = followed(root)
    await following.take(Batch(frozenset({root / "chat" / "function.go", root / "new" / "function.go"}), quiet=False))
    for name in ("chat", "new"):
        following._changed[root / name].last -= 400  # as if the time had gone by
    await following.take(Batch(frozenset({root / "echo" / "function.go"}), quiet=False))
    await asked.until_asked()
    assert asked.requests == [({"chat"}, True)]
    assert not asked.searches  # the whole workspace is looked at when it is over
    await following.take(Batch(frozenset({root / "chat" / "go.mod"})))
    await asked.until_asked()
    assert asked.requests[1:] == [({"chat", "echo"}, True)]
    assert asked.searches == [root]


@pytest.mark.parametrize(
    ("fields", "read"),
    [
        # The end of a build has it read.
        ({"progress": BuildProgress("building"), "stamp": (1, 2, 3)}, True),
        ({"progress": BuildProgress("queued"), "stamp": (1, 2, 3)}, False),
        ({}, True),  # it was read since
        ({"stamp": (1, 2, 3)}, False),
        ({"stamp": None}, False),
        ({"module_error": "function.wasm cannot be read: permission denied"}, False),
    ],
)
async def test_a_module_that_a_build_made_is_read_once(root: Path, fields: dict[str, object], read: bool) -> None:
    """A notice of the disk's comes after the end of a short build, which has it read too: by the thousand."""
    following, asked = followed(root)
    module = root / "chat" / "function.wasm"
    module.write_bytes(b"\0asm\1\0\0\0")
    following.store.change("chat", **{"stamp": stamp_of(module), **fields})
    await following.take(Batch(frozenset({module, root / "echo" / "function.go"})))
    await asked.until_asked()
    assert asked.requests == [({"echo"} if read else {"chat", "echo"}, True)]
    await following.take(Batch(frozenset({module, root / "chat" / "function.go"})))
    await asked.until_asked()
    assert asked.requests[1:] == [({"chat"}, True)]


async def test_what_was_edited_from_here_is_read_at_once(root: Path) -> None:
    following, asked = followed(root)
    following.edited([root / "echo" / "function.yaml"])
    await asked.until_asked()
    assert asked.requests == [({"echo"}, True)]
    assert not asked.searches
