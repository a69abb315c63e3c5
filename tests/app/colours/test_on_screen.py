"""Every pane and every dialog, drawn in every theme that is offered: each character reads on what it stands on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.app import App
from textual.pilot import Pilot
from textual.strip import Strip

from tests.app.colours.gallery import ERRORS, Gallery, hard_to_read, sample, transcript
from tests.app.dialogs.test_builds import BUILDS
from tests.app.dialogs.test_difference import SMALL
from tests.app.panes.size.test_pane import WAT
from tests.app.screens import shot_text
from tests.app.shell.test_dialogs import DIALOGS, DialogApp
from tests.settling import rows_of
from tui.app.colours.themes import OURS, theme_names
from tui.app.desk.builds.recalling import Said
from tui.app.dialogs.builds import BuildsScreen, SaidScreen
from tui.app.dialogs.dialog import Dialog
from tui.app.dialogs.difference import DiffScreen
from tui.app.dialogs.messages import MessagesScreen
from tui.app.notices import Said as Spoken
from tui.app.rows.glyphs import Glyphs
from tui.building.events import BuildResult

SIZE = (110, 180)
COLOURED = [name for name in theme_names() if name not in ("terminal", "ansi-dark", "ansi-light")]


def strips(app: App[Any]) -> list[Strip]:
    return list(rows_of(app))


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


def said_screen(glyphs: Glyphs) -> SaidScreen:
    """One build's errors, and lines in every colour."""
    build = BUILDS[1]
    found = BuildResult(Path("/fn"), "failed", 1, 2.0, error="no", diagnostics=ERRORS)
    return SaidScreen("fn", build, Said(found, transcript()), Path("/fn"), glyphs)


# With words of ours in each role, where those of DIALOGS are from outside.
TELLING: dict[str, Callable[[Glyphs], Dialog[Any]]] = {
    "builds": lambda glyphs: BuildsScreen("fn", Path("/fn"), BUILDS, glyphs),
    "said": said_screen,
    "difference": lambda glyphs: DiffScreen(SMALL, "fn", glyphs=glyphs),
    "messages": lambda glyphs: MessagesScreen(
        [Spoken(1e9, severity, "Settings", ("said so",)) for severity in ("information", "warning", "error")], glyphs
    ),
}


# In the short form our own and two of others: of each theme, test_readable.py asks whether its colours can be read.
SHORT = [name for name in COLOURED if name in ("fn-tui-dark", "fn-tui-light", "dracula", "solarized-light")]


@pytest.mark.parametrize("themes", [SHORT, pytest.param(COLOURED, marks=pytest.mark.long)], ids=["some", "all"])
@pytest.mark.parametrize("name", sorted(DIALOGS | TELLING))
async def test_every_dialog_reads_in_every_theme(name: str, themes: list[str]) -> None:
    app = DialogApp((DIALOGS | TELLING)[name](Glyphs()))
    for known in OURS:
        app.register_theme(known)
    hard = {}
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        for theme in themes:
            with app.batch_update():
                app.theme = theme
                await pilot.pause()
                if found := unreadable(app):
                    hard[theme] = found[:9]
    assert not hard


def cursor_rows(app: App[Any]) -> list[Strip]:
    return [strip for strip in strips(app) if "▌" in strip.text]


def is_turned(strip: Strip) -> bool:
    """Whether all that is said behind the cursor's bar is turned round, in no colour."""
    behind = strip.crop(strip.text.index("▌"), strip.cell_length)
    told = [style for text, style, _ in behind if text.strip(" │▁▂▃▄▅▆▇█▀") and style is not None]
    return bool(told) and all(style.reverse and (style.color is None or style.color.is_default) for style in told)


WITH_A_CURSOR = ("compiler", "form", "palette", "trust")


@pytest.mark.parametrize("name", WITH_A_CURSOR)
async def test_without_colour_the_cursor_of_a_dialog_is_turned_round(name: str) -> None:
    app = DialogApp(DIALOGS[name](Glyphs()))
    for known in OURS:
        app.register_theme(known)
    app.theme = "terminal"
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        (row, *further) = cursor_rows(app)
        assert is_turned(row)
        assert all(is_turned(other) for other in further)


async def test_without_colour_every_cursor_is_turned_round(gallery: Gallery) -> None:
    async with gallery.run_test(size=SIZE) as pilot:
        await settle(pilot)
        gallery.light()
        for theme in ("terminal", "ansi-dark"):
            gallery.theme = theme
            await pilot.pause()
            found = cursor_rows(gallery)
            assert len(found) >= len(list(gallery.panes()))
            assert [strip.text for strip in found if not is_turned(strip)] == []


@pytest.mark.parametrize("themes", [SHORT, pytest.param(COLOURED, marks=pytest.mark.long)], ids=["some", "all"])
async def test_every_pane_and_its_cursor_read_in_every_theme(gallery: Gallery, themes: list[str]) -> None:
    hard = {}
    async with gallery.run_test(size=SIZE) as pilot:
        await settle(pilot)
        gallery.light()
        for theme in themes:
            with gallery.batch_update():  # drawn once, by us
                gallery.theme = theme
                await pilot.pause()
                if found := unreadable(gallery):
                    hard[theme] = found[:9]
        assert shot_text(gallery).count("▌") >= len(list(gallery.panes()))
    assert not hard
