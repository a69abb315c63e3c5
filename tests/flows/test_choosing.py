"""Dialogs, keys of one's own, themes, copying: what makes it one's own tool."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.flows.conftest import add_function
from tests.flows.stage import opened
from tui.app.dialogs.choices.palette import LEFT_OUT, palette_choices
from tui.app.dialogs.dialog_rows import DialogRows
from tui.app.keys.actions import ACTIONS
from tui.settings.state import load_state


async def test_the_palette_has_every_action_and_function_and_goes_there(workspace: Path) -> None:
    async with opened(workspace) as stage:
        keys = {choice.key for choice in palette_choices(ACTIONS, stage.app.bench.store, (), stage.app.glyphs)}
        assert keys >= {f"do:{action.id}" for action in ACTIONS if action.id not in LEFT_OUT}
        assert {"go:chat", "go:echo"} <= keys
        await stage.press("ctrl+p")
        await stage.shows("Actions, functions and workspaces", "Build")
        await stage.press(*"invi", "enter")
        assert stage.app.main.boxes.functions.path == "invite"
        await stage.press("ctrl+p", *"sect", "enter")
        await stage.until(lambda: stage.app.main.boxes.view.tab == "sections", "the sections show")


async def test_help_shows_the_keys_of_where_one_is(workspace: Path) -> None:
    async with opened(workspace) as stage:
        await stage.press("question_mark")
        await stage.shows("Here: list", "mark this function")
        await stage.press("escape", "7")
        await stage.until(lambda: stage.app.main.where == "log")
        await stage.press("f1")
        await stage.shows("Here: log", "follow the end of the log")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_last_line_offers_no_key_that_a_dialog_takes(workspace: Path, size: tuple[int, int]) -> None:
    def last_line() -> str:
        return stage.text.rsplit("\n", 1)[-1]

    async with opened(workspace, size) as stage:
        offered = last_line()
        assert "b Build" in offered
        assert "? Keys" in offered
        for key in ("ctrl+p", "question_mark", "M", "a", "c", "D", "T"):
            await stage.press(key)
            await stage.until(lambda: stage.app.screen is not stage.app.main, f"{key} opens one")
            await stage.until(lambda: not last_line(), f"no keys below what {key} opens")
            await stage.press("escape")
            await stage.until(lambda: last_line() == offered, f"they are back after {key}")


async def test_a_dialog_s_list_is_as_high_as_its_rows(workspace: Path) -> None:
    def spare() -> int:
        rows = stage.app.screen.query_one(DialogRows)
        return rows.size.height - rows.stack.height

    async with opened(workspace) as stage:
        for key in ("M", "c", "H", "D"):
            await stage.press(key)
            await stage.until(lambda: stage.app.screen is not stage.app.main, f"{key} opens one")
            await stage.until(lambda: not spare(), f"no blank line below the rows of {key}")
            await stage.press("escape")


async def test_keys_of_ones_own_hold_and_bad_ones_are_said_once(workspace: Path) -> None:
    keys = {"pane-config": ("f6",), "biuld": ("z",), "watch": ("q",), "mark": ("nonsense",)}
    async with opened(workspace, keys=keys) as stage:
        said = [notice for notice in stage.notices if "keys:" in notice]
        assert len(said) == 1
        assert "did you mean 'build'?" in said[0]
        assert "q of watch is that of quit too" in said[0]
        assert "'nonsense' is no key" in said[0]
        await stage.press("2")
        assert stage.app.main.boxes.view.tab == "overview"
        await stage.press("f6")
        await stage.until(lambda: stage.app.main.boxes.view.tab == "config")
        await stage.press("ctrl+p", *"to the config")
        await stage.shows("F6")


async def test_settings_problems_are_one_notice(workspace: Path) -> None:
    async with opened(workspace, problems=("settings.toml:3: jobs takes a whole number [/x]",), theme="gone") as stage:
        text = "\n".join(stage.notices)
        assert "jobs takes a whole number [/x]" in text
        assert "there is no theme 'gone'" in text
        await stage.press("M")
        await stage.shows("jobs takes a whole number")


async def test_a_theme_is_tried_chosen_and_remembered(workspace: Path) -> None:
    """What each theme makes of panes and dialogs is held in tests/app/colours."""
    async with opened(workspace, remember=True) as stage:
        await stage.press("T", "down")
        await stage.until(lambda: stage.app.theme == "fn-tui-light", "tried")
        await stage.press("escape")
        assert stage.app.theme == "fn-tui-dark"
        await stage.press("T", *"nord", "enter")
        await stage.until(lambda: stage.app.theme == "nord", "chosen")
        for theme in ("nord", "terminal"):
            stage.app.try_theme(theme)
            await stage.press("3", "2", "ctrl+p")
            await stage.shows("Actions, functions and workspaces")
            assert stage.app.theme == theme
            await stage.press("escape")
    assert load_state()[0].theme == "nord"


async def test_ascii_leaves_no_other_sign_on_any_screen(workspace: Path) -> None:
    async with opened(workspace, (100, 40), ascii=True) as stage:
        for keys in (
            ["1"],
            ["2"],
            ["3"],
            ["4"],
            ["5"],
            ["6"],
            ["7"],
            ["8"],
            ["0", "slash", "e", "escape"],
            ["question_mark"],
            ["escape", "ctrl+p"],
            ["escape", "a"],
            ["escape", "c"],
            ["escape", "D"],
            ["escape", "j"],
            ["w"],
        ):
            await stage.press(*keys)
            assert stage.text.isascii(), (keys, [c for c in stage.text if not c.isascii()])
        await stage.shows("x digest", "refused")


async def test_without_colour_the_cursor_and_the_states_still_show(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with opened(workspace) as stage:
        assert stage.app.no_color
        await stage.shows("▌✗ chat", "cmd!", "mismatch")


async def test_y_copies_what_the_cursor_is_on_and_says_what(workspace: Path) -> None:
    async with opened(workspace) as stage:
        await stage.press("y")
        await stage.until(lambda: stage.notices, "a notice")
        assert "go build -o" in stage.app.clipboard
        assert "the stand-in's command" in stage.notices[-1]
        await stage.press("2", "y")
        assert stage.app.clipboard
        await stage.press("5")
        await stage.until(lambda: stage.app.main.where == "externs", "the keys are in the pane")
        await stage.press("j", "y")
        await stage.until(lambda: any("'s name" in notice for notice in stage.notices), "what was copied is said")


async def test_without_a_clipboard_it_is_saved_to_a_file(
    workspace: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("TERM_PROGRAM", "")
    monkeypatch.setenv("PATH", str(tmp_path))
    async with opened(workspace) as stage:
        await stage.press("y")
        await stage.until(lambda: any("saved the stand-in's command to " in notice for notice in stage.notices))
        saved = Path(next(t for t in stage.notices if "saved" in t).rpartition(" to ")[2])
        assert "go build -o" in saved.read_text()


async def test_a_key_acts_on_what_the_one_before_left_behind(workspace: Path) -> None:
    async with opened(workspace, (120, 40)) as stage:
        main = stage.app.main
        main.dispatch.press("7")
        main.dispatch.press("m")  # in the same moment, before a frame
        assert main.boxes.view.solo == "log-box"
        main.dispatch.press("m")
        main.dispatch.press("0")
        main.dispatch.press("m")
        assert main.boxes.view.solo == "list-box"
        await stage.until(lambda: main.boxes.functions.has_focus, "the focus followed")
        assert main.boxes.heading_for is None


async def test_the_next_error_and_the_deploy_form_are_one_key_away(workspace: Path) -> None:
    async with opened(workspace) as stage:
        main = stage.app.main
        await stage.press("n")
        assert (main.boxes.functions.path, main.where) == ("chat", "errors")
        for key, path in (("n", "digest"), ("n", "chat"), ("N", "digest"), ("N", "chat")):
            await stage.press(key)
            await stage.until(lambda path=path: main.boxes.functions.path == path, f"{key} leads to {path}")  # type: ignore[misc]
        await stage.press("0")
        await stage.press("D")
        await stage.until(lambda: len(stage.app.screen_stack) == 2, "the form")
        await stage.press("escape", "j", "D")
        await stage.until(lambda: any("refused" in notice for notice in stage.notices), "a refused config has none")


HOSTILE = [
    "name: '[/x] [red]'\nmemory: '[/x]'\n",
    'name: "\\e[2J\\u202e"\nws_persistent: true\n',
    "name: 漢字漢字\nenv: {'[/]': \"\\0\"}\n",
    "\xff\xfe",
    "&a [*a, *a]\n",
]


NAMES = ("[/x]", "漢字", "a\x1b[2Jb", "zero\u200bwidth", "\u202eabc")


async def test_hostile_files_are_shown_harmlessly(tmp_path: Path) -> None:
    for name, yaml in zip(NAMES, HOSTILE, strict=True):
        directory = add_function(tmp_path, name, "", "package main\n\n//go:wasmimport env [/x]\nfunc main() {}\n")
        (directory / "function.yaml").write_bytes(
            yaml.encode("latin-1", "replace") if "\xff" in yaml else yaml.encode()
        )
        (directory / "function.wasm").write_bytes(b"\0asm\x01\0\0\0[/x]\x1b[2J")
    async with opened(tmp_path) as stage:
        panes = ("2", "3", "4", "5", "6", "1")
        for key in (*panes, *(("0", "j", *panes) * (len(NAMES) - 1)), "ctrl+p", "escape", "D", "escape", "y"):
            await stage.press(key)
            assert "\x1b" not in stage.text
            assert "\u202e" not in stage.text
            assert "\u200b" not in stage.text
        assert stage.app.main.boxes.functions.path == stage.app.bench.store.paths[-1]


async def test_a_list_below_a_dialog_shows_no_cursor(workspace: Path) -> None:
    async with opened(workspace) as stage:
        bar = stage.app.glyphs["cursor"]
        assert stage.text.count(bar) == 1
        await stage.press("question_mark")
        assert bar not in stage.text
        await stage.press("escape")
        assert stage.text.count(bar) == 1


async def test_what_is_said_of_the_mouse_names_the_key_that_holds(workspace: Path) -> None:
    async with opened(workspace, keys={"mouse": ("f9",)}) as stage:
        await stage.press("f9")
        assert stage.notices[-1] == "the mouse is the terminal's: F9 takes it back"
        await stage.press("f9")
        assert stage.notices[-1] == "the mouse works here again"
