"""The sample workspace runs: its kept calls with stock Go's modules, and two clients that talk in `chat`."""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.demo.conftest import in_one_place
from tests.engine import CODE
from tests.gobuild import CACHES, go_environment, go_executable
from tui.cli import main
from tui.demo.copy import WORKSPACE
from tui.running.answer import Call, Target
from tui.running.gather import gather
from tui.running.host.settings import HostSettings
from tui.running.process.guest_process import GuestProcess

# One of each kind, and how many calls are kept beside them; the engine takes two seconds for each module.
SOME = (("chat", "echo", "shop/functions/order", "wallet"), 7)


@pytest.mark.slow
@pytest.mark.parametrize(("functions", "calls"), [SOME, pytest.param((".",), 12, marks=pytest.mark.long)])
def test_the_kept_calls_of_the_sample_workspace_come_as_expected(
    functions: tuple[str, ...], calls: int, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    for name, value in go_environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PATH", os.pathsep.join([str(Path(go_executable()).parent), os.environ["PATH"]]))
    monkeypatch.setenv("XDG_CACHE_HOME", str(CACHES))
    with in_one_place() as place:
        code = main(["test", *(str(place / function) for function in functions), "--compiler", "go"])
    out = capfd.readouterr().out
    assert code == 0, out
    assert out.splitlines()[-1] == f"{calls} calls as expected"
    kept = {path.parent.name for path in WORKSPACE.rglob("calls.yaml")}
    able = {path.parent.name for path in WORKSPACE.rglob("function.yaml")} - {"invite", "digest"}
    assert kept == able


def texts(reply: Mapping[str, Any]) -> list[str]:
    return [base64.b64decode(data).decode() for data in reply["delivered"]]


@pytest.mark.slow
def test_two_clients_talk(built: Path) -> None:
    """What one says reaches both, in order; who has left hears nothing more."""
    target = gather(str(built / "chat"))
    assert isinstance(target, Target)
    process = GuestProcess(CODE, HostSettings(fresh=True))
    ann, bob = Call(client_id="ann"), replace(Call(), client_id="bob")
    try:
        assert texts(process.open(target, ann)) == []
        assert texts(process.open(target, bob)) == []
        assert texts(process.frame("ann", b"hello", target)) == ["ann: hello"]
        assert texts(process.frame("bob", b"hi ann", target)) == ["ann: hello", "bob: hi ann"]
        assert texts(process.frame("ann", b"bye", target)) == ["bob: hi ann", "ann: bye"]
        process.hang_up("ann", target)
        assert texts(process.frame("bob", b"alone?", target)) == ["ann: bye", "ann left", "bob: alone?"]
        assert process.frame("bob", b"/quit", target)["ended"] is True
    finally:
        process.close()
