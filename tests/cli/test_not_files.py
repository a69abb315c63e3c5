"""Pipes, sockets and devices where a file should be: no command waits for them, and each says what it found."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.test_reading import NOT_FILES
from tui.cli import main

SECONDS = 30  # for a command that takes tenths of a second; one that waits for a writer never ends
NAMES = ("function.wasm", "function.yaml", "function.go", "other.go", "native.c", "go.mod", "go.sum", "data.bin")
GO_SOURCE = 'package main\n\nimport _ "embed"\n\n//go:embed data.bin\nvar data []byte\n\nfunc main() {}\n'
SHORT = [
    ["list"], ["list", "--json"], ["check"], ["check", "--json"], ["build", "--stale"], ["build", "--all", "--json"],
    ["doctor"],
]  # fmt: skip
Run = Callable[..., subprocess.CompletedProcess[str]]
ON_ONE = [["config"], ["plan"], ["inspect"], ["inspect", "--json", "--sizes"], ["check"], ["build"]]


@pytest.fixture(params=NOT_FILES)
def strange(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A workspace in which each function but `good` has something strange in the place of one of its files."""
    make: Callable[[Path], None] = NOT_FILES[request.param]
    for name in ("good", *NAMES):
        directory = tmp_path / "ws" / name.replace(".", "-")
        directory.mkdir(parents=True)
        (directory / "function.yaml").write_text("name: fn\n")
        (directory / "function.go").write_text(GO_SOURCE)
        (directory / "go.mod").write_text("module example.com/fn\n\ngo 1.20\n")
        (directory / "data.bin").touch()
        (directory / "function.wasm").write_bytes(b"\0asm\1\0\0\0")
        if name != "good":
            (directory / name).unlink(missing_ok=True)
            make(directory / name)
    make(tmp_path / "ws" / ".fn-tui.toml")
    make(tmp_path / "ws" / "go.work")
    return tmp_path / "ws"


def as_process(workspace: Path, *argv: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tui", *argv]
    return subprocess.run(
        command, cwd=workspace, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=SECONDS
    )


@pytest.fixture
def run(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs a command: as a process that can be ended where a pipe might hold it for ever, else in this one."""
    monkeypatch.setenv("GOFLAGS", "")
    monkeypatch.setenv("GOTOOLCHAIN", "local")
    if request.node.callspec.params["strange"] == "pipe":
        return as_process

    def here(workspace: Path, *argv: str) -> subprocess.CompletedProcess[str]:
        monkeypatch.chdir(workspace)
        capfd.readouterr()
        return subprocess.CompletedProcess(argv, main(list(argv)), *capfd.readouterr())

    return here


@pytest.mark.parametrize("argv", SHORT, ids=" ".join)
def test_commands_on_a_workspace_end(argv: list[str], strange: Path, run: Run) -> None:
    done = run(strange, *argv)
    assert done.returncode in (0, 1), done.stderr
    if argv[0] in ("list", "check"):
        assert "good" in done.stdout


@pytest.mark.parametrize("argv", ON_ONE, ids=" ".join)
def test_commands_on_a_function_end(argv: list[str], strange: Path, run: Run) -> None:
    for directory in ("function-wasm", "function-yaml"):
        done = run(strange, *argv, directory)
        assert done.returncode in (0, 1, 2), done.stderr
        if done.returncode == 2:
            assert "not a regular file" in done.stdout + done.stderr


def test_the_words(strange: Path, run: Run) -> None:
    listed = run(strange, "list").stdout
    assert "function.wasm cannot be read: not a regular file" in listed
    checked = [json.loads(line) for line in run(strange, "check", "--json").stdout.splitlines()]
    said = {one["dir"]: [finding["message"] for finding in one["findings"]] for one in checked}
    assert any("not a regular file" in message for message in said["function-wasm"])
    assert "other.go cannot be read: not a regular file" in said["other-go"]
    assert "not a regular file" not in " ".join(said["good"])
    assert run(strange, "diff", "function-wasm", "good").returncode == 2


@pytest.mark.parametrize("name", ["function.wasm", "function.go", "other.go", "native.c", "go.mod"])
def test_a_build_that_would_wait_is_refused(name: str, strange: Path, run: Run) -> None:
    (strange / "go.work").unlink()
    done = run(strange, "build", "--compiler", "go", name.replace(".", "-"))
    assert done.returncode == 1
    assert f"{name} is not a regular file" in done.stdout


def test_a_build_below_a_strange_go_work_is_refused(strange: Path, run: Run) -> None:
    done = run(strange, "build", "--compiler", "go", "good")
    assert f"{strange / 'go.work'} is not a regular file" in done.stdout


def test_a_contract_and_personal_settings(strange: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = as_process(strange, "check", "--contract", "function-wasm/function.wasm", "good")
    assert done.returncode == 2
    assert "not a regular file" in done.stderr
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    (tmp_path / "config" / "fn-tui").mkdir(parents=True)
    os.mkfifo(tmp_path / "config" / "fn-tui" / "settings.toml")
    done = as_process(strange, "check", "good")
    assert "settings.toml: is not a regular file, and was not read" in done.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_watch_goes_on_and_ends_at_a_signal(number: int, strange: Path) -> None:
    command = [sys.executable, "-m", "tui", "watch", "--json", "--compiler", "go"]
    with subprocess.Popen(command, cwd=strange, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as watch:
        assert watch.stdout is not None
        try:
            first = json.loads(watch.stdout.readline())
            assert first["event"] == "watching"
            watch.send_signal(number)
            assert watch.wait(SECONDS) == 128 + number
        finally:
            watch.kill()
