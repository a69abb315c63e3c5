"""Folders that may not be entered, streams that take nothing: each subcommand answers with a sentence, as a process."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.building.faking import put_fake
from tui.cli.folders import folder_fault

Run = Callable[..., subprocess.CompletedProcess[str]]
# Root may enter everything; a process without these two capabilities is as anybody else, also when root runs the tests.
AS_ANYBODY = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search") if os.geteuid() == 0 else ()


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs `fn-tui ARGS` as somebody whom permissions bind, with a fake tinygo on PATH, in the test's folder."""
    if AS_ANYBODY and (
        shutil.which(AS_ANYBODY[0]) is None or subprocess.run([*AS_ANYBODY, "true"], check=False).returncode
    ):
        pytest.skip("root cannot give up its rights here")
    programs = tmp_path / ".bin"
    programs.mkdir()
    put_fake(programs / "tinygo")
    (programs / "wasm-opt").write_text("#!/bin/sh\necho wasm-opt version 122\n")  # else a build says that there is none
    (programs / "wasm-opt").chmod(0o755)
    environment = {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}", "FAKE": "module:100"}

    def start(*argv: str, shell: str = "", **changes: str) -> subprocess.CompletedProcess[str]:
        command = [*AS_ANYBODY, sys.executable, "-m", "tui", *argv]
        if shell:
            command = ["sh", "-c", f'"$@" {shell}', "sh", *command]
        environ = environment | changes
        return subprocess.run(
            command, env=environ, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60
        )

    return start


@pytest.fixture
def locked(tmp_path: Path, function_directory: Callable[..., Path]) -> Iterator[Path]:
    """A folder that may not be entered, with a function in it: `locked/fn`."""
    function_directory("locked/fn")
    (tmp_path / "locked").chmod(0)
    yield tmp_path / "locked"
    (tmp_path / "locked").chmod(0o700)


@pytest.fixture
def listable(tmp_path: Path, function_directory: Callable[..., Path]) -> Iterator[Path]:
    """A function whose folder lists its names and gives no file: mode 444."""
    directory = function_directory("listable")
    directory.chmod(0o444)
    yield directory
    directory.chmod(0o700)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["config", "locked/fn"], 2),
        (["plan", "locked/fn"], 2),
        (["build", "locked/fn"], 1),
        (["build", "--all", "locked/fn"], 2),
        (["build", "--stale", "locked"], 2),
        (["build", "--junit", "locked/fn/report.xml", "locked/fn"], 2),
        (["inspect", "locked/fn"], 2),
        (["check", "locked/fn"], 2),
        (["check", "locked"], 2),
        (["diff", "locked/fn", "locked/fn"], 2),
    ],
)
def test_a_folder_that_may_not_be_entered(arguments: list[str], code: int, locked: Path, run: Run) -> None:
    done = run(*arguments)
    assert done.returncode == code
    said = (done.stdout + done.stderr).strip()
    assert "locked" in said
    assert "ermission denied" in said or "no such folder" in said
    assert "Traceback" not in said


@pytest.mark.parametrize(("command", "code"), [("check", 1), ("build", 1), ("plan", 2), ("config", 2), ("inspect", 2)])
def test_a_folder_that_lists_names_and_gives_no_file(command: str, code: int, listable: Path, run: Run) -> None:
    done = run(command, "--json", "listable")
    assert done.returncode == code
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert records
    assert "ermission denied" in done.stdout


def test_a_module_that_cannot_be_kept_safe_is_not_built_over(function_directory: Callable[..., Path], run: Run) -> None:
    directory = function_directory("fn", wasm=b"\0asm\1\0\0\0")
    (directory / "function.wasm").chmod(0)
    done = run("build", "--force", "fn")
    assert done.returncode == 1
    assert done.stdout == "Failed fn: cannot keep a copy of the function.wasm that is there: permission denied\n"
    assert (directory / "function.wasm").stat().st_size == 8


def test_one_good_folder_beside_one_that_may_not_be_entered(
    locked: Path, function_directory: Callable[..., Path], run: Run
) -> None:
    function_directory("good")
    done = run("check", "--json", "good", "locked")
    assert done.returncode == 2
    assert [json.loads(line)["dir"] for line in done.stdout.splitlines()] == ["good"]
    assert done.stderr == "fn-tui: locked: permission denied\n"


def test_a_settings_file_that_cannot_be_reached_is_said_and_passed_over(
    locked: Path, function_directory: Callable[..., Path], run: Run
) -> None:
    function_directory("good")
    done = run("plan", "good", XDG_CONFIG_HOME=str(locked / "config"))
    assert done.returncode == 0
    assert done.stderr.startswith(f"fn-tui: {locked}/config/fn-tui/settings.toml: cannot be read: Permission denied\n")
    assert "tinygo build" in done.stdout


def test_a_program_of_the_settings_that_cannot_be_reached(
    locked: Path, function_directory: Callable[..., Path], tmp_path: Path, run: Run
) -> None:
    function_directory("good")
    (tmp_path / "config/fn-tui").mkdir(parents=True)
    (tmp_path / "config/fn-tui/settings.toml").write_text(f'tinygo = "{locked}/tinygo"\n')
    done = run("plan", "good", XDG_CONFIG_HOME=str(tmp_path / "config"))
    assert done.returncode == 0
    assert f'"tinygo" names {locked}/tinygo, which is not a program that can be run' in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize(
    "arguments",
    [
        ["list", "."],
        ["config", "good"],
        ["plan", "good"],
        ["build", "good"],
        ["check", "good"],
        ["check", "--format", "sarif"],
        ["check", "--format", "github"],
        ["check", "--json"],
        ["doctor"],
    ],
)
def test_a_full_disk_behind_stdout_is_said(
    arguments: list[str], function_directory: Callable[..., Path], run: Run
) -> None:
    function_directory("good")
    done = run(*arguments, shell=">/dev/full")
    assert (done.returncode, done.stderr) == (1, "fn-tui: the output cannot be written: No space left on device\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_behind_stderr_changes_nothing(function_directory: Callable[..., Path], run: Run) -> None:
    function_directory("good")
    assert run("plan", "good", shell="2>/dev/full").stdout == run("plan", "good").stdout


def test_what_is_said_of_a_path_that_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert folder_fault(str(tmp_path)) is None
    assert folder_fault(f"{tmp_path}/none") == f"{tmp_path}/none: no such directory"
    assert folder_fault(f"{tmp_path}/file") == f"{tmp_path}/file is not a directory"
    assert folder_fault(f"{tmp_path}/file/x") == f"{tmp_path}/file/x: Not a directory"
    assert folder_fault("x" * 300) == f"{'x' * 300}: File name too long"
