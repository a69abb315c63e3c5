"""How the process ends: at once, where nothing waits for the interpreter's own end."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

AFTER = "\nprint('after')"
PROGRAM = "from tui.cli import program\ncode = program()" + AFTER


@pytest.fixture
def module(tmp_path: Path) -> str:
    path = tmp_path / "m.wasm"
    path.write_bytes(b"\0asm\1\0\0\0")
    return str(path)


def run(*argv: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *argv], capture_output=True, text=True, check=False, timeout=60)


def test_a_short_command_ends_at_once(module: str) -> None:
    done = run("-c", PROGRAM, "inspect", module)
    assert done.returncode == 0
    assert done.stdout == run("-c", f"from tui.cli import main\nmain(['inspect', {module!r}])").stdout
    assert "after" not in done.stdout


@pytest.mark.parametrize(
    ("words", "code"), [(["inspect", __file__], 1), (["inspect", "not there"], 2), (["inspect", "--no-such"], 2)]
)
def test_with_its_exit_code(words: list[str], code: int) -> None:
    done = run("-m", "tui", *words)
    assert done.returncode == code
    assert done.stdout or done.stderr


@pytest.mark.parametrize(
    "before",
    [
        "import threading",
        "import sqlite3",
        "import atexit; atexit.register(print, 'at exit')",
        "import sys; sys.setprofile(lambda *_: None)",
        "import sys; sys.settrace(lambda *_: None)",
    ],
)
def test_it_does_not_where_something_may_wait_for_the_end(before: str, module: str) -> None:
    done = run("-c", f"{before}\n{PROGRAM}", "inspect", module)
    assert "after" in done.stdout
    assert ("at exit" in done.stdout) is ("atexit" in before)


def test_a_profile_of_it_is_told(module: str) -> None:
    assert "function calls" in run("-m", "cProfile", "-m", "tui", "inspect", module).stdout
