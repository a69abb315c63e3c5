"""What the screen looks like, in few pictures: no cursor that blinks, nothing that varies by machine."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tui.app.shell.app import FnTui
from tui.app.shell.options import ScreenOptions
from tui.building.compilers import toolchain
from tui.building.compilers.compiler import Found, Tool
from tui.building.compilers.toolchain import Toolchain
from tui.gateway.contract.contract import load_contract
from tui.settings.keys import Settings

SIZES = [(80, 24), (120, 40), (200, 60)]
MIDDLE = SIZES[1]
TOOLS = Toolchain(
    (
        Found(
            Tool("tinygo", "/usr/bin/tinygo", "0.35.0", ok=True, message="TinyGo 0.35.0 with Go 1.23.9"),
            (Tool("wasm-opt", "/usr/bin/wasm-opt", "122", ok=True, message="wasm-opt 122"),),
            go_version="1.23.9",
        ),
        Found(Tool("go", "/usr/bin/go", "1.23.9", ok=True, message="Go 1.23.9"), go_version="1.23.9"),
    )
)
WRONG = """
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func (param i32)))
  (memory (export "memory") 2)
  (func (export "_start"))
  (func (export "ws_open") (param i32 i32) (result i32) i32.const 0)
  (func (export "ws_frame") (param i32 i32) (result i32) i32.const 0)
  (func (export "ws_close") (param i32 i32))
  (func (export "orama_alloc") (param i32) (result i32) i32.const 0))
"""
RIGHT = WRONG.replace('"_start"', '"_initialize"').replace(
    '(import "wasi_snapshot_preview1" "proc_exit" (func (param i32)))', ""
)
ECHO = '(module (memory (export "memory") 2) (func (export "_start")))'
FUNCTIONS = {
    "chat": ("name: chat\nws_persistent: true\n", WRONG),
    "digest": ("name: digest\nmemory: lots\n", None),
    "echo": ("name: echo\nmemory: 128\n", ECHO),
    "presence": ("name: presence\nws_persistent: true\n", RIGHT),
    "wallet": ("name: wallet\ntimout: 20\n", None),
}


# The planned command shows absolute paths, so the workspace lies in the same place on every machine and in every run.
HOME = Path("/tmp/fn-tui-snapshots")


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Path:
    pytest.importorskip("wasmtime")
    monkeypatch.setenv("HOME", str(HOME))
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")
    monkeypatch.setattr(toolchain, "find_toolchain", lambda: TOOLS)
    HOME.mkdir(exist_ok=True)
    with (HOME / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for name, (yaml, wat) in FUNCTIONS.items():
            write_function(HOME / "shop" / name, yaml, wat)
    return HOME / "shop"


def write_function(directory: Path, yaml: str, wat: str | None) -> None:
    """The files of one function, unless they are there; the module younger than what it is of."""
    import wasmtime

    directory.mkdir(parents=True, exist_ok=True)
    files = {
        "function.go": b"package main\n\nfunc main() {}\n",
        "go.mod": b"module example.com/fn\n\ngo 1.22\n",
        "function.yaml": yaml.encode(),
        "function.wasm": bytes(wasmtime.wat2wasm(wat)) if wat is not None else None,
    }
    for age, (name, content) in enumerate(files.items()):
        path = directory / name
        if content is not None and not (path.exists() and path.read_bytes() == content):
            path.write_bytes(content)
            os.utime(path, (1_700_000_000 + age, 1_700_000_000 + age))


def still_app(root: Path, **settings: Any) -> FnTui:
    """The app with nothing in it that moves by itself."""
    app = FnTui(ScreenOptions(root, Settings(**settings), remember=False), load_contract())
    setattr(app.bench.validator, "look", lambda _: None)  # noqa: B010 (mypy takes no other way)
    return app


def after(*keys: str) -> Callable[[Pilot[int]], Awaitable[None]]:
    """Wait until all is read, then press keys."""

    async def run(pilot: Pilot[int]) -> None:
        import asyncio

        app = pilot.app
        assert isinstance(app, FnTui)
        store = app.bench.store
        while (
            app.bench.toolchain is None
            or len(store) < len(FUNCTIONS)
            or any(store.state(path) == "reading" for path in store.paths)
        ):
            await asyncio.sleep(0.02)
        await pilot.pause()
        for key in keys:
            await pilot.press(key)
            await pilot.pause()
        await asyncio.sleep(0.2)  # the frame after the last change
        await pilot.pause()

    return run


@pytest.mark.parametrize("size", SIZES)
def test_overview(snap_compare: Any, shop: Path, size: tuple[int, int]) -> None:
    assert snap_compare(still_app(shop), terminal_size=size, run_before=after())


def test_the_light_theme(snap_compare: Any, shop: Path) -> None:
    assert snap_compare(still_app(shop, theme="fn-tui-light"), terminal_size=MIDDLE, run_before=after())


@pytest.mark.parametrize(
    "keys",
    [("3",), ("j", "2"), ("j", "j", "j", "5"), ("question_mark",), ("c",)],
    ids=["verdict", "refused", "reactor", "help", "compilers"],
)
def test_a_view(snap_compare: Any, shop: Path, keys: tuple[str, ...]) -> None:
    assert snap_compare(still_app(shop), terminal_size=MIDDLE, run_before=after(*keys))


def test_ascii(snap_compare: Any, shop: Path) -> None:
    assert snap_compare(still_app(shop, ascii=True), terminal_size=MIDDLE, run_before=after())
