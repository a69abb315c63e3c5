from __future__ import annotations

from tui.app.actions import ACTIONS
from tui.app.glyphs import Glyphs
from tui.app.help_screen import help_lines
from tui.app.lines import plain


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
