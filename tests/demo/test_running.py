"""The sample workspace runs: its kept calls with stock Go's modules, and two clients that talk in `chat`."""

from __future__ import annotations

import base64
import os
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.gobuild import CACHE, build_go, go_environment, go_executable, held
from tui.cli import main
from tui.demo.copy import WORKSPACE, copy_workspace
from tui.running.answer import Call, Target
from tui.running.gather import gather
from tui.running.host.settings import HostSettings
from tui.running.process.guest_process import GuestProcess

COMPILED = CACHE / "compiled"  # by content, so that the engine compiles each module once for all runs of the tests


@pytest.mark.slow
def test_the_kept_calls_of_the_sample_workspace_come_as_expected(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    for name, value in go_environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PATH", os.pathsep.join([str(Path(go_executable()).parent), os.environ["PATH"]]))
    monkeypatch.setenv("XDG_CACHE_HOME", str(CACHE / "caches"))  # code by content, as below
    # Always in one place, which Go writes into a module: what the engine made of the same bytes is kept.
    with held("kept-calls") as place:
        shutil.rmtree(place, ignore_errors=True)
        copy_workspace(place)
        code = main(["test", str(place), "--compiler", "go"])
    out = capfd.readouterr().out
    assert code == 0, out
    assert out.splitlines()[-1] == "12 calls as expected"
    kept = {path.parent.name for path in WORKSPACE.rglob("calls.yaml")}
    able = {path.parent.name for path in WORKSPACE.rglob("function.yaml")} - {"invite", "digest"}
    assert kept == able


def texts(reply: Mapping[str, Any]) -> list[str]:
    return [base64.b64decode(data).decode() for data in reply["delivered"]]


@pytest.mark.slow
def test_two_clients_talk(tmp_path: Path) -> None:
    """What one says reaches both, in order; who has left hears nothing more."""
    (tmp_path / "function.yaml").write_text((WORKSPACE / "chat/function.yaml").read_text())
    source = (WORKSPACE / "chat/function.go").read_text()
    (tmp_path / "function.wasm").write_bytes(build_go(source, "reactor"))
    target = gather(str(tmp_path))
    assert isinstance(target, Target)
    process = GuestProcess(COMPILED, HostSettings(fresh=True))
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
