"""Arguments that are left out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tui import __version__
from tui.cli import COMMANDS, main


@pytest.mark.parametrize("command", ["plan", "config", "inspect", "build"])
def test_without_a_directory_the_function_here_is_meant(
    command: str,
    function_directory: Callable[..., Path],
    echo_command: bytes,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    directory = function_directory("fn", wasm=echo_command)
    monkeypatch.chdir(directory)
    words = [command, "--json", *(["--compiler", "go"] if command == "build" else [])]
    assert main(words) == 0
    assert capfd.readouterr().out
    monkeypatch.chdir(directory.parent)
    try:
        code = main(words)
    except SystemExit as stop:
        code = int(str(stop.code))
    assert code == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert err


Say = pytest.CaptureFixture[str]


def code_of(*words: str) -> int:
    try:
        return main(words)
    except SystemExit as stop:
        return int(str(stop.code))


@pytest.mark.parametrize("flag", ["-V", "--version"])
def test_the_version(flag: str, capfd: Say) -> None:
    assert code_of(flag) == 0
    assert capfd.readouterr().out == f"fn-tui {__version__}\n"


def test_options_may_stand_before_the_subcommand(function_directory: Callable[..., Path], capfd: Say) -> None:
    directory = function_directory("fn")
    assert code_of("--compiler", "go", "plan", "--json", str(directory)) == 0
    assert '"compiler":"go"' in capfd.readouterr().out
    assert code_of("--json", "--compiler=go", "plan", str(directory)) == 0
    assert '"compiler":"go"' in capfd.readouterr().out
    assert code_of("--compiler", "go", "plan", "--compiler", "tinygo", "--json", str(directory)) == 0
    assert '"compiler":"tinygo"' in capfd.readouterr().out


def test_an_option_before_a_subcommand_that_has_none_such_is_told(capfd: Say) -> None:
    assert code_of("--theme", "nord", "list", ".") == 2
    assert "--theme, which stands before the subcommand, means nothing to it" in capfd.readouterr().err


def test_help_before_a_subcommand_is_that_of_the_program(capfd: Say) -> None:
    assert code_of("--help", "list") == 0
    assert "subcommands" in capfd.readouterr().out


@pytest.mark.parametrize("command", [name for name in COMMANDS if name not in ("config-path", "init-settings")])
def test_a_settings_file_that_is_named_must_be_there(command: str, tmp_path: Path, capfd: Say) -> None:
    needed = {
        "new": ["fn"],
        "diff": ["a", "b"],
        "completions": ["bash"],
        "inspect": ["x"],
        "plan": ["x"],
        "config": ["x"],
    }
    missing = tmp_path / "none.toml"
    assert code_of(command, "--settings", str(missing), *needed.get(command, [])) == 2
    assert capfd.readouterr() == ("", f"fn-tui: --settings {missing}: there is no such file\n")


def test_the_screen_too_wants_the_settings_file_that_is_named(tmp_path: Path, capfd: Say) -> None:
    assert code_of("--settings", str(tmp_path / "none.toml"), str(tmp_path)) == 2
    assert "there is no such file" in capfd.readouterr().err


def test_the_settings_file_that_is_named_is_in_force(
    function_directory: Callable[..., Path], tmp_path: Path, capfd: Say
) -> None:
    file = tmp_path / "my.toml"
    file.write_text('compiler = "go"\n')
    assert code_of("plan", "--settings", str(file), "--json", str(function_directory("fn"))) == 0
    assert '"compiler":"go"' in capfd.readouterr().out
