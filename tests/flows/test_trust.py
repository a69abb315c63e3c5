"""A workspace that brings settings: nothing of them takes effect, and nothing is built, before a person agrees."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.flows.stage import Stage
from tui.app.shell.app import FnTui
from tui.cli.commands.screen import screen_options
from tui.cli.parser import root_parser
from tui.gateway.contract.reading import load_contract
from tui.settings.trust import WorkspaceFile, agree, workspace_file

SETTINGS = """watch = true
jobs = 3
timeout = 60
theme = "textual-light"
ascii = true
mouse = false
contract = "/etc/host.json"
[keys]
quit = ["j"]
cursor-down = ["down"]
"""
TITLE = "This workspace brings settings"

LONG = pytest.mark.long  # another key for the same choice


@asynccontextmanager
async def opened(workspace: Path, *words: str, size: tuple[int, int] = (120, 40)) -> AsyncIterator[Stage]:
    """The app as `fn-tui WORKSPACE` opens it."""
    options = screen_options(root_parser().parse_args(["--compiler", "go", *words, str(workspace)]), workspace)
    app = FnTui(options, load_contract(options.settings.contract))
    async with app.run_test(size=size, notifications=True) as pilot:
        stage = Stage(app, pilot)
        await pilot.pause()
        yield stage


async def in_use(stage: Stage) -> None:
    """Wait until the workspace is there."""
    await stage.until(lambda: TITLE not in stage.text and stage.app.main.boxes.furnished, "the workspace is open")


def write(workspace: Path, text: str = SETTINGS) -> WorkspaceFile:
    (workspace / ".fn-tui.toml").write_text(text)
    return found(workspace)


def found(workspace: Path) -> WorkspaceFile:
    file = workspace_file(workspace)
    assert isinstance(file, WorkspaceFile)
    return file


async def test_each_setting_and_each_key_that_moves_is_shown(workspace: Path) -> None:
    write(workspace)
    async with opened(workspace) as stage:
        await stage.shows(TITLE)
        for words in (
            "watch = true",
            "every save builds what it touches, without a key",
            "jobs = 3",
            "a build is stopped after 1 min 0 s",
            'theme = "textual-light"',
            "the mouse is left to the terminal",
            "which lies outside of this workspace",
            "key j",
            "now: down; then: quit; asks only while something builds",
            "key q",
            "now: quit; asks only while something builds; then: nothing",
        ):
            assert words in stage.text, words
        assert "chat" not in stage.text  # nothing of the workspace was looked at
        assert len(stage.app.bench.store) == 0


@pytest.mark.parametrize(
    "keys",
    [
        ["enter"],
        ["escape"],
        ["up", "enter"],
        *(pytest.param(keys, marks=LONG) for keys in (["k", "enter"], ["enter"] * 2)),
    ],
)
async def test_by_habit_nothing_is_agreed_to(keys: list[str], workspace: Path) -> None:
    write(workspace)
    async with opened(workspace) as stage:
        await stage.shows(TITLE)
        await stage.press(*keys)
        await in_use(stage)
        settings = stage.app.bench.options.settings
        assert (settings.watch, settings.jobs, settings.timeout, settings.contract) == (False, 0, 0, None)
        assert (stage.app.theme, stage.app.mouse.ours, stage.app.glyphs.ascii) != ("textual-light", False, True)
        assert not stage.app.bench.watch.is_on
        assert stage.app.keymap_read.changed == {}
    assert found(workspace).answer is None  # asked again the next time


async def test_who_agrees_has_all_of_it_now_and_is_not_asked_again(workspace: Path) -> None:
    write(workspace, SETTINGS.replace('contract = "/etc/host.json"\n', ""))
    async with opened(workspace) as stage:
        await stage.shows(TITLE)
        await stage.press("down", "down", "enter")
        await in_use(stage)
        assert found(workspace).answer == "agreed"
        for _ in range(2):
            settings = stage.app.bench.options.settings
            assert (settings.watch, settings.jobs, settings.timeout) == (True, 3, 60)
            assert (stage.app.theme, stage.app.mouse.ours, stage.app.glyphs.ascii) == ("textual-light", False, True)
            await stage.until(lambda: stage.app.bench.watch.is_on, "it watches")
            assert stage.app.bench.builds.queue.jobs == 3
        await stage.shows("chat")
        await stage.press("j")
        await stage.until(lambda: not stage.app.is_running, "j quits")
    async with opened(workspace) as stage:
        await in_use(stage)
        assert TITLE not in stage.text
        assert stage.app.bench.options.settings.jobs == 3


async def test_who_does_not_want_to_be_asked_is_asked_only_of_another_content(workspace: Path) -> None:
    write(workspace)
    async with opened(workspace) as stage:
        await stage.shows(TITLE)
        await stage.press("j", "enter")
        await in_use(stage)
        assert stage.app.bench.options.settings.jobs == 0
    async with opened(workspace) as stage:
        await in_use(stage)
        assert stage.app.bench.options.settings.jobs == 0
    write(workspace, "jobs = 2\n")
    async with opened(workspace) as stage:
        await stage.shows(TITLE, "jobs = 2", "2 builds at once")


async def test_a_contract_that_cannot_be_used_is_said_and_the_own_one_stays(workspace: Path) -> None:
    write(workspace, 'contract = "none.json"\njobs = 2\n')
    async with opened(workspace) as stage:
        await stage.shows(TITLE)
        await stage.press("j", "j", "enter")
        await in_use(stage)
        assert any("none.json" in notice and "stays" in notice for notice in stage.notices)
        assert stage.app.bench.contract == load_contract()
        assert stage.app.bench.options.settings.jobs == 2


@pytest.mark.parametrize("key", ["q", "ctrl+c", pytest.param("ctrl+q", marks=LONG)])
async def test_one_may_leave_before_anything_is_opened(key: str, workspace: Path) -> None:
    write(workspace)
    async with opened(workspace) as stage:
        await stage.shows(TITLE)
        await stage.press(key)
        await stage.until(lambda: not stage.app.is_running, "it quits")
    assert stage.app.return_code == 0
    assert found(workspace).answer is None


async def test_many_settings_on_a_small_screen_can_all_be_read(workspace: Path) -> None:
    many = "".join(f'pane-{name} = ["f{number}"]\n' for number, name in enumerate(("list", "config", "size", "log"), 2))
    write(workspace, SETTINGS + many)
    async with opened(workspace, size=(80, 24)) as stage:
        await stage.shows(TITLE, "Agree to them", "watch = true", "q quits")
        seen = stage.text
        for _ in range(8):
            await stage.press("pagedown")
            seen += stage.text
        for words in ("key j", "key F2", "key F5", "to the list of functions"):
            assert words in seen, words
        await stage.shows("Open without them")


async def test_trust_on_the_command_line_agrees(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(workspace, "jobs = 3\n")
    async with opened(workspace, "--trust") as stage:
        await in_use(stage)
        assert stage.app.bench.options.settings.jobs == 3
    assert "jobs = 3: 3 builds at once" in capsys.readouterr().err
    assert found(workspace).answer == "agreed"


async def test_nothing_is_built_without_a_key(workspace: Path, tmp_path: Path) -> None:
    """A clone with `watch = true`, saved to while its settings are asked about, and after they were not agreed to."""
    write(workspace)
    module = workspace / "echo/function.wasm"
    async with opened(workspace) as stage:
        await stage.shows(TITLE)
        touch(workspace / "echo/function.go")
        await stage.press("enter")
        await in_use(stage)
        touch(workspace / "echo/function.go")
        await stage.read()
        ends = time.monotonic() + 3  # a save is built within a third of that where it is watched
        while time.monotonic() < ends:
            assert stage.app.bench.builds.busy == 0
            await asyncio.sleep(0.05)
    assert not module.exists()


def touch(file: Path) -> None:
    file.write_text(file.read_text() + "\n")


async def test_an_agreed_file_is_not_asked_about(workspace: Path) -> None:
    agree(write(workspace, "jobs = 3\n").file)
    async with opened(workspace) as stage:
        await in_use(stage)
        assert stage.app.bench.options.settings.jobs == 3
