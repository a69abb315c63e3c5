"""On a real pseudo-terminal: signals, crashes, no terminal at all. What is left afterwards: nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ECHO_SOURCE
from tests.flows.conftest import add_function
from tests.flows.pseudo_terminal import ALTERNATE_OFF, ALTERNATE_ON, Terminal
from tests.flows.test_building import alive, slow_go
from tui.settings.state import State, load_state, save_state

pytestmark = pytest.mark.slow
CRASH = """
import sys
from tui.app.functions import list_rows
def broken(*_):
    raise ZeroDivisionError("a fault of ours")
from tui.app.shell.commands import Commands
Commands.refresh = broken
from tui.cli import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture
def opened(workspace: Path, tmp_path: Path) -> Iterator[tuple[Terminal, Path]]:
    folder, pids = slow_go(tmp_path)
    terminal = Terminal(
        [sys.executable, "-m", "tui", "--compiler", "go", str(workspace)], f"{folder}:{os.environ['PATH']}"
    )
    terminal.until(b"cmd!")  # read, not only found
    yield terminal, pids
    terminal.close()


def start_build(terminal: Terminal, pids: Path) -> int:
    terminal.press(b"jjb")
    end = time.monotonic() + 40
    while not (pids.exists() and pids.read_text().strip()):
        assert time.monotonic() < end
        terminal._read()
    return int(pids.read_text())


@pytest.mark.parametrize("number", [pytest.param(signal.SIGTERM, marks=pytest.mark.long), signal.SIGHUP])
def test_a_signal_restores_the_terminal_and_kills_what_builds(opened: tuple[Terminal, Path], number: int) -> None:
    terminal, pids = opened
    grandchild = start_build(terminal, pids)
    os.kill(terminal.pid, number)
    assert terminal.exit_code() == 128 + number
    assert ALTERNATE_ON in terminal.seen
    assert terminal.seen.rindex(ALTERNATE_OFF) > terminal.seen.rindex(ALTERNATE_ON)
    assert not alive(grandchild)


def test_sigkill_leaves_no_child_either(opened: tuple[Terminal, Path]) -> None:
    terminal, pids = opened
    grandchild = start_build(terminal, pids)
    os.kill(terminal.pid, signal.SIGKILL)
    terminal.exit_code()
    end = time.monotonic() + 10
    while alive(grandchild):
        assert time.monotonic() < end
        time.sleep(0.05)


def test_q_ends_well_and_gives_the_title_back(opened: tuple[Terminal, Path]) -> None:
    terminal, _ = opened
    terminal.until(b"\x1b]0;")
    terminal.press(b"q")
    assert terminal.exit_code() == 0
    assert b"\x1b[23;0t" in terminal.seen


def test_a_fault_of_ours_restores_the_terminal_names_a_report_and_leaves_no_child(
    workspace: Path, tmp_path: Path
) -> None:
    folder, pids = slow_go(tmp_path)
    script = tmp_path / "crash.py"
    script.write_text(CRASH)
    terminal = Terminal(
        [sys.executable, str(script), "--compiler", "go", str(workspace)], f"{folder}:{os.environ['PATH']}"
    )
    try:
        terminal.until(b"cmd!")  # read, not only found
        grandchild = start_build(terminal, pids)
        terminal.press(b"r")
        assert terminal.exit_code() == 70
        after = terminal.seen[terminal.seen.rindex(ALTERNATE_OFF) :].decode(errors="replace")
        assert "a fault of ours" in after
        assert "Traceback" not in after
        assert not alive(grandchild)
    finally:
        terminal.close()


def test_the_editor_gets_the_terminal_and_what_it_saved_shows_at_once(
    workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = tmp_path / "vim"
    told = tmp_path / "argv"
    good = workspace / "echo" / "function.yaml"
    editor.write_text(
        f'#!/bin/sh\nprintf "%s\\n" "$@" > "{told}"\necho EDITOR-SHOWS\nfor f; do :; done\ncp "{good}" "$f"\n'
    )
    editor.chmod(0o755)
    monkeypatch.setenv("EDITOR", str(editor))
    argv = [sys.executable, "-m", "tui", "--compiler", "go", str(workspace)]
    terminal = Terminal(argv, os.environ["PATH"], size=(24, 80))  # low and narrow: the list has a note for each
    try:
        terminal.until(b"cmd!")
        terminal.until(b"function.yaml refused")  # digest
        terminal.press(b"je")
        terminal.until(b"EDITOR-SHOWS")
        before, _, after = terminal.seen.partition(b"EDITOR-SHOWS")
        assert before.rindex(ALTERNATE_OFF) > before.rindex(ALTERNATE_ON)
        end = time.monotonic() + 40
        while "· 2".encode() not in after.partition(ALTERNATE_ON)[2]:  # now two were never built, and none is refused
            assert time.monotonic() < end, after[-3000:]
            terminal._read()
            after = terminal.seen.partition(b"EDITOR-SHOWS")[2]
        argv = told.read_text().splitlines()
        assert argv[-1] == str(workspace / "digest" / "function.yaml")
        assert any(word.startswith("+") for word in argv[:-1])  # at the line of the error
        terminal.press(b"q")
        assert terminal.exit_code() == 0
    finally:
        terminal.close()


def test_one_goes_on_to_a_workspace_of_before_and_back(workspace: Path, tmp_path: Path) -> None:
    other, gone = tmp_path / "other", tmp_path / "gone"
    add_function(other, "elsewhere", "name: elsewhere\n", ECHO_SOURCE)
    save_state(State().with_last(gone, "f").with_last(other, "elsewhere"))
    terminal = Terminal([sys.executable, "-m", "tui", "--compiler", "go", str(workspace)], os.environ["PATH"])
    try:
        terminal.until(b"cmd!")
        for name, words in ((b"/other", b"elsewhere"), (b"work space", b"invite")):
            terminal.seen = b""
            terminal.press(b"\x10")
            terminal.until(b"Actions, functions and workspaces")
            terminal.press(name)
            terminal.until(b"open this workspace")
            terminal.seen = b""
            terminal.press(b"\r")
            terminal.until(ALTERNATE_ON)
            terminal.until(words)
        os.kill(terminal.pid, signal.SIGTERM)  # the second screen hears signals, and the third
        assert terminal.exit_code() == 128 + signal.SIGTERM
        assert terminal.seen.rindex(ALTERNATE_OFF) > terminal.seen.rindex(ALTERNATE_ON)
    finally:
        terminal.close()
    assert [*load_state()[0].workspaces] == [str(path) for path in (gone, other, workspace)]


def test_without_a_terminal_the_list_is_printed(workspace: Path) -> None:
    argv = [sys.executable, "-m", "tui", str(workspace)]
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=60)
    listed = subprocess.run(
        [sys.executable, "-m", "tui", "list", str(workspace)], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0
    assert done.stdout == listed.stdout
    assert "no terminal" in done.stderr


def test_a_folder_that_is_none_is_said(tmp_path: Path) -> None:
    argv = [sys.executable, "-m", "tui", str(tmp_path / "gone")]
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2
    assert "gone" in done.stderr
