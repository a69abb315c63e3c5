"""Functions run on screen, by keys."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.app.desk.running.functions import ECHO, LOOPS, TRAPS, lay
from tests.flows.stage import opened


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
        await stage.shows("ctrl+enter Run", "nothing was run yet", "JSON")
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
        await stage.press("K")
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
        await stage.shows("running", "x ends it")
        await stage.press("escape", "x")
        await stage.shows("cancelled: its process was ended")
        await stage.press("escape", "j", "R")
        await stage.until(lambda: stage.app.focused is not None and stage.app.focused.has_class("-typing"))
        await stage.press("ctrl+enter")
        await stage.shows("✗ 500", "It failed: it trapped (unreachable)")
        await stage.press("escape", "m")
        await stage.shows("Trap: unreachable", "3 calls", "log info before it", 'cache_incr("visits") = 1')
        assert stage.text.index("log info before it") < stage.text.index("cache_incr") < stage.text.index("info visits")
