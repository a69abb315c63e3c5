from __future__ import annotations

from pathlib import Path

import pytest
from textual import events

from tests.app.panes.size.test_pane import record_of
from tests.app.samples import COMMAND, HOSTILE, UNSAFE, make_record
from tests.app.screens import PaneApp, shot_text
from tui.app.panes.config import ConfigContent
from tui.app.panes.content import PaneContent
from tui.app.panes.externs import ExternsContent
from tui.app.panes.record_pane import RecordPane
from tui.app.panes.sections.content import SectionsContent
from tui.app.panes.size.content import SizeContent
from tui.app.rows.glyphs import Glyphs
from tui.wasm.decode.decode import decode


async def test_typing_narrows_and_escape_shows_all(echo_command: bytes) -> None:
    pane = RecordPane(SectionsContent())
    app = PaneApp(pane, make_record(decode(echo_command)))
    async with app.run_test(size=(100, 30)) as pilot:
        before = shot_text(app)
        await pilot.press("slash", *"mem")
        shown = shot_text(app)
        assert shown.splitlines()[0].split("   ")[0].strip() == "/ mem"
        assert "memory" in shown
        assert "producers" not in shown
        assert f"{pane.filter.typed.matches[0]} of {pane.filter.typed.matches[1]}" in shown
        await pilot.press("backspace", "enter", "j")  # j moves again
        assert pane.filter.typed.needle == "me"
        assert not pane.filter.typed.typing
        await pilot.press("escape")
        assert shot_text(app).replace("▌", " ") == before.replace("▌", " ")


async def test_escape_goes_further_out_where_there_is_no_filter() -> None:
    pane = RecordPane(ExternsContent())
    async with PaneApp(pane, make_record(COMMAND)).run_test() as pilot:
        assert pane.filter.leave() is False
        await pilot.press("slash")
        assert pane.filter.leave() is True
        await pilot.press("slash", "enter")  # nothing typed: nothing kept
        assert not pane.filter.typed.is_on


async def test_the_line_stays_in_sight_and_above_the_cursor(echo_command: bytes, tmp_path: Path) -> None:
    pane = RecordPane(SizeContent())
    app = PaneApp(pane, record_of(echo_command, tmp_path))
    async with app.run_test(size=(90, 16)) as pilot:
        await app.workers.wait_for_complete()
        await pilot.press("slash", *"runtime", "enter", "G")
        assert shot_text(app).splitlines()[0].lstrip().startswith("/ runtime")
        assert pane.scroll_offset.y > 0
        for _ in range(len(pane.stack.shown)):
            await pilot.press("k")
            assert pane.stack.tops[pane.cursor.place] > pane.scroll_offset.y
        await pilot.press("g", "enter")  # the package opens: all that is in it shows
        assert pane.row is not None


async def test_functions_in_folded_packages_are_found(echo_command: bytes, tmp_path: Path) -> None:
    pane = RecordPane(SizeContent())
    app = PaneApp(pane, record_of(echo_command, tmp_path))
    async with app.run_test(size=(90, 20)) as pilot:
        await app.workers.wait_for_complete()
        await pilot.press("slash", *"mallocgc", "enter")
        shown = shot_text(app)
        assert "▾ runtime" in shown
        assert "mallocgc" in shown.splitlines()[3]


async def test_another_function_is_not_filtered() -> None:
    pane = RecordPane(ConfigContent())
    app = PaneApp(pane, make_record(COMMAND))
    async with app.run_test() as pilot:
        await pilot.press("slash", *"mem", "enter")
        assert pane.filter.typed.matches[0] == 1
        pane.show(make_record(COMMAND, path="other"))
        assert not pane.filter.typed.is_on
        assert "timeout" in shot_text(app)


async def test_nothing_found_is_said() -> None:
    app = PaneApp(ConfigContent(), make_record(COMMAND))
    async with app.run_test(size=(80, 20)) as pilot:
        await pilot.press("slash", *"zzz")
        assert "nothing here says that" in shot_text(app)
        assert "0 of" in shot_text(app)


@pytest.mark.parametrize("ascii_only", [False, True])
@pytest.mark.parametrize("make", [ConfigContent, ExternsContent])
async def test_pasted_text_is_harmless(make: type[PaneContent], ascii_only: bool) -> None:
    pane = RecordPane(make(Glyphs(ascii_only)))
    app = PaneApp(pane, make_record(COMMAND))
    async with app.run_test(size=(60, 20)) as pilot:
        for text in HOSTILE:
            await pilot.press("slash")
            pane.post_message(events.Paste(text))
            await pilot.pause()
            shown = shot_text(app)
            assert not UNSAFE & set(shown)
            assert shown.isascii() or not ascii_only
            await pilot.press("escape")
