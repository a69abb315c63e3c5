from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.wasm.binary import module
from tui.cli import main


def test_two_builds_of_a_function(
    capsysbinary: pytest.CaptureFixture[bytes],
    function_directory: Callable[..., Path],
    persistent_command: bytes,
    persistent_reactor: bytes,
) -> None:
    old = function_directory("old", wasm=persistent_command)
    new = function_directory("new", wasm=persistent_reactor)
    assert main(["diff", "--json", str(old), str(new)]) == 0
    record = json.loads(capsysbinary.readouterr().out)
    assert record["mode"] == ["command", "reactor"]
    assert record["size"]["delta"] == len(persistent_reactor) - len(persistent_command)
    assert {change["name"] for change in record["exports"]} == {"_start", "_initialize"}
    assert main(["diff", str(old), str(new / "function.wasm")]) == 0
    shown = capsysbinary.readouterr().out.decode()
    assert "mode: command -> reactor" in shown
    assert "  + func   _initialize  ()->()" in shown


def test_exit_codes(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    good, bad = tmp_path / "good.wasm", tmp_path / "bad.wasm"
    good.write_bytes(module())
    bad.write_bytes(module(b"\x0e\0"))
    assert main(["diff", str(good), str(good)]) == 0
    assert "no difference" in capsys.readouterr().out
    assert main(["diff", str(good), str(bad)]) == 1
    assert "14 is not a section id" in capsys.readouterr().out
    assert main(["diff", str(good), str(tmp_path / "none")]) == 2
    assert "No such file" in capsys.readouterr().err
