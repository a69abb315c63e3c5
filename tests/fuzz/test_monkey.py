"""Random keys, clicks, resizes, floods, builds and edits: no crash, and memory does not grow."""

from __future__ import annotations

import faulthandler
import os
from pathlib import Path

import pytest

from tests.flows.stage import Stage
from tests.fuzz.monkey import SIZES, Monkey, Undying, make_workspace, resident
from tests.small import COMMAND, assembled
from tui.app.options import ScreenOptions
from tui.gateway.contract.reading import load_contract
from tui.settings.keys import Settings
from tui.settings.state import State

SHORT = 200  # keys
LONG = 11_112  # keys; three seeds at three sizes make 100,000
GROWTH = 48 << 20  # bytes between the first third of a long run and its end


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No animation, no cache of the person's, no editor or clipboard of the machine's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")
    monkeypatch.setenv("EDITOR", "true")
    for name in ("VISUAL", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)


async def rage(root: Path, size: tuple[int, int], seed: int, *parts: int) -> list[int]:
    """A monkey on an open app, `parts` keys at a time; the memory after each part."""
    settings = Settings(compiler="go", log_lines=1_000, watch=bool(seed % 2))
    app = Undying(ScreenOptions(root / "ws", settings, State(), (), remember=True), load_contract())
    memory, pressed = [], 0
    async with app.run_test(size=size, notifications=True) as pilot:
        stage = Stage(app, pilot)
        await stage.until(lambda: app.main.boxes.furnished, "the panes are there")
        monkey = Monkey(stage, root / "ws", seed)
        for keys in parts:
            pressed += keys
            await monkey.rage(pressed)
            memory.append(resident())
    assert app.fault is None
    return memory


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace; what a monkey saves under a name of its own lands beside it."""
    monkeypatch.chdir(tmp_path)
    programs = make_workspace(tmp_path, assembled(COMMAND))
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES[::2], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_a_monkey_does_no_harm(root: Path, size: tuple[int, int]) -> None:
    await rage(root, size, size[0], SHORT)


@pytest.mark.long
@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_a_hundred_thousand_keys_do_no_harm_and_memory_is_flat(
    root: Path, size: tuple[int, int], seed: int
) -> None:
    # It reads the frames of running threads without their lock: in minutes of work that ends in a fault of its own.
    faulthandler.cancel_dump_traceback_later()
    first, last = await rage(root, size, seed, LONG // 3, LONG - LONG // 3)
    assert last - first < GROWTH
