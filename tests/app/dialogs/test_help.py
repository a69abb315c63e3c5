from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.app.screens import StyledApp, shot_text
from tui.app.desk.store import Store
from tui.app.dialogs.choices.palette import palette_screen
from tui.app.dialogs.help import HelpScreen, columns_for, help_blocks, help_lines
from tui.app.keys.actions import ACTIONS, key_word
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import plain, width_of


def test_keys_of_one_tab_stand_under_its_name() -> None:
    lines = [plain(line).rstrip() for line in help_lines(ACTIONS, "list", Glyphs(), 80)]
    secrets = next(index for index, line in enumerate(lines) if "show or hide what is masked" in line)
    assert lines[secrets - 1] == "In config"
    assert lines.index("In size") > secrets
    assert "show or hide the treemap" in "\n".join(lines[lines.index("In size") :])


def test_each_key_stands_once_wherever_one_is() -> None:
    for where in ("list", "config", "size", "log"):
        blocks = help_blocks(ACTIONS, where, Glyphs(), 200)
        text = "\n".join(plain(line) for block in blocks for line in block)
        assert all(text.count(action.help) >= 1 for action in ACTIONS)
        assert text.count("show or hide what is masked") == 1


def test_no_key_runs_into_what_it_does() -> None:
    for block in help_blocks(ACTIONS, "run", Glyphs(), 60):
        for line in block[1:]:
            if line[0].role == "key" and len(line) > 1 and line[0].text.strip():
                assert line[0].text.endswith(" "), plain(line)


@given(st.integers(30, 260), st.sampled_from(["list", "log", "size"]))
def test_the_columns_fit_and_tell_the_same(width: int, where: str) -> None:
    lines = help_lines(ACTIONS, where, Glyphs(), width)
    assert all(width_of(line) <= width for line in lines)
    assert sum(plain(line).count("Here: ") for line in lines) == 1
    assert (columns_for(width) > 1) is (width >= 95)


async def test_all_of_it_is_in_sight_on_a_large_screen_and_it_is_searched() -> None:
    app = StyledApp()
    async with app.run_test(size=(200, 60)) as pilot:
        app.push_screen(HelpScreen(ACTIONS, "list", Glyphs()))
        await pilot.pause()
        shown = " ".join(shot_text(app).split())
        keys = [key_word(action.keys[0]) for action in ACTIONS]
        assert all(f" {key} " in shown for key in keys)
        await pilot.press("slash", *"retained")
        await pilot.pause()
        assert "by own size, by retained size" in shot_text(app)
        assert "build every function" not in shot_text(app)
        await pilot.press("escape")
        await pilot.pause()
        assert "build every function" in shot_text(app)
        await pilot.press("question_mark")
        await pilot.pause()
        assert len(app.screen_stack) == 1


async def test_the_last_key_is_a_key_away() -> None:
    app = StyledApp()
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(HelpScreen(ACTIONS, "list", Glyphs()))
        await pilot.pause()
        assert "Here: list" in shot_text(app)
        await pilot.press("G")
        await pilot.pause()
        assert "ready" in shot_text(app)
        await pilot.press("ctrl+u", "k", "g")
        await pilot.pause()
        assert "Here: list" in shot_text(app)


@pytest.mark.parametrize("size", [(80, 24), (60, 16), (120, 40)])
async def test_the_last_line_of_keys_and_palette_is_in_sight(size: tuple[int, int]) -> None:
    app = StyledApp()
    async with app.run_test(size=size) as pilot:
        for dialog in (HelpScreen(ACTIONS, "list", Glyphs()), palette_screen(ACTIONS, Store(), (), Glyphs())):
            await app.push_screen(dialog)
            await pilot.pause()
            lines = shot_text(app).splitlines()
            assert "esc closes" in shot_text(app)
            assert any("╰" in line for line in lines)
            await pilot.press("escape")
