"""Every pane and every dialog, drawn in every theme that is offered: each character reads on what it stands on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.app import App
from textual.pilot import Pilot

from tests.app.colours.gallery import Gallery, hard_to_read, sample
from tests.app.panes.size.test_pane import WAT
from tests.app.screens import shot_text
from tui.app.colours.themes import theme_names

SIZE = (110, 180)
COLOURED = [name for name in theme_names() if name not in ("terminal", "ansi-dark", "ansi-light")]


def strips(app: App[Any]) -> list[Any]:
    return list(app.screen._compositor.render_strips())


def unreadable(app: App[Any]) -> list[str]:
    """What on the screen is hard to read."""
    return [found for strip in strips(app) for found in hard_to_read(strip)]


@pytest.fixture
def gallery(tmp_path: Path) -> Gallery:
    wasmtime = pytest.importorskip("wasmtime")
    return Gallery(sample(tmp_path, bytes(wasmtime.wat2wasm(WAT))))


async def settle(pilot: Pilot[Any]) -> None:
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


async def test_every_pane_and_its_cursor_read_in_every_theme(gallery: Gallery) -> None:
    hard = {}
    async with gallery.run_test(size=SIZE) as pilot:
        await settle(pilot)
        gallery.light()
        for theme in COLOURED:
            with gallery.batch_update():  # drawn once, by us
                gallery.theme = theme
                await pilot.pause()
                if found := unreadable(gallery):
                    hard[theme] = found[:9]
        assert shot_text(gallery).count("▌") >= len(list(gallery.panes()))
    assert not hard
