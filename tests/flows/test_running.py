"""Functions run on screen, by keys."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import pytest

from tests.app.desk.running.functions import ECHO, LOOPS, SOCKET, TRAPS, lay
from tests.flows.stage import opened
from tui.building.record.runs import RunRecord, note_run, stamp_of

CASES = Path(__file__).parents[1] / "running" / "cases"


@pytest.fixture
def homes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in ("CACHE", "STATE", "CONFIG"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / kind.lower()))


@pytest.mark.usefixtures("homes")
async def test_a_function_is_run_looked_at_and_ended_by_keys(tmp_path: Path) -> None:
    workspace = tmp_path / "ws"
    for name, text in (("echo", ECHO), ("loops", LOOPS), ("traps", TRAPS)):
        lay(workspace, name, text)
    async with opened(workspace) as stage:
        await stage.press("R")
        await stage.until(lambda: stage.app.focused is not None and stage.app.focused.has_class("-typing"))
        await stage.shows("ctrl+enter Run", "nothing was run on this screen yet", "JSON")
        assert "e Edit" not in stage.text  # letters are text now
        await stage.press(*'{"q":[7]}', "ctrl+j")
        await stage.shows("✓ 200", '"q": [', "7", "it called nothing of its host", "9 Run", "200 · ")
        await stage.press("escape", "j", "y", "i", "x")
        await stage.shows("not JSON")
        await stage.press("escape", "R")  # outside of the input it runs
        await stage.shows('"output": "{\\"q\\":[7]}x"')
        await stage.press("equals_sign")
        await stage.shows("Difference", '+{"q":[7]}x')
        await stage.press("S")
        await stage.shows("Keep a call of echo")
        await stage.press(*"not json", "enter")
        await stage.until((workspace / "echo" / "calls.yaml").exists)
        await stage.press("E")
        await stage.shows("✓1")  # in the list
        await stage.press("ctrl+r")
        await stage.shows("Send again", "not json", "kept: ")
        await stage.press("enter")
        await stage.shows("call not json")
        await stage.press("escape", "d")
        await stage.shows("there is no earlier build to compare with")
        await stage.press("escape", "j", "R")
        await stage.until(lambda: stage.app.focused is not None and stage.app.focused.has_class("-typing"))
        await stage.press("ctrl+enter")
        await stage.shows("running", "x ends it", "▶ _start")  # the station that runs is lit
        await stage.press("escape", "x")
        await stage.shows("cancelled: its process was ended")
        await stage.press("escape", "j", "R")
        await stage.until(lambda: stage.app.focused is not None and stage.app.focused.has_class("-typing"))
        await stage.press("ctrl+enter")
        await stage.shows("✗ 500", "It failed: it trapped (unreachable)")
        await stage.shows("✗ _start", "it failed when it was run here: it trapped (unreachable)")
        await stage.press("escape", "m")
        await stage.shows("Trap: unreachable", "3 calls", "log info before it", 'cache_incr("visits") = 1')
        await stage.press("L")
        await stage.until(lambda: any("serves at http" in notice for notice in stage.notices), "the gateway is on")
        await stage.press("G")
        await stage.shows("Local gateway  http://127.0.0.1:")
        await stage.press("U")
        await stage.until(
            lambda: any("the local gateway's address" in notice for notice in stage.notices), "it is copied"
        )
        await stage.press("g")
        assert stage.text.index("log info before it") < stage.text.index("cache_incr") < stage.text.index("info visits")


@pytest.mark.usefixtures("homes")
async def test_a_frame_of_a_trap_leads_to_its_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "ws" / "trap"
    folder.mkdir(parents=True)
    (folder / "function.yaml").write_text("name: trap\n")
    (folder / "function.wasm").write_bytes((CASES / "trap-dwarf4.wasm").read_bytes())
    (folder / "trap.c").write_bytes((CASES / "trap.c").read_bytes())
    told, editor = tmp_path / "told", tmp_path / "vim"
    editor.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > "{told}.new" && mv "{told}.new" "{told}"\n')
    editor.chmod(0o700)
    async with opened(tmp_path / "ws", editor=str(editor)) as stage:
        await stage.press("R")
        await stage.until(lambda: stage.app.focused is not None and stage.app.focused.has_class("-typing"))
        await stage.press("ctrl+j")
        await stage.shows("✗ 500", "It failed: it trapped (unreachable)")
        await stage.press("escape", "m", "G", "k")
        await stage.shows("in divide   trap.c:2:7", "in work   trap.c:10:12")
        monkeypatch.setattr(type(stage.app), "suspend", lambda _: nullcontext())  # there is no terminal to give away
        await stage.press("enter")
        await stage.until(told.exists, "the editor was started")
    assert told.read_text().splitlines()[-1] == str(folder / "trap.c")
    assert any(word.startswith("+") and "10" in word for word in told.read_text().splitlines())


@pytest.mark.usefixtures("homes")
async def test_one_talks_to_a_persistent_function_in_sessions_side_by_side(tmp_path: Path) -> None:
    workspace = tmp_path / "ws"
    lay(workspace, "talk", SOCKET, "ws_persistent: true\n")
    async with opened(workspace) as stage:
        await stage.press("R")
        await stage.until(lambda: stage.app.focused is not None and stage.app.focused.has_class("-typing"))
        await stage.press(*"hello", "ctrl+j")
        await stage.shows("│ ▶ ws_frame", "session 1   open", "→ hello", "← hello", "1 open session")
        await stage.press(*"again", "ctrl+j")  # what is typed comes in the place of what was sent
        await stage.shows("← again")
        await stage.press("escape", "O")
        await stage.shows("● session 2", "○ session 1")
        await stage.press("i", *"two", "ctrl+j")
        await stage.shows("← two")
        await stage.press("escape", "comma")
        await stage.shows("● session 1", "○ session 2")
        await stage.press("x")
        await stage.shows("session 1   closed", "ws_close gave 0")
        talks = stage.app.bench.runs.talks
        await stage.press("x")
        await stage.until(lambda: len(talks.of("talk")) == 1)
        # A flood: keys are answered while ten thousand frames and more come.
        for _ in range(30):
            talks.say("talk", "flood")
        await stage.press("0", "1", "9")
        talk = talks.active("talk")
        assert talk is not None
        await stage.until(lambda: talk.view().frames_out > 30_000)
        await stage.press("9")
        await stage.shows("30,001 ←")
        await stage.press("g")
        await stage.shows("before are not shown")
        assert not talk.is_over
    assert talk.is_over


@pytest.mark.usefixtures("homes")
async def test_what_was_run_elsewhere_is_not_called_nothing(tmp_path: Path) -> None:
    """The overview tells of it, whoever ran it; its answer is not kept."""
    lay(tmp_path / "ws", "echo", ECHO)
    stamp = stamp_of(tmp_path / "ws/echo/function.wasm")
    assert stamp is not None
    note_run(tmp_path / "ws/echo", RunRecord(stamp, 1e9, 12.0, 3, "done"))
    async with opened(tmp_path / "ws") as stage:
        await stage.shows("Last run")
        await stage.press("9")
        await stage.shows("nothing was run on this screen yet")


@pytest.mark.usefixtures("homes")
@pytest.mark.parametrize("ascii_only", [False, True])
async def test_a_call_s_name_and_caller_are_shown_as_they_are(tmp_path: Path, ascii_only: bool) -> None:
    """A name in square brackets was taken for markup, and ended the program; in ASCII dots stayed dots."""
    folder = lay(tmp_path / "ws", "echo", ECHO)
    (folder / "calls.yaml").write_text('"[/x] \u202e":\n  caller: {wallet: "[bold]0xabc[/y]"}\n  input: {}\n')
    async with opened(tmp_path / "ws", ascii=ascii_only) as stage:
        await stage.press("R", "ctrl+r")
        await stage.shows("Send again", "[/x]")
        await stage.press("enter")
        await stage.shows(f"{'-' if ascii_only else '─'} call [/x] \\u202e {'-' if ascii_only else '·'} as")
        await stage.press("escape", "m")
        await stage.shows(f" as [bold]0xabc[/y] {'-' if ascii_only else '·'} JSON ")
        await stage.press("i")
        await stage.press("ctrl+j")
        await stage.shows(" 200 ", "it called nothing of its host")
        assert stage.text.isascii() == ascii_only
