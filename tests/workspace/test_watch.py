"""Real changes on a real disk."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tui.workspace.watch import is_swap_file, is_watched, watch_workspace

WAIT = 20.0  # seconds after which a change that was not told is a failure


class Seen:
    """What was told so far."""

    def __init__(self) -> None:
        self.paths: set[Path] = set()
        self.batches: list[frozenset[Path]] = []
        self._news = asyncio.Event()

    def take(self, batch: frozenset[Path]) -> None:
        self.paths |= batch
        self.batches.append(batch)
        self._news.set()

    async def until(self, wanted: Callable[[], bool]) -> None:
        async with asyncio.timeout(WAIT):
            while not wanted():
                self._news.clear()
                await self._news.wait()


@asynccontextmanager
async def watching(root: Path, *also: Path) -> AsyncIterator[Seen]:
    """Watch, and know that the watch is up: a first change has been told."""
    seen, stop = Seen(), asyncio.Event()

    async def follow() -> None:
        async for batch in watch_workspace(root, stop, also):
            seen.take(batch)

    task = asyncio.create_task(follow())
    try:
        await warmed(seen, root, *also)
        yield seen
    finally:
        stop.set()
        async with asyncio.timeout(WAIT):
            await task


async def warmed(seen: Seen, *folders: Path) -> None:
    for folder in folders:
        probe, number = folder / "probe", 0
        while probe not in seen.paths:
            number += 1
            probe.write_text(str(number))
            try:
                async with asyncio.timeout(0.3):
                    await seen.until(lambda probe=probe: probe in seen.paths)  # type: ignore[misc]
            except TimeoutError:
                continue
    seen.paths.clear()
    seen.batches.clear()


async def test_writes_new_files_and_folders_removals_and_renames(tmp_path: Path) -> None:
    (tmp_path / "fn").mkdir()
    (tmp_path / "fn/function.go").write_text("a")
    async with watching(tmp_path) as seen:
        for step, path in (
            (lambda: (tmp_path / "fn/function.go").write_text("b"), "fn/function.go"),
            (lambda: (tmp_path / "fn/new.go").write_text("b"), "fn/new.go"),
            ((tmp_path / "more").mkdir, "more"),
            (lambda: (tmp_path / "fn/new.go").rename(tmp_path / "fn/other.go"), "fn/other.go"),
            ((tmp_path / "fn/other.go").unlink, "fn/other.go"),
            (lambda: (tmp_path / "fn").rename(tmp_path / "gn"), "gn"),
            (lambda: (tmp_path / "gn/function.wasm").write_text("b"), "gn/function.wasm"),
        ):
            seen.paths.clear()
            step()
            await seen.until(lambda path=path: tmp_path / path in seen.paths)  # type: ignore[misc]


async def test_saves_by_rename_are_all_seen(tmp_path: Path) -> None:
    target = tmp_path / "function.go"
    target.write_text("0")
    async with watching(tmp_path) as seen:
        for number in range(20):
            seen.paths.clear()
            swap = tmp_path / ".function.go.swp"
            swap.write_text(str(number))
            swap.replace(target)
            await seen.until(lambda: target in seen.paths)


async def test_what_is_hidden_ignored_or_an_editor_s_own_is_not_told(tmp_path: Path) -> None:
    for name in (".git", "node_modules", "vendor", "fn"):
        (tmp_path / name).mkdir()
    async with watching(tmp_path) as seen:
        for name in (
            ".git/index",
            "node_modules/x.go",
            "vendor/x.go",
            "fn/.hidden",
            "fn/a.go~",
            "fn/.a.swp",
            "fn/4913",
        ):
            (tmp_path / name).write_text("x")
        (tmp_path / "fn/last.go").write_text("x")
        await seen.until(lambda: tmp_path / "fn/last.go" in seen.paths)
        assert seen.paths <= {tmp_path / "fn/last.go", tmp_path / "fn", tmp_path}


async def test_two_hundred_writes_are_few_batches(tmp_path: Path) -> None:
    async with watching(tmp_path) as seen:
        for number in range(200):
            (tmp_path / "function.go").write_text(str(number))
        (tmp_path / "end.go").write_text("x")
        await seen.until(lambda: tmp_path / "end.go" in seen.paths)
        assert len(seen.batches) < 50


async def test_a_root_reached_by_a_link_keeps_its_name(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    async with watching(tmp_path / "link") as seen:
        (tmp_path / "real/x.go").write_text("x")
        await seen.until(lambda: tmp_path / "link/x.go" in seen.paths)


async def test_folders_elsewhere_are_watched_but_not_what_is_below_them(tmp_path: Path) -> None:
    for name in ("ws", "lib/deep"):
        (tmp_path / name).mkdir(parents=True)
    async with watching(tmp_path / "ws", tmp_path / "lib") as seen:
        (tmp_path / "lib/deep/no.go").write_text("x")
        (tmp_path / "lib/yes.go").write_text("x")
        await seen.until(lambda: tmp_path / "lib/yes.go" in seen.paths)
        assert tmp_path / "lib/deep/no.go" not in seen.paths


@pytest.mark.parametrize("how", ["removed", "renamed", "replaced"])
async def test_a_root_that_goes_and_comes_back(tmp_path: Path, how: str) -> None:
    root = tmp_path / "ws"
    root.mkdir()
    (root / "function.go").write_text("x")
    async with watching(root) as seen:
        if how == "removed":
            shutil.rmtree(root)
        else:
            root.rename(tmp_path / "away")
        if how != "replaced":
            await asyncio.sleep(0.5)  # longer than a batch: the watcher has to find out by itself
        root.mkdir()
        await seen.until(lambda: root in seen.paths)
        await warmed(seen, root)


async def test_stop_before_the_start_and_a_root_that_is_not_there(tmp_path: Path) -> None:
    stop = asyncio.Event()
    stop.set()
    assert [batch async for batch in watch_workspace(tmp_path / "gone", stop)] == []


async def test_who_stops_reading_leaves_no_task_and_sets_nothing(tmp_path: Path) -> None:
    before, stop = len(asyncio.all_tasks()), asyncio.Event()
    changes = watch_workspace(tmp_path, stop)
    reader = asyncio.ensure_future(anext(changes))
    await asyncio.sleep(0.05)
    reader.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reader
    await changes.aclose()
    assert not stop.is_set()
    assert len(asyncio.all_tasks()) == before


@pytest.mark.parametrize(
    ("name", "swap"),
    [("a.go~", True), (".a.go.swp", True), ("4913", True), ("#a.go#", True), ("a.go", False), ("function.yaml", False)],
)
def test_swap_files(name: str, swap: bool) -> None:
    assert is_swap_file(name) is swap


def test_is_watched() -> None:
    root = Path("/w")
    assert is_watched(root / "fn/function.go", root)
    assert is_watched(root, root)
    for name in (".git/x", "a/node_modules/b", "vendor/x", "a/.b", "../x"):
        assert not is_watched(Path(os.path.normpath(root / name)), root), name
