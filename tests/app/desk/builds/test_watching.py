from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path

import pytest

from tui.app.desk.builds.watching import WatchMode
from tui.app.notices import Notice
from tui.workspace.watch.following import Batch

SOURCE = "package main\n\nfunc main() {}\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("chat", "echo"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "function.yaml").write_text(f"name: {name}\n")
        (tmp_path / name / "function.go").write_text(SOURCE)
        (tmp_path / name / "go.mod").write_text("module example.com/fn\n\ngo 1.24\n")
    return tmp_path


class Watched:
    """Watch mode, running, and what it asked for."""

    def __init__(self, root: Path) -> None:
        self.rebuilt: list[tuple[str, str]] = []
        self.said: list[Notice] = []
        self.mode = WatchMode(root, self)

    def rebuild(self, directory: Path, reason: str) -> None:
        self.rebuilt.append((directory.name, reason))

    def say(self, notice: Notice) -> None:
        self.said.append(notice)

    def builds_changed(self) -> None:
        """Nothing follows here."""

    async def __aenter__(self) -> Watched:
        self.task = asyncio.create_task(self.mode.run())
        async with asyncio.timeout(20):
            while self.mode.breaker is None:
                await asyncio.sleep(0.01)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.mode.stop()
        with suppress(asyncio.CancelledError):
            await asyncio.wait_for(self.task, 20)

    async def until(self, count: int) -> None:
        async with asyncio.timeout(20):
            while len(self.rebuilt) < count:
                await asyncio.sleep(0.01)


async def test_a_save_asks_for_a_rebuild_and_says_why(root: Path) -> None:
    async with Watched(root) as watched:
        path = root / "chat" / "function.go"
        path.write_text(SOURCE + "// changed\n")
        watched.mode.feed(Batch(frozenset({path})))
        await watched.until(1)
        assert watched.rebuilt == [("chat", "function.go changed")]
        assert watched.mode.suspended == {}
        watched.mode.key()
    assert watched.task.done()


async def test_what_builds_write_asks_for_nothing(root: Path) -> None:
    async with Watched(root) as watched:
        wasm = root / "chat" / "function.wasm"
        wasm.write_bytes(b"\0asm")
        watched.mode.feed(Batch(frozenset({wasm})))
        path = root / "echo" / "function.go"
        path.write_text(SOURCE + "// changed\n")
        watched.mode.feed(Batch(frozenset({path})))
        await watched.until(1)
        assert [name for name, _ in watched.rebuilt] == ["echo"]


async def test_stop_ends_it_at_once(root: Path) -> None:
    async with Watched(root) as watched:
        watched.mode.stop()
        await asyncio.wait_for(watched.task, 20)
    assert watched.rebuilt == []
