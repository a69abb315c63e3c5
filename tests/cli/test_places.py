"""`dir` and `path` mean the same in the JSON of every command, and an empty workspace is told in the same words."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tui.cli import main
from tui.cli.folders import below, no_functions

TYPED = [".", "ws", "./ws", "ws/", "../here/ws"]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "here"
    (folder / "ws/a/b").mkdir(parents=True)
    (folder / "ws/a/b/function.yaml").write_text("name: b\n")
    (folder / "ws/empty").mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PATH", os.fspath(tmp_path))  # no compiler
    return folder


def records(capfd: pytest.CaptureFixture[str], *argv: str) -> list[dict[str, Any]]:
    main(list(argv))
    return [json.loads(line) for line in capfd.readouterr().out.splitlines()]


@pytest.mark.parametrize("typed", TYPED)
@pytest.mark.parametrize("argv", [("list",), ("check",), ("build", "--all"), ("build", "--stale")], ids=" ".join)
def test_below_a_workspace(here: Path, capfd: pytest.CaptureFixture[str], argv: tuple[str, ...], typed: str) -> None:
    function = here / "ws/a/b"
    (record,) = records(capfd, *argv, "--json", typed)
    assert record["dir"] == ("ws/a/b" if typed == "." else f"{typed.removesuffix('/')}/a/b")
    assert record["path"] == str(function)


@pytest.mark.parametrize("typed", ["ws/a/b", "./ws/a/b", "ws/a/b/"])
@pytest.mark.parametrize("command", ["list", "check", "plan", "config", "build"])
def test_a_function_itself(here: Path, capfd: pytest.CaptureFixture[str], command: str, typed: str) -> None:
    (record,) = records(capfd, command, "--json", typed)
    assert (record["dir"], record["path"]) == (typed, str(here / "ws/a/b"))


def test_a_workspace_itself_is_named_as_typed() -> None:
    assert [below(typed, ".") for typed in TYPED] == TYPED


@pytest.mark.parametrize("argv", [("list",), ("check",), ("build", "--all"), ("build", "--stale"), ("test",)])
def test_an_empty_workspace(here: Path, capfd: pytest.CaptureFixture[str], argv: tuple[str, ...]) -> None:
    main([*argv, "ws/empty"])
    captured = capfd.readouterr()
    assert no_functions("ws/empty") in captured.out + captured.err
