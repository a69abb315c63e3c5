"""Real changes on a real disk."""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
import time
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

import pytest

from tui.workspace.watch import following, notices
from tui.workspace.watch.also import Also
from tui.workspace.watch.folders import counts, is_swap_file, watched_folders
from tui.workspace.watch.following import Batch, watch_folders, watch_workspace

WAIT = 20.0  # seconds after which a change that was not told is a failure


class Seen:
    """What was told so far."""

    def __init__(self) -> None:
        self.paths: set[Path] = set()
        self.batches: list[frozenset[Path]] = []
        self.said: list[str] = []
        self._news = asyncio.Event()

    def take(self, batch: Batch) -> None:
        self.paths |= batch.paths
        self.batches.append(batch.paths)
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
        async for batch in watch_workspace(root, stop, Also(also), seen.said.append):
            seen.take(batch)

    task = asyncio.create_task(follow())
    try:
        await warmed(seen, root, *also)
        yield seen
    finally:
        stop.set()
        async with asyncio.timeout(WAIT):
            await task


@pytest.mark.parametrize("polls", [False, True], ids=["told", "looks"])
async def test_what_changes_before_the_watch_is_up_is_the_first_batch(
    tmp_path: Path, polls: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("saved", "emptied", "quiet"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "function.yaml").write_text("name: x\n")
        (tmp_path / name / "main.go").write_text("package main\n")
    if polls:
        monkeypatch.setattr("tui.workspace.watch.following.sys.platform", "other")
    since = max(path.lstat().st_ctime for path in tmp_path.rglob("*")) + 0.05
    while time.time() < since + 0.05:
        await asyncio.sleep(0.01)  # the clock of file times goes on
    (tmp_path / "saved" / "main.go").write_text("package main // saved\n")
    os.utime(tmp_path / "saved" / "main.go", (1, 1))  # as an archive that is unpacked has it
    (tmp_path / "emptied" / "main.go").unlink()
    changes = watch_workspace(tmp_path, asyncio.Event(), since=since)
    async with asyncio.timeout(WAIT), aclosing(changes):
        first = await anext(changes)
    assert first.paths == {tmp_path / "saved" / "main.go", tmp_path / "emptied"}


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


async def test_folders_elsewhere_may_be_others_later(tmp_path: Path) -> None:
    for name in ("ws", "one", "two"):
        (tmp_path / name).mkdir()
    also, stop, seen, told = Also([tmp_path / "one"]), asyncio.Event(), Seen(), set[Path]()

    async def follow() -> None:
        async for batch in watch_workspace(tmp_path / "ws", stop, also, seen.said.append):
            seen.take(batch)
            told.update(batch.paths)

    task = asyncio.create_task(follow())
    await warmed(seen, tmp_path / "ws", tmp_path / "one")
    also.put([tmp_path / "two"])
    await warmed(seen, tmp_path / "ws", tmp_path / "two")
    (tmp_path / "one" / "more").touch()
    await warmed(seen, tmp_path / "ws")
    assert tmp_path / "one" / "probe" in told
    assert tmp_path / "one" / "more" not in told
    assert seen.said == []
    stop.set()
    async with asyncio.timeout(WAIT):
        await task


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
        told = len(seen.batches)
        if how == "removed":
            shutil.rmtree(root)
        else:
            root.rename(tmp_path / "away")
        if how != "replaced":
            await seen.until(lambda: len(seen.batches) > told)  # it finds out by itself
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
    async with asyncio.timeout(WAIT):
        while len(asyncio.all_tasks()) <= before + 1:  # the reader, and what it starts to watch with
            await asyncio.sleep(0)
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


@pytest.mark.parametrize("name", [".git", "node_modules", "vendor", ".a.go.swp", "a.go~"])
def test_names_that_do_not_count(name: str) -> None:
    assert not counts(name)


def no_instance_left() -> None:
    """What the system says when a person's inotify instances are all in use."""
    raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))


