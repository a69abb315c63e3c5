from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tui.cli import main

Make = Callable[..., Path]


def test_json(
    function_directory: Make, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    directory = function_directory(yaml="name: fn\nws_persistent: true\n")
    tools = directory.parent / "bin"
    tools.mkdir()
    (tools / "tinygo").touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tools))
    assert main(["plan", "--json", str(directory)]) == 0
    record = json.loads(capfdbinary.readouterr().out)
    output = str(directory / "function.wasm")
    assert record["argv"] == ["tinygo", "build", "-o", output, "-target", "wasi", "-buildmode=c-shared", "."]
    assert (record["dir"], record["cwd"], record["output"]) == (str(directory), str(directory), output)
    assert (record["mode"], record["executable"]) == ("reactor", str(tools / "tinygo"))
    assert record["reason"].startswith("ws_persistent: true")
    monkeypatch.setenv("PATH", "/nonexistent")
    assert main(["plan", "--json", str(directory)]) == 0
    assert json.loads(capfdbinary.readouterr().out)["executable"] is None


def test_people_get_one_line_to_paste(function_directory: Make, capfd: pytest.CaptureFixture[str]) -> None:
    directory = function_directory("it's \x1b[31m")
    assert main(["plan", str(directory)]) == 0
    out, err = capfd.readouterr()
    assert out.count("\n") == 1
    assert out.startswith("cd ")
    assert "\x1b" not in out + err
    assert "command mode: stateless function" in err


def test_several_and_the_worst_exit_code(function_directory: Make, capfd: pytest.CaptureFixture[str]) -> None:
    good, refused = function_directory("good"), function_directory("refused", yaml="memory: 1\n")
    assert main(["plan", str(good), str(refused)]) == 1
    out, err = capfd.readouterr()
    assert out.count("\n") == 1
    assert f"{refused}: function.yaml: 'name' is required" in err
    assert main(["plan", str(refused), str(good.parent / "gone")]) == 2


def test_a_name_that_is_not_utf8_where_the_terminal_is_ascii(function_directory: Make) -> None:
    directory = function_directory(os.fsdecode(b"\xff\xc3\xa9"))
    done = subprocess.run(
        [sys.executable, "-m", "tui", "plan", str(directory)],
        env={**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"},
        capture_output=True,
        check=True,
    )
    assert done.stdout.isascii()
    assert b"\\377\\303\\251" in done.stdout


def test_what_is_not_loaded() -> None:
    """A plan needs neither the screen nor the machinery of builds."""
    code = (
        "import sys; sys.argv = ['fn-tui', 'plan', 'nowhere']\n"
        "from tui.cli import main; main()\n"
        "print(sorted({'textual', 'rich', 'watchfiles', 'asyncio', 'subprocess'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_each_note_says_whose_it_is(function_directory: Make, capfd: pytest.CaptureFixture[str]) -> None:
    directories = [str(function_directory("one")), str(function_directory("two", yaml="name: two\nreactor: true\n"))]
    assert main(["plan", *directories]) == 0
    out, err = capfd.readouterr()
    assert [line.startswith("cd ") for line in out.splitlines()] == [True, True]
    owners = [line.removeprefix("fn-tui: ").partition(": ")[0] for line in err.splitlines()]
    assert list(dict.fromkeys(owners)) == directories
    assert "  (ws_persistent" not in err
