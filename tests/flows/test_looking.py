"""Opening a workspace and looking around, at each size."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import ECHO_SOURCE
from tests.flows.conftest import add_function
from tests.flows.stage import opened
from tui.app.log.pane import LogPane
from tui.app.shell import main_screen
from tui.settings.state import State

# The other flows have 120x40, and test_room.py looks at 200x60.
SIZES = [
    (1, 1), (40, 12), (80, 24),
    pytest.param((120, 40), marks=pytest.mark.long), pytest.param((200, 60), marks=pytest.mark.long),
]  # fmt: skip


async def test_a_workspace_opens_with_every_function_explained(workspace: Path) -> None:
    async with opened(workspace) as stage:
        assert [stage.state(path) for path in ("chat", "digest", "echo", "invite")] == [
            "blocked",
            "refused",
            "unbuilt",
            "ready",
        ]
        await stage.shows("chat", "REACTOR", "COMMAND", "4 functions", "✗ 1 blocked", "✗ 1 refused")
        await stage.press("j")
        await stage.shows("digest", "function.yaml")
        await stage.press("2")
        await stage.shows("memory")


async def test_arrows_and_vim_keys_move(workspace: Path) -> None:
    async with opened(workspace) as stage:
        functions = stage.app.main.boxes.functions
        for key, path in (
            ("j", "digest"),
            ("down", "echo"),
            ("k", "digest"),
            ("G", "invite"),
            ("g", "chat"),
            ("end", "invite"),
            ("home", "chat"),
            ("ctrl+d", "invite"),
            ("ctrl+u", "chat"),
            ("up", "chat"),
        ):
            await stage.press(key)
            assert functions.path == path, key


@pytest.mark.parametrize("size", SIZES)
async def test_every_size_opens_moves_and_switches(workspace: Path, size: tuple[int, int]) -> None:
    async with opened(workspace, size) as stage:
        for key in (
            "j",
            "1",
            "2",
            "3",
            "4",
            "5",
            "6",
            "7",
            "8",
            "0",
            "m",
            "m",
            "question_mark",
            "escape",
            "less_than_sign",
        ):
            await stage.press(key)
        await stage.press("greater_than_sign", "tab", "tab", "shift+tab", "slash", "c", "escape", "escape")
        lines = stage.text.split("\n")
        assert len(lines) <= size[1]
        if size[0] >= 40:
            await stage.press("0")
            await stage.shows("chat", "digest", "echo", "invite")


async def test_at_80x24_list_and_detail_take_turns(workspace: Path) -> None:
    async with opened(workspace, (80, 24)) as stage:
        assert "1 Overview" not in stage.text
        assert "7 Log" not in stage.text
        await stage.shows("built as a command, must be a reactor")
        await stage.press("enter")
        await stage.shows("1 Overview", "REACTOR", "esc Back")
        assert "─ Functions" not in stage.text
        await stage.press("7")
        await stage.shows("7 Log")
        await stage.press("escape")
        await stage.shows("Functions")
        assert stage.app.main.boxes.functions.has_focus


async def test_wide_screens_show_the_verdict_beside(workspace: Path) -> None:
    async with opened(workspace, (160, 45)) as stage:
        await stage.shows("1 Overview", "3 Verdict", "7 Log")
        await stage.press("3")
        assert stage.app.main.where == "verdict"
        await stage.pilot.resize_terminal(120, 40)
        await stage.press("1")
        await stage.press("3")
        await stage.until(lambda: stage.app.main.where == "verdict")


async def test_the_filter_narrows_counts_and_lets_go(workspace: Path) -> None:
    async with opened(workspace) as stage:
        await stage.press("slash", "e", "c")
        await stage.shows("1 of 4", "esc Back  F1 Keys")
        assert "b Build  " not in stage.text  # it would be typed
        assert stage.app.main.boxes.functions.rows == ["echo"]
        await stage.press("enter")
        assert stage.app.main.boxes.functions.has_focus
        await stage.press("escape")
        assert len(stage.app.main.boxes.functions.rows) == 4
        assert stage.app.main.boxes.functions.path == "echo"
        await stage.press("2", "slash", "x")  # a pane's filter takes letters as well
        await stage.until(lambda: "b Build  " not in stage.text)
        await stage.shows("esc Back  F1 Keys")
        await stage.press("escape")
        await stage.shows("u Secrets  esc Back  b Build  ")


async def test_a_filter_that_nothing_matches_says_how_to_leave_it(workspace: Path) -> None:
    async with opened(workspace) as stage:
        await stage.press("j", "slash", "p", "x", "q")
        await stage.shows(" / pxq", 'nothing matches "pxq": esc clears it')
        assert "no function is chosen" not in stage.text.split("7 Log")[0]
        await stage.press("escape")
        assert stage.app.main.boxes.functions.path == "digest"
        # Kept and walked about in as well: there is no row to go to.
        await stage.press("slash", "p", "x", "q", "enter", "j", "G", "escape")
        assert stage.app.main.boxes.functions.path == "digest"


async def test_escape_clears_the_marks_and_the_footer_counts_them(workspace: Path) -> None:
    async with opened(workspace) as stage:
        await stage.press("space", "space")
        await stage.shows("b Build 2", "2 marked")
        assert "x Cancel" not in stage.text
        await stage.press("escape")
        assert stage.app.bench.store.marked == []
        await stage.until(lambda: "b Build 2" not in stage.text)


async def test_a_narrow_screen_says_by_its_footer_whether_the_log_follows(workspace: Path) -> None:
    async with opened(workspace, (80, 24)) as stage:
        await stage.press("7")
        await stage.shows("f Hold")
        await stage.press("f")
        await stage.shows("f Follow")
        await stage.press("G")
        await stage.shows("f Hold")


async def test_the_cursor_stays_on_its_function_while_others_come_and_go(workspace: Path) -> None:
    async with opened(workspace) as stage:
        await stage.press("j", "j")
        for name in ("alpha", "beta", "zeta"):
            add_function(workspace, name, f"name: {name}\n", "package main\n\nfunc main() {}\n")
        await stage.until(lambda: len(stage.app.bench.store) == 7, "seven functions")
        await stage.shows("alpha", "zeta")
        assert stage.app.main.boxes.functions.path == "echo"


async def test_edits_on_disk_show(workspace: Path) -> None:
    async with opened(workspace) as stage:
        (workspace / "digest" / "function.yaml").write_text("name: digest\nmemory: 128\n")
        await stage.until(lambda: stage.state("digest") == "unbuilt", "the config is good now")
        (workspace / "invite" / "function.wasm").write_bytes(b"\0asm")
        await stage.until(lambda: stage.state("invite") == "blocked", "the module is truncated now")
        (workspace / "invite" / "function.wasm").unlink()
        await stage.until(lambda: stage.state("invite") == "unbuilt", "the module is gone")


async def test_while_functions_are_read_nobody_says_that_there_are_no_errors(tmp_path: Path) -> None:
    add_function(tmp_path, "echo", "name: echo\n", ECHO_SOURCE)
    async with opened(tmp_path) as stage:
        await stage.press("n")
        assert stage.notices[-1] == "no errors in any function"
        stage.app.bench.reader.searching = True
        await stage.press("n")
        assert stage.notices[-1] == "no errors so far: functions are still being read"


async def test_an_empty_folder_teaches(tmp_path: Path) -> None:
    async with opened(tmp_path) as stage:
        await stage.shows("No functions here", "function.yaml", "make one here", "quit")
        add_function(tmp_path, "first", "name: first\n", "package main\n\nfunc main() {}\n")
        await stage.shows("Functions", "first")


async def test_tabs_and_panes_by_mouse(workspace: Path) -> None:
    async with opened(workspace) as stage:
        await stage.pilot.click("FunctionList", offset=(5, 2))
        assert stage.app.main.boxes.functions.path == "echo"
        bar = stage.app.main.query_one("#tabs")
        assert "2 Config" in stage.text  # it is drawn
        start = next(start for start, _, key in bar._places if key == "config")  # type: ignore[attr-defined]
        await stage.pilot.click("#tabs", offset=(start + 2, 0))
        await stage.until(lambda: stage.app.main.boxes.view.tab == "config")
        footer = stage.app.main.query_one("#footer")
        assert "Build" in stage.text
        build = next(start for start, _, key in footer._places if key == "build")  # type: ignore[attr-defined]
        await stage.pilot.click("#footer", offset=(build + 1, 0))
        await stage.until(lambda: stage.app.bench.builds.busy or stage.state("echo") != "unbuilt", "b was clicked")


async def test_panes_are_resized_by_keys_and_by_dragging_and_remembered(workspace: Path) -> None:
    from tui.settings.state import load_state

    async with opened(workspace, remember=True) as stage:
        main = stage.app.main
        before = main.boxes.plan.list_width
        await stage.press("greater_than_sign")
        assert main.boxes.plan.list_width == before + 4
        await stage.pilot.mouse_down("#list-splitter", offset=(0, 10))
        await stage.pilot.hover("#list-box", offset=(before, 10))
        await stage.pilot.mouse_up("#list-box", offset=(before, 10))
        main.navigation.drag("list", 500)
        assert main.boxes.sizes["list"] == main.boxes.plan.list_width, "kept is what there was room for"
        await stage.press("7", "greater_than_sign")
        await stage.press("0", "j")
        sizes = dict(main.boxes.sizes)
    state, problem = load_state()
    assert problem is None
    assert dict(state.of(workspace).sizes) == sizes
    assert state.of(workspace).last == "digest"
    async with opened(workspace, state=state) as stage:
        assert stage.app.main.boxes.functions.path == "digest"
        assert stage.app.main.boxes.plan.list_width == sizes["list"]


async def test_a_pane_alone_and_back(workspace: Path) -> None:
    async with opened(workspace) as stage:
        await stage.press("2", "m")
        await stage.until(lambda: "Functions" not in stage.text, "the list is away")
        assert "7 Log" not in stage.text
        await stage.press("escape")
        await stage.shows("Functions", "7 Log")


async def test_an_unreadable_state_costs_nothing(workspace: Path) -> None:
    async with opened(workspace, state=State(theme="gone").with_last(workspace, "gone")) as stage:
        assert stage.app.theme == "fn-tui-dark"
        assert stage.app.main.boxes.functions.path == "chat"


@pytest.mark.parametrize("size", [pytest.param((80, 24), marks=pytest.mark.long), (40, 12)])
async def test_in_the_detail_of_a_small_screen_the_function_is_named(workspace: Path, size: tuple[int, int]) -> None:
    async with opened(workspace, size) as stage:
        await stage.press("enter")
        await stage.until(lambda: stage.app.main.boxes.view.in_detail, "the detail shows")
        await stage.shows("✗ chat │", "mismatch")
        await stage.press("0", "j", "enter")
        await stage.shows("✗ digest │")


async def test_the_log_says_what_to_do_before_there_is_one_and_wraps_if_asked(workspace: Path) -> None:
    async with opened(workspace, (80, 24), wrap=True) as stage:
        await stage.press("7")
        await stage.shows("built outside of fn-tui: b builds it")
        assert stage.app.main.boxes.logs.pane.view.wrap  # type: ignore[union-attr]


async def test_the_log_is_made_when_something_is_asked_of_it(workspace: Path) -> None:
    async with opened(workspace) as stage:
        logs = stage.app.main.boxes.logs
        assert logs.pane is None  # no function has one
        await stage.press("W")
        pane = logs.get("log")
        assert isinstance(pane, LogPane)
        await stage.until(lambda: pane.view.wrap, "it wraps")
        await stage.press("7")
        await stage.shows("built outside of fn-tui: b builds it")


async def test_a_workspace_that_goes_away_and_comes_back(workspace: Path, tmp_path: Path) -> None:
    async with opened(workspace) as stage:
        workspace.rename(tmp_path / "elsewhere")
        await stage.press("r")
        await stage.shows("The workspace cannot be read", "0 functions")
        await stage.press("b", "B", "e", "y", "n", "1", "7", "d")
        await stage.press("escape")
        (tmp_path / "elsewhere").rename(workspace)
        await stage.press("r")
        await stage.shows("chat", "invite")


async def test_nothing_turns_for_a_person_who_wants_no_animations(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(workspace) as stage:
        functions = stage.app.main.boxes.functions
        before = functions.tick
        stage.app.main.draw_clock()
        assert functions.tick == before + 1
        monkeypatch.setattr(main_screen, "TEXTUAL_ANIMATIONS", "none")
        stage.app.main.draw_clock()
        assert functions.tick == before + 1
