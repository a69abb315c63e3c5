"""Each key of the help, pressed in each place that shows it."""

from __future__ import annotations

import os
from contextlib import nullcontext
from pathlib import Path

import pytest
from textual import events
from textual.widgets import Input, TextArea

from tests.conftest import ECHO_SOURCE, PERSISTENT_SOURCE
from tests.flows.conftest import add_function
from tests.flows.key_table import PLACES, SECRET, TABLE, KeyRow, look
from tests.flows.stage import Stage, opened
from tui.app.keys.actions import ACTIONS, Action
from tui.app.panes.record_pane import RecordPane

pytestmark = pytest.mark.slow

SIZE = (110, 32)  # the log stands below the tabs; smaller ones are drawn faster
TALKING_GO = """#!/bin/sh
case "$1" in version) echo "go version go1.24.0 linux/amd64"; exit 0;; list) exit 1;; esac
n=0
while [ $n -lt 40 ]; do echo "line $n of what the compiler says" >&2; n=$((n + 1)); done
echo "./function.go:3:2: undefined: x" >&2
exec sleep 600
"""


@pytest.fixture
def shop(tmp_path: Path, persistent_command: bytes, monkeypatch: pytest.MonkeyPatch) -> Path:
    """chat is built in the wrong mode, digest is refused, echo was never built; a compiler that talks and never ends,
    and an editor that writes down what it was opened on.
    """
    root = tmp_path / "shop"
    yaml = f"name: chat\nws_persistent: true\nenv:\n  API_KEY: {SECRET}\n"
    add_function(root, "billing/chat", yaml, PERSISTENT_SOURCE, persistent_command)
    add_function(root, "billing/digest", "name: digest\nmemory: lots\ntimeout: soon\n", ECHO_SOURCE)
    add_function(root, "echo", "name: echo\n", ECHO_SOURCE)
    program(tmp_path / "bin" / "go", TALKING_GO)
    program(tmp_path / "bin" / "vim", f'#!/bin/sh\nprintf "%s\\n" "$@" >> "{root}/told"\n')
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:{os.environ['PATH']}")
    monkeypatch.setenv("EDITOR", "vim")
    return root


def program(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


def shown_in(where: str) -> list[Action]:
    """The actions that the help shows first in that place, and those of everywhere."""
    return [action for action in ACTIONS if action.where in ("anywhere", where)]


def burst(stage: Stage, *keys: str) -> None:
    """Keys that come in one write: all are on their way before the first has done anything."""
    for key in keys:
        stage.app.post_message(events.Key(key, key if len(key) == 1 else None))


async def enter(stage: Stage, where: str) -> None:
    """Into that place, from wherever one is."""
    burst(stage, "0", *(("G",) if where in ("log", "errors", "run") else ("g", "j")), PLACES[where])
    await stage.until(lambda: stage.app.main.where == where, f"in the {where}")


async def assert_each_key_arrives(stage: Stage, where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No widget takes a key that the help shows, and none arrives twice."""
    await enter(stage, where)
    keys = [key for action in shown_in(where) for key in action.keys]
    heard: list[str] = []
    with monkeypatch.context() as patch:
        patch.setattr(stage.app.main.dispatch, "press", heard.append)
        burst(stage, *keys)
        await stage.until(lambda: heard[-1:] == keys[-1:], f"all keys arrive in the {where}")
    assert heard == keys, where


async def try_row(stage: Stage, row: KeyRow) -> None:
    """Press each key of the row's action, and see what it does."""
    action = next(action for action in ACTIONS if action.id == row.action)
    for key in action.keys:
        if row.where != "anywhere" and stage.app.main.where != row.where:
            await enter(stage, row.where)
        burst(stage, *row.before)
        await stage.pilot.pause()
        was = look(stage)
        burst(stage, key)
        await stage.until(lambda was=was: row.seen(stage, was), f"{key} in {row.where}: {row.action}")  # type: ignore[misc]
        burst(stage, *row.after)
        await stage.pilot.pause()


async def test_each_key_of_the_help_arrives_wherever_it_is_shown_and_is_in_the_table(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = {(row.where, row.action) for row in TABLE}
    async with opened(shop, SIZE) as stage:
        for where in PLACES:
            await assert_each_key_arrives(stage, where, monkeypatch)
            here = next(iter(stage.app.main.inside_out())).handlers()
            wanted = {(where if action.id in here else "anywhere", action.id) for action in shown_in(where)}
            assert {(place, action) for place, action in wanted - rows if (where, action) not in rows} == set()


@pytest.mark.long
async def test_each_key_of_the_help_does_what_the_table_says(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(shop, SIZE) as stage:
        monkeypatch.setattr(type(stage.app), "suspend", lambda _app: nullcontext())
        await enter(stage, "list")
        for row in TABLE:
            await try_row(stage, row)


async def test_keys_in_one_write_do_what_they_do_apart(shop: Path) -> None:
    async with opened(shop) as stage:
        boxes = stage.app.main.boxes
        burst(stage, "7", "m")
        await stage.until(lambda: boxes.view.solo == "log-box", "the log alone")
        burst(stage, "m", "0", "slash", *"ech", "enter")
        await stage.until(lambda: boxes.functions.path == "echo" and boxes.functions.has_focus, "echo is found")
        burst(stage, "escape", "g", "G", "2", "0", "b")
        await stage.until(lambda: stage.state("echo") == "building", "the last one builds")
        burst(stage, "x", "8", "g", "j", "0", "k", "k")
        await stage.until(lambda: stage.state("echo") == "cancelled", "cancelled")
        await stage.until(lambda: boxes.functions.path == "billing/chat" and boxes.functions.has_focus, "two rows up")
        await stage.pilot.resize_terminal(80, 24)
        burst(stage, "7", "m", "0", "m")
        await stage.until(lambda: boxes.view.solo is None and boxes.functions.has_focus, "alone, and back")
        burst(stage, "slash", *"digest", "enter")
        await stage.until(lambda: boxes.functions.path == "billing/digest" and boxes.functions.has_focus, "digest")


@pytest.mark.parametrize("key", ["ampersand", "slash"])
async def test_what_is_typed_with_the_key_that_makes_the_log_is_typed_there(shop: Path, key: str) -> None:
    async with opened(shop, (40, 12)) as stage:
        burst(stage, "7", key, *"w")
        field = stage.app.main.boxes.logs.query
        await stage.until(lambda: any("w" in each.value for each in field(Input)), "it is typed")


@pytest.mark.parametrize("size", [SIZE, (40, 12)])
async def test_what_is_typed_with_the_keys_that_open_a_pane_and_its_filter_is_typed_there(
    shop: Path, size: tuple[int, int]
) -> None:
    async with opened(shop, size) as stage:
        main = stage.app.main
        for pane in "21234569":  # the first time, and again
            burst(stage, pane, "slash", *"wxyz", "backspace")
            await stage.until(lambda: typed_in(stage) == "wxy", f"it is typed in {pane}")
            burst(stage, "escape", "0")
            await stage.until(lambda: main.boxes.functions.has_focus, "back in the list")
        burst(stage, "9", "i", "ctrl+a", "w")
        await stage.until(lambda: "w" in str(typed_in(stage)), "it is typed into the input of a run")
        assert not stage.app.bench.watch.is_on  # what w does outside


def typed_in(stage: Stage) -> str | None:
    """What is typed where the keys are."""
    place = stage.app.focused
    if isinstance(place, RecordPane):
        return place.filter.typed.needle
    return place.text if isinstance(place, TextArea) else None