@pytest.fixture(params=["told", "looking"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways to learn of changes."""
    if request.param == "looking":
        monkeypatch.setattr(following, "Inotify", no_instance_left)
        monkeypatch.setattr(notices, "POLL", 0.05)
    return str(request.param)


async def test_both_ways_see_the_same(tmp_path: Path, way: str) -> None:
    (tmp_path / "fn").mkdir()
    (tmp_path / "fn/function.go").write_text("a")
    async with watching(tmp_path) as seen:
        for step, path in (
            (lambda: (tmp_path / "fn/function.go").write_text("longer"), "fn/function.go"),
            (lambda: (tmp_path / "fn/function.go").replace(tmp_path / "fn/other.go"), "fn/other.go"),
            (lambda: (tmp_path / "deep/er").mkdir(parents=True), "deep"),
            (lambda: (tmp_path / "deep/er/function.yaml").write_text("x"), "deep/er/function.yaml"),
            (lambda: (tmp_path / "deep").rename(tmp_path / "down"), "down"),
            (lambda: (tmp_path / "down/er/function.yaml").write_text("longer"), "down/er/function.yaml"),
            (lambda: shutil.rmtree(tmp_path / "down"), "down"),
            ((tmp_path / "down").mkdir, "down"),
            (lambda: (tmp_path / "down/x.go").write_text("x"), "down/x.go"),
        ):
            seen.paths.clear()
            step()
            await seen.until(lambda path=path: tmp_path / path in seen.paths)  # type: ignore[misc]
        assert len(seen.said) == (way == "looking")


async def test_what_is_made_at_once_in_a_new_folder_is_told(tmp_path: Path, way: str) -> None:
    async with watching(tmp_path) as seen:
        for number in range(20):
            folder = tmp_path / f"fn{number}" / "deep"
            folder.mkdir(parents=True)
            (folder / "function.yaml").write_text("x")
        wanted = {tmp_path / f"fn{number}" / "deep" / "function.yaml" for number in range(20)}
        await seen.until(lambda: wanted <= seen.paths)


async def test_a_folder_in_the_place_of_another_is_watched(tmp_path: Path, way: str) -> None:
    (tmp_path / "a").mkdir()
    async with watching(tmp_path) as seen:
        for number in range(3):
            (tmp_path / "a").rename(tmp_path / f"was{number}")
            (tmp_path / "a").mkdir()
            name = f"a/x{number}.go"
            (tmp_path / name).write_text("x")
            await seen.until(lambda name=name: tmp_path / name in seen.paths)  # type: ignore[misc]
            seen.paths.clear()
            (tmp_path / name).write_text("once more")
            await seen.until(lambda name=name: tmp_path / name in seen.paths)  # type: ignore[misc]


async def test_names_that_are_no_utf_8_are_names_like_others(tmp_path: Path, way: str) -> None:
    (tmp_path / "node_modules").mkdir()
    strange = tmp_path / os.fsdecode(b"caf\xe9")
    async with watching(tmp_path) as seen:
        (tmp_path / "node_modules" / strange.name).write_text("x")
        strange.mkdir()
        (strange / strange.name).write_text("x")
        await seen.until(lambda: strange / strange.name in seen.paths)
        (strange / "x.go").write_text("x")
        await seen.until(lambda: strange / "x.go" in seen.paths)
        assert not any("node_modules" in path.parts for path in seen.paths)


async def test_no_watches_left_is_said_once_and_nothing_is_missed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").mkdir()
    real = notices.Inotify._add

    def full(self: notices.Inotify, folder: str) -> None:
        if folder.endswith("/b"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(self, folder)

    monkeypatch.setattr(notices.Inotify, "_add", full)
    async with watching(tmp_path) as seen:
        assert seen.said == []
        (tmp_path / "b").mkdir()
        (tmp_path / "b/function.go").write_text("x")
        await seen.until(lambda: tmp_path / "b/function.go" in seen.paths)
        (tmp_path / "a/function.go").write_text("x")
        await seen.until(lambda: tmp_path / "a/function.go" in seen.paths)
        assert len(seen.said) == 1
        assert "no space left on device" in seen.said[0]


async def test_more_changes_than_the_kernel_keeps_is_anything_changed(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a/function.go").write_text("x")
    async with watching(tmp_path) as seen:
        most = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text())
        names = [tmp_path / "x", tmp_path / "y"]
        names[0].touch()
        for number in range(most // 2 + 100):  # two events each, and nobody reads meanwhile
            names[number % 2].rename(names[1 - number % 2])
        await seen.until(lambda: tmp_path / "a/function.go" in seen.paths)


async def test_links_out_of_the_workspace_cost_little(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    for number in range(300):
        (elsewhere / f"lib{number}").mkdir(parents=True)
    for folder in (elsewhere / "group" / "fn", tmp_path / "ws" / "own" / "empty"):
        folder.mkdir(parents=True)
    (elsewhere / "group" / "fn" / "function.yaml").write_text("name: fn\n")
    root = tmp_path / "ws"
    (root / "out").symlink_to(elsewhere)
    (root / "slash").symlink_to("/")
    (root / "loop").symlink_to(root)
    names = {os.path.relpath(folder, root) for folder in watched_folders(root)}
    assert names == {".", "own", "own/empty", "out", "out/group", "out/group/fn"}
    async with watching(root) as seen:
        (elsewhere / "group" / "fn" / "function.yaml").write_text("name: other\n")
        await seen.until(lambda: root / "out/group/fn/function.yaml" in seen.paths)
        (elsewhere / "lib7" / "x.go").write_text("x")
        (elsewhere / "group" / "new").mkdir()
        await seen.until(lambda: root / "out/group/new" in seen.paths)
        assert root / "out/lib7/x.go" not in seen.paths


async def test_folders_alone(tmp_path: Path, way: str) -> None:
    (tmp_path / "below").mkdir()
    stop = asyncio.Event()
    changes = watch_folders(Also([tmp_path, tmp_path / "gone"]), stop)
    first = asyncio.ensure_future(anext(changes))
    number = 0
    while not first.done():
        number += 1
        (tmp_path / "go.mod").write_text("x" * number)
        await asyncio.wait((first,), timeout=0.3)
    assert tmp_path / "go.mod" in first.result().paths
    stop.set()
    assert [batch async for batch in changes if tmp_path / "go.mod" not in batch.paths] == []
