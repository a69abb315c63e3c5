"""A person's settings reach the subcommands: defaults of options, and programs."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tui.cli import main
from tui.cli.personal import OPTIONS, personal_defaults, use_programs
from tui.settings.keys import Settings
from tui.settings.settings import settings_path


@pytest.fixture(autouse=True)
def own_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test puts on PATH is gone after it."""
    monkeypatch.setenv("PATH", os.environ["PATH"])
    monkeypatch.setenv("WASMOPT", "unset")


def program(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\necho tinygo version 0.35.0 linux/amd64\n")
    path.chmod(0o755)
    return path


def write_settings(text: str) -> None:
    settings_path().parent.mkdir(parents=True, exist_ok=True)
    settings_path().write_text(text)


def plan(directory: Path, capsys: pytest.CaptureFixture[str], *options: str) -> dict[str, object]:
    assert main(["plan", str(directory), "--json", *options]) == 0
    record: dict[str, object] = json.loads(capsys.readouterr().out)
    return record


def test_the_compiler_of_the_settings_is_planned_for(
    function_directory: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    directory = function_directory()
    assert plan(directory, capsys)["compiler"] == "tinygo"
    write_settings('compiler = "go"\n')
    assert plan(directory, capsys)["compiler"] == "go"
    assert plan(directory, capsys, "--compiler", "tinygo")["compiler"] == "tinygo"


def test_the_program_of_the_settings_is_the_one_that_is_found(
    function_directory: Callable[..., Path], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    own = program(tmp_path / "own/tinygo")
    write_settings(f'tinygo = "{own}"\n')
    assert plan(function_directory(), capsys)["executable"] == str(own)


def test_wasm_opt_is_told_to_tinygo(tmp_path: Path) -> None:
    use_programs(Settings(wasm_opt="/opt/wasm-opt"))
    assert os.environ["WASMOPT"] == "/opt/wasm-opt"


def test_a_wrong_setting_is_said_and_stops_nothing(
    function_directory: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    write_settings("jobs = 'many'\n")
    assert main(["plan", str(function_directory()), "--json"]) == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out)["compiler"] == "tinygo"
    assert f"fn-tui: {settings_path()}:1: " in captured.err


def test_the_environment_does_it_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FN_TUI_JOBS", "3")
    parser = argparse.ArgumentParser()
    parser.add_argument("--jobs", type=int)
    personal_defaults("build", parser)
    assert parser.parse_args([]).jobs == 3
    assert parser.parse_args(["--jobs", "2"]).jobs == 2


@pytest.mark.parametrize("name", OPTIONS)
def test_the_options_are_those_of_the_subcommand(name: str) -> None:
    from importlib import import_module

    from tui.cli import COMMANDS, command_parser

    module = import_module(f"tui.cli.commands.{COMMANDS[name][0]}")
    declared = {action.dest for action in command_parser(name, module)._actions}
    assert set(OPTIONS[name]) <= declared
