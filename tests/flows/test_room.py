"""What one reads beside the list: log, errors, messages, builds before; through real keys."""

from __future__ import annotations

import stat
from functools import partial
from pathlib import Path

import pytest

from tests.flows.conftest import add_function
from tests.flows.stage import Stage, opened
from tui.settings.state import State, load_state


async def build(stage: Stage, path: str) -> None:
    """Go there, build it, and wait for the end."""
    functions = stage.app.main.boxes.functions
    functions.go_to(path)
    before = stage.app.bench.store[path].finished
    await stage.press("b")
    await stage.until(lambda: stage.app.bench.store[path].finished not in (None, before), f"{path} was built")
    await stage.until(lambda: not stage.app.bench.builds.busy, "the queue is empty")


async def test_the_log_opens_for_a_build_and_errors_come_forward_and_are_there_after_a_restart(workspace: Path) -> None:
    async with opened(workspace, remember=True) as stage:
        boxes = stage.app.main.boxes
        await stage.press("g", "j", "j")  # echo: never built
        assert boxes.plan.log_height == 1
        await build(stage, "invite")
        await stage.until(lambda: boxes.view.log_tab == "errors", "errors come forward")
        await stage.until(lambda: boxes.plan.log_height > 5, "they have room")
        await stage.shows("undefined: bodyy", "exit 1")
        said = [line.text for line in stage.app.bench.store["invite"].transcript.lines()]  # type: ignore[union-attr]
        # The keys go into the errors and step through all functions, from here on.
        await stage.press("n")
        assert boxes.where == "errors"
        await stage.press("N")
        await stage.until(lambda: boxes.functions.path == "digest", "to the function before that is in trouble")
        await stage.press("n")
        await stage.until(lambda: boxes.functions.path == "invite", "and back")
    async with opened(workspace, state=load_state()[0]) as stage:
        await stage.until(lambda: stage.app.main.boxes.functions.path == "invite", "where one was")
        await stage.until(lambda: stage.app.bench.store["invite"].transcript is not None, "the log is recalled")
        await stage.shows("undefined: bodyy", "exit 1")
        again = [line.text for line in stage.app.bench.store["invite"].transcript.lines()]  # type: ignore[union-attr]
        assert again == said
        await stage.press("H")
        await stage.shows("builds before", "✗ failed")
        await stage.press("enter")
        await stage.shows("Errors", "Log", "$ ")


