"""A person's settings reach the subcommands: defaults of options, and programs."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest

from tui.building.compilers import by_name
from tui.building.compilers.tinygo import own_go
from tui.cli import COMMANDS, main
from tui.cli.layers import UNSET, settle, use_programs
from tui.cli.options import TERMS
from tui.cli.parser import command_parser
from tui.settings.keys import Settings
from tui.settings.settings import settings_path


@pytest.fixture(autouse=True)
def own_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test puts on PATH is gone after it."""
    monkeypatch.setenv("PATH", os.environ["PATH"])
    monkeypatch.setenv("WASMOPT", "unset")
    monkeypatch.setenv("FN_TUI_GO", "unset")
    monkeypatch.delenv("FN_TUI_GO")


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


def test_tinygo_s_go_and_the_stand_in_s_are_two(tmp_path: Path) -> None:
    tinygo_s, stand_in_s = program(tmp_path / "old/go"), program(tmp_path / "new/go")
    use_programs(Settings(tinygo_go=str(tinygo_s), go=str(stand_in_s)))
    assert by_name("go").find() == str(stand_in_s)
    assert own_go() == str(tinygo_s)


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


def settled(name: str, *words: str) -> argparse.Namespace:
    """What a command would be run with."""
    args = command_parser(name, import_module(f"tui.cli.commands.{COMMANDS[name][0]}")).parse_args(words)
    settle(TERMS[name], args)
    return args


def test_what_holds_where_nothing_is_set_are_the_defaults() -> None:
    assert {name: getattr(Settings(), name) for name in UNSET} == UNSET
    assert {option for terms in TERMS.values() for option in terms.options} == set(UNSET)


def test_without_settings_none_are_loaded(function_directory: Callable[..., Path]) -> None:
    """The short way is the one of most machines; that both ways give the same is what the other tests hold."""
    folder = function_directory()
    look = "print('tui.settings.settings' in sys.modules)"
    code = f"import sys; from tui.cli import main; main(['plan', sys.argv[1]]); {look}"

    def loaded() -> str:
        argv = [sys.executable, "-c", code, str(folder)]
        return subprocess.run(argv, capture_output=True, text=True, check=True).stdout.splitlines()[-1]

    assert loaded() == "False"
    (folder / ".fn-tui.toml").write_text("jobs = 2\n")
    assert loaded() == "True"


def test_the_environment_does_it_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FN_TUI_JOBS", "3")
    assert settled("build", str(tmp_path)).jobs == 3
    assert settled("build", str(tmp_path), "--jobs", "2").jobs == 2


@pytest.mark.parametrize("name", [name for name in TERMS if name in COMMANDS])
def test_the_options_are_those_of_the_subcommand(name: str) -> None:
    module = import_module(f"tui.cli.commands.{COMMANDS[name][0]}")
    declared = {action.dest for action in command_parser(name, module)._actions}
    terms = TERMS[name]
    assert set(terms.options) <= declared
    assert (terms.about is None) is ("trust" not in declared)
    assert terms.about is None or terms.about in declared


WORKSPACE = """compiler = "go"
jobs = 3
timeout = 60
strict = true
ascii = true
contract = "host.json"
watch = true
[keys]
quit = ["j"]
cursor-down = ["down"]
next-error = ["q"]
build = ["c"]
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A workspace with settings of its own, and a function folder in it."""
    (tmp_path / "ws/a/b").mkdir(parents=True)
    (tmp_path / "ws/.git").mkdir()
    (tmp_path / "ws/.fn-tui.toml").write_text(WORKSPACE)
    return tmp_path / "ws"


CASES: dict[str, dict[str, object]] = {
    "list": {"compiler": "go"},
    "plan": {"compiler": "go"},
    "build": {"compiler": "go", "jobs": 3, "timeout": 60},
    "watch": {"compiler": "go", "jobs": 3, "timeout": 60},
    "check": {"compiler": "go", "strict": True, "ascii": True},
}


