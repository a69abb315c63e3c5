"""Modules above 200 MB, of which an outline is read: inspect, check, diff and the screen's reading say the same."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path
from typing import Any

import pytest

from tests.assessment.workspaces import sparse_module
from tests.gateway.conftest import wat
from tui.app.desk.reading.reader import Reader
from tui.app.desk.store import Store
from tui.assessment.terms import terms_here
from tui.cli import main

PLAIN = '(module (memory (export "memory") 1) (func (export "_start")))'
ODD = '(module (import "env" "storage_put" (func)) (memory (export "memory") 1) (func (export "_start") call 0))'
SIZES = {"plain": 201_000_000, "odd": 230_000_000}


class Listener:
    """What the reading tells besides results."""

    def search_ended(self) -> None:
        """Nothing to do: the store is asked."""

    def fail(self, fault: BaseException) -> None:
        raise fault


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    for name, text in (("plain", PLAIN), ("odd", ODD)):
        directory = tmp_path / name
        directory.mkdir()
        (directory / "function.yaml").write_text(f"name: {name}\n")
        sparse_module(directory / "function.wasm", wat(text), SIZES[name])
    return tmp_path


async def on_screen(root: Path) -> Store:
    store, terms = Store(), terms_here()
    reader = Reader(store, lambda: terms, Listener())
    end = time.monotonic() + 30
    try:
        reader.find(root)
        while reader.searching or len(store) < len(SIZES) or any(store[path].life is None for path in store.paths):
            assert time.monotonic() < end
            await asyncio.sleep(0.01)
    finally:
        reader.close()
    return store


@pytest.mark.slow
async def test_two_modules_of_more_than_200_mb(
    workspace: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def said(*words: str) -> list[dict[str, Any]]:
        capfd.readouterr()
        main([*words, "--json"])
        return [json.loads(line) for line in capfd.readouterr().out.splitlines()]

    monkeypatch.chdir(workspace)
    store = await on_screen(workspace)
    checked = {one["dir"]: one for one in said("check")}
    for name, size in SIZES.items():
        (inspected,) = said("inspect", name)
        module = store[name].module
        assert module is not None
        assert inspected["size"] == module.size == (workspace / name / "function.wasm").stat().st_size >= size
        assert [one["name"] for one in inspected["sections"]] == [section.name for section in module.sections]
        assert [one["name"] for one in inspected["imports"]] == [entry.name for entry in module.imports]
        assert inspected["mode"] == module.mode == "command"
        assert checked[name]["state"] == store[name].state
        assert checked[name]["verdict"] == store[name].verdict_word
    assert [checked[name]["verdict"] for name in SIZES] == ["incomplete", "blocked"]
    (difference,) = said("diff", "plain", "odd")
    assert difference["size"]["new"] - difference["size"]["old"] == SIZES["odd"] - SIZES["plain"]
    assert [one["name"] for one in difference["imports"]] == ["env.storage_put"]
