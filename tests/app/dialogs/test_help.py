from __future__ import annotations

import pytest

from tests.app.screens import StyledApp, shot_text
from tui.app.desk.store import Store
from tui.app.dialogs.choices.palette import palette_screen
from tui.app.dialogs.help import HelpScreen, help_lines
from tui.app.keys.actions import ACTIONS
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import plain


def test_keys_of_one_tab_stand_under_its_name() -> None:
    lines = [plain(line).rstrip() for line in help_lines(ACTIONS, "list", Glyphs(), 80)]
    secrets = next(index for index, line in enumerate(lines) if "show or hide what is masked" in line)
    assert lines[secrets - 1] == "In config"
    assert lines.index("In size") > secrets
    assert "show or hide the treemap" in "\n".join(lines[lines.index("In size") :])


def test_each_key_stands_once_wherever_one_is() -> None:
    for where in ("list", "config", "size", "log"):
        text = "\n".join(plain(line) for line in help_lines(ACTIONS, where, Glyphs(), 200))
        assert all(text.count(action.help) >= 1 for action in ACTIONS)
        assert text.count("show or hide what is masked") == 1


@pytest.mark.parametrize("size", [(80, 24), (60, 16), (120, 40)])
async def test_the_last_line_of_keys_and_palette_is_in_sight(size: tuple[int, int]) -> None:
    app = StyledApp()
    async with app.run_test(size=size) as pilot:
        for dialog in (HelpScreen(ACTIONS, "list", Glyphs()), palette_screen(ACTIONS, Store(), Glyphs())):
            await app.push_screen(dialog)
            await pilot.pause()
            lines = shot_text(app).splitlines()
            assert "esc closes" in shot_text(app)
            assert any("╰" in line for line in lines)
            await pilot.press("escape")
