"""`fn-tui new`: what it says, and where it creates."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tui.cli import main


def test_it_says_what_was_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["new", "greet"]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"Created {tmp_path / 'greet'}: function.go, function.yaml, go.mod\n")
    assert "ws_persistent" not in (tmp_path / "greet/function.yaml").read_text()


@pytest.mark.parametrize("place", [["WORKSPACE"], ["--in", "WORKSPACE"]])
def test_the_workspace_can_be_named(place: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    argv = [part.replace("WORKSPACE", str(tmp_path)) for part in place]
    assert main(["new", "talk", *argv, "--kind", "persistent", "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record == {
        "dir": str(tmp_path / "talk"),
        "path": str(tmp_path / "talk"),
        "kind": "persistent",
        "files": ["function.go", "function.yaml", "go.mod"],
        "module": None,
    }
    assert "ws_persistent: true" in (tmp_path / "talk/function.yaml").read_text()


def test_a_refused_name_is_a_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", "1st", str(tmp_path), "--json"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("fn-tui: 'name' must start with a letter")


def test_below_a_go_mod_it_says_whose_package_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "go.mod").write_text("module example.com/shop\n\ngo 1.22\n")
    assert main(["new", "billing/charge", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"Created {tmp_path / 'billing/charge'}: function.go, function.yaml\n")
    assert "a package of example.com/shop" in out
    assert main(["new", "billing/refund", str(tmp_path), "--module", "own", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["files"] == ["function.go", "function.yaml", "go.mod"]