@pytest.mark.parametrize("below", ["", "a", "a/b"])
@pytest.mark.parametrize("name", CASES)
def test_a_workspace_is_ignored_until_a_person_agrees(
    name: str, below: str, workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(workspace / below)
    before = vars(settled(name, folder))
    said = capsys.readouterr().err
    file = workspace / ".fn-tui.toml"
    assert said == (
        f"fn-tui: {file} is ignored, since nobody has agreed to what it sets (compiler, jobs, timeout, strict, ascii, "
        "contract, watch, keys): --trust agrees and shows it, and so does the screen\n"
    )
    assert all(before[option] != value for option, value in CASES[name].items())
    agreed = vars(settled(name, folder, "--trust"))
    said = capsys.readouterr().err
    assert said.startswith(f"fn-tui: from now on {file} is in force as it is now:\n")
    for line in ("  jobs = 3: 3 builds at once", "  watch = true: every save builds what it touches, without a key"):
        assert line in said.splitlines()
    for line in (
        "  key j: now: down; then: quit; asks only while something builds",
        "  key q: now: quit; asks only while something builds; then: next match in the log, else next error",
        "  key n: now: next match in the log, else next error; then: nothing",
        "  keys: c of build is that of compiler too; the default stays",
    ):
        assert line in said.splitlines()
    assert "key b" not in said
    again = vars(settled(name, folder))
    assert capsys.readouterr().err == ""
    for args in (agreed, again):
        assert {option: args[option] for option in CASES[name]} == CASES[name]
    if name == "check":
        assert again["contract"] == workspace / "host.json"


def test_another_word_in_the_file_is_asked_about_again(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settled("build", str(workspace), "--trust")
    (workspace / ".fn-tui.toml").write_text(WORKSPACE.replace("jobs = 3", "jobs = 4"))
    capsys.readouterr()
    assert settled("build", str(workspace)).jobs == 0
    assert "is ignored, since nobody has agreed" in capsys.readouterr().err


def test_what_is_given_and_what_the_person_set_is_not_lost(
    workspace: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_settings("jobs = 2\n")
    assert settled("build", str(workspace)).jobs == 2
    assert settled("build", str(workspace), "--trust").jobs == 3
    assert settled("build", str(workspace), "--jobs", "9").jobs == 9
    monkeypatch.setenv("FN_TUI_JOBS", "5")
    assert settled("build", str(workspace)).jobs == 5


def test_where_there_is_nothing_to_agree_to_that_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / ".git").mkdir()
    settled("plan", str(tmp_path), "--trust")
    assert "no .fn-tui.toml belongs to" in capsys.readouterr().err


def test_what_cannot_be_kept_holds_for_this_once(
    workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    assert settled("build", str(workspace), "--trust").jobs == 3
    assert "it is in force for this once" in capsys.readouterr().err
    assert settled("build", str(workspace)).jobs == 0


def test_text_of_the_file_cannot_reach_the_terminal_raw(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (workspace / ".fn-tui.toml").write_text('theme = "x"\ncontract = "a\u202eb"\n[keys]\n"q\\u001b[2J" = "x"\n')
    settled("check", str(workspace))
    settled("check", str(workspace), "--trust")
    said = capsys.readouterr().err
    assert "\x1b" not in said
    assert "\u202e" not in said


@pytest.mark.parametrize("name", ["plan", "build", "list", "check"])
def test_a_real_command_says_so_and_goes_on(
    name: str, function_directory: Callable[..., Path], capfd: pytest.CaptureFixture[str]
) -> None:
    folder = function_directory()
    (folder / ".fn-tui.toml").write_text('compiler = "go"\n')
    main([name, str(folder)])
    assert capfd.readouterr().err.count("is ignored, since nobody has agreed to what it sets (compiler)") == 1
    main([name, str(folder), "--trust"])
    assert capfd.readouterr().err.count('compiler = "go": functions are built with go') == 1


def test_plan_follows_the_workspace(
    function_directory: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = function_directory()
    (folder / ".fn-tui.toml").write_text('compiler = "go"\n')
    assert plan(folder, capsys)["compiler"] == "tinygo"
    assert plan(folder, capsys, "--trust")["compiler"] == "go"
    assert plan(folder, capsys)["compiler"] == "go"
    assert plan(folder, capsys, "--compiler", "tinygo")["compiler"] == "tinygo"
