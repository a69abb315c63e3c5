"""A run in another terminal is seen by its record."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.running.conftest import wat
from tui.app.desk.reading.runs import follow_runs
from tui.app.desk.store import Store
from tui.building.record.runs import RunRecord, note_run
from tui.workspace.find import find_functions

PRINTS = wat('(module (memory (export "memory") 1) (func (export "_start")))')


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    for kind in ("CACHE", "STATE", "CONFIG"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / kind.lower()))
    for name in ("chat", "shop/order"):
        folder = tmp_path / "workspace" / name
        folder.mkdir(parents=True)
        (folder / "function.yaml").write_text("name: fn\n")
        (folder / "function.wasm").write_bytes(PRINTS)
    store = Store()
    store.find(find_functions(tmp_path / "workspace")[0])
    return store


async def test_what_runs_in_another_process_is_told(store: Store, tmp_path: Path) -> None:
    stop, told = asyncio.Event(), asyncio.Queue[list[str]]()
    following = asyncio.create_task(follow_runs(store, stop, told.put_nowait))
    folder = tmp_path / "workspace" / "shop" / "order"
    argv = [sys.executable, "-m", "tui", "run", str(folder)]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[4])}
    first: list[str] | None = None
    while first is None:  # again until the folder is watched
        done = await asyncio.to_thread(subprocess.run, argv, capture_output=True, env=environment, timeout=60)
        assert done.returncode == 0, done.stderr
        try:
            first = await asyncio.wait_for(told.get(), 1)
        except TimeoutError:
            continue
    assert first == ["shop/order"]
    note_run(tmp_path / "elsewhere", RunRecord((1, 2, 3), 1.0, 1.0, 0, "done"))
    note_run(tmp_path / "workspace" / "chat", RunRecord((1, 2, 3), 1.0, 1.0, 0, "done"))
    assert await asyncio.wait_for(told.get(), 20) == ["chat"]
    stop.set()
    await asyncio.wait_for(following, 20)


async def test_without_a_place_for_records_there_is_nothing_to_follow(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/proc/none")
    await asyncio.wait_for(follow_runs(store, asyncio.Event(), lambda _: None), 20)
