"""`fn-tui demo`: copied where it was asked, never over anything."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tui.cli import main
from tui.cli.commands.setup.demo import present_compiler


def test_the_folder_that_was_named_is_filled(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "new" / "folder"
    assert main(["demo", "--no-open", str(target)]) == 0
    assert capsys.readouterr().out == f"Sample workspace: {target}\n"
    assert (target / "chat/function.wasm").read_bytes()[:8] == b"\0asm\x01\0\0\0"


def test_without_a_name_it_is_a_new_temporary_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for _ in range(2):
        assert main(["demo", "--json"]) == 0
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert first["dir"] != second["dir"]
    assert Path(first["dir"]).parent == tmp_path
    assert {"echo/function.go", "shop/go.mod", "chat/function.wasm"} <= set(first["files"])
    assert all((Path(first["dir"]) / file).is_file() for file in first["files"])


def test_what_is_there_stays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "echo").mkdir()
    assert main(["demo", "--no-open", str(tmp_path)]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == f"fn-tui: {tmp_path} is not empty: name a new folder, or none to get a temporary one\n"
    assert [path.name for path in tmp_path.iterdir()] == ["echo"]


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    assert main(["demo", "--no-open", str(tmp_path / "file" / "below")]) == 1
    assert "cannot be copied" in capsys.readouterr().err


def test_the_compiler_is_the_one_that_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert present_compiler() == "go"
    tinygo = tmp_path / "tinygo"
    tinygo.write_text("#!/bin/sh\n")
    tinygo.chmod(0o755)
    assert present_compiler() == "tinygo"