async def test_in_the_log_keys_move_and_enter_opens_the_place_that_a_line_names(
    workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = tmp_path / "told"
    editor = tmp_path / "vim"
    editor.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > "{told}"\n')
    editor.chmod(editor.stat().st_mode | stat.S_IXUSR)
    async with opened(workspace, editor=str(editor)) as stage:
        await build(stage, "invite")
        await stage.press("7")
        pane = stage.app.main.boxes.logs.get("log")
        assert pane is not None
        view = pane.view  # type: ignore[union-attr]
        assert view.transcript is not None
        places = [line.index for line in view.transcript.lines() if line.text.startswith("./function.go:")]
        await stage.press("g")
        assert view.cursor.place == 0
        await stage.press(*["j"] * places[0])
        assert view.cursor.place == places[0]
        from tests.flows.test_building import _not_suspended

        monkeypatch.setattr(type(stage.app), "suspend", _not_suspended)
        await stage.press("enter")
        await stage.until(told.exists, "the editor was started")
        assert "function.go" in told.read_text()
        await stage.press("t", "v", "k", "y")
        assert view.times
        await stage.until(lambda: any("copied 2 lines" in said for said in stage.notices), "a range is copied")


async def test_the_tabs_turn_by_brackets_and_in_a_pane_by_h_and_l(workspace: Path) -> None:
    async with opened(workspace) as stage:
        view = stage.app.main.boxes.view
        await stage.press("right_square_bracket")
        assert (view.tab, stage.app.main.boxes.where) == ("config", "list")
        await stage.press("2", "l")
        assert view.tab == "verdict"
        await stage.press("h", "h", "h")
        assert view.tab == "size"
        await stage.press("8", "h")
        assert stage.app.main.boxes.where == "log"


async def test_messages_stand_in_the_last_line_and_in_a_list(workspace: Path) -> None:
    async with opened(workspace, problems=("settings.toml:3: one", "settings.toml:4: two")) as stage:
        await stage.shows("Settings: settings.toml:3: one (+1 more)")
        await stage.press("M")
        await stage.shows("Messages", "settings.toml:4: two")
        await stage.press("escape")


async def test_sizes_and_the_compiler_are_those_of_each_workspace(workspace: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    add_function(other, "one", "name: one\n", "package main\n")
    async with opened(workspace, compiler="tinygo", remember=True) as stage:
        await stage.press("greater_than_sign")
        width = stage.app.main.boxes.plan.list_width
        stage.app.bench.set_compiler("go")
    state = load_state()[0]
    async with opened(workspace, compiler="tinygo", state=state) as stage:
        assert (stage.app.main.boxes.plan.list_width, stage.app.bench.compiler) == (width, "go")
    async with opened(other, compiler="tinygo", state=state) as stage:
        assert stage.app.main.boxes.plan.list_width < width
        assert stage.app.bench.compiler == "tinygo"
    assert state != State()


async def test_a_first_click_selects_and_a_second_opens(workspace: Path) -> None:
    async with opened(workspace) as stage:
        await stage.press("g", "j", "8")
        pane = stage.app.main.boxes.logs.get("errors")
        assert pane is not None
        opened_places: list[object] = []
        stage.app.editing.edit = opened_places.append  # type: ignore[method-assign,assignment]
        await stage.until(lambda: pane.row is not None, "errors are listed")  # type: ignore[union-attr]
        await stage.press("0")
        line = pane.stack.tops[pane.cursor.place] - pane.scroll_offset.y  # type: ignore[union-attr]
        await stage.pilot.click(pane, offset=(8, line))
        await stage.pilot.pause()
        assert not opened_places
        await stage.pilot.click(pane, offset=(8, line))
        await stage.until(lambda: opened_places, "the second click opens")
        functions = stage.app.main.boxes.functions
        await stage.press("1", "0")
        stage.app.CLICK_CHAIN_TIME_THRESHOLD = 0  # type: ignore[misc] # none of these is a double click
        await stage.pilot.click(functions, offset=(8, functions.listing.place))
        await stage.pilot.pause()
        assert functions.has_focus
        await stage.pilot.click(functions, offset=(8, functions.listing.place))
        await stage.until(lambda: stage.app.main.where == "overview", "the second click on a function opens it")


async def test_only_the_box_that_one_is_in_has_colour_in_its_edge(workspace: Path) -> None:
    async with opened(workspace, (200, 60)) as stage:
        boxes = stage.app.main.boxes
        edges = {
            "list": boxes.list_title, "overview": boxes.tabs, "verdict": boxes.third_title, "errors": boxes.log_title
        }  # fmt: skip
        colour = stage.app.theme_variables["border"].lower()

        def is_in(where: str) -> bool:
            return boxes.where == where and boxes.heading_for is None

        for key, where in (("g", "list"), ("8", "errors"), ("1", "overview"), ("3", "verdict"), ("0", "list")):
            await stage.press(key)
            await stage.until(partial(is_in, where), where)
            lit = {name for name, edge in edges.items() if edge.styles.color.hex.lower() == colour}
            assert lit == {where}


async def test_what_one_is_in_stays_in_sight_and_has_the_keys_at_every_size(workspace: Path) -> None:
    sizes = ((80, 24), (200, 60), (60, 20), (120, 40))
    async with opened(workspace, (200, 60)) as stage:
        boxes = stage.app.main.boxes

        async def at_every_size(where: str, *, in_front: bool = False) -> None:
            for size in sizes:
                await stage.pilot.resize_terminal(*size)
                await stage.until(lambda: stage.app.main.showing.is_arranged, f"{where} at {size}")
                assert boxes.where == where, (size, stage.text)
                focused = stage.app.focused
                assert focused is not None
                assert focused.region.height > 1, (where, size, stage.text)
                assert not in_front or boxes.view.solo is not None

        await stage.press("g", "3")  # chat, in the verdict's own column
        assert boxes.plan.third
        await at_every_size("verdict")
        await stage.press("8")
        await at_every_size("errors")
        await stage.press("m")
        await at_every_size("errors", in_front=True)
        await stage.press("m", "0")
        await at_every_size("list")
        await stage.press("R")
        await stage.until(lambda: boxes.where == "run", "the input")
        typing = stage.app.focused
        await at_every_size("run")
        assert stage.app.focused is typing
