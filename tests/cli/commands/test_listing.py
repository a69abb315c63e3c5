from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.small import PERSISTENT_COMMAND, assembled
from tui.cli import main
from tui.cli.commands.listing import iso_time, print_listing
from tui.cli.paint import Paint
from tui.lines.canvas import UNICODE

KEYS = {"path", "dir", "name", "state", "config", "plan", "wasm"}


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Functions in every state, and folders that are none."""
    for name, yaml in {
        "absent": "name: absent",
        "chat": "name: chat-fn\nws_persistent: true",
        "old": "name: old",
    }.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "function.yaml").write_text(yaml + "\n")
        (tmp_path / name / "function.go").write_text("package main\nfunc main() {}\n")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken/function.yaml").write_text("name: [\n")
    (tmp_path / "no-yaml").mkdir()
    (tmp_path / "no-yaml/function.go").write_text("package main\n")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git/function.yaml").write_text("name: no\n")
    (tmp_path / "chat/function.wasm").write_bytes(assembled(PERSISTENT_COMMAND))
    (tmp_path / "old/function.wasm").write_bytes(b"\0asm\x01\0\0\0")
    os.utime(tmp_path / "old/function.wasm", (1e9, 1e9 + 0.125))
    return tmp_path


def listed(root: Path, capfd: pytest.CaptureFixture[str]) -> dict[str, dict[str, Any]]:
    assert main(["list", "--json", str(root)]) == 0
    return {
        os.path.relpath(record["path"], root): record for record in map(json.loads, capfd.readouterr().out.splitlines())
    }


def test_json(workspace: Path, capfd: pytest.CaptureFixture[str]) -> None:
    found = listed(workspace, capfd)
    assert list(found) == ["absent", "broken", "chat", "no-yaml", "old"]
    absent = found["absent"]
    assert set(absent) == KEYS
    assert absent["dir"] == str(workspace / "absent")
    assert absent["config"]["memory"] == 64
    assert absent["config"]["retry"] == {"count": 0, "delay": 5}
    assert absent["plan"]["argv"][-3:] == ["-target", "wasi", "."]
    assert absent["plan"]["mode"] == "command"
    assert absent["wasm"] is None


def test_json_of_modules(workspace: Path, capfd: pytest.CaptureFixture[str]) -> None:
    found = listed(workspace, capfd)
    chat, old = found["chat"], found["old"]
    assert chat["name"] == "chat-fn"
    assert "-buildmode=c-shared" in chat["plan"]["argv"]
    assert chat["wasm"]["stale"] is True
    assert chat["wasm"]["reason"] == "built as command, function.yaml asks for reactor"
    assert old["wasm"] == {
        "size": 8,
        "modified": "2001-09-09T01:46:40.125Z",
        "stale": True,
        "reason": "function.go changed since the build",
        "mode": None,
        "valid": True,
        "error": None,
    }


def test_json_of_refused_configs(workspace: Path, capfd: pytest.CaptureFixture[str]) -> None:
    found = listed(workspace, capfd)
    for path in ("broken", "no-yaml"):
        assert "config" not in found[path]
        assert found[path]["error"]
        assert found[path]["name"] == path
        assert found[path]["plan"] is None
    assert isinstance(found["broken"]["line"], int)


def test_for_people(workspace: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["list", str(workspace)]) == 0
    lines = capfd.readouterr().out.splitlines()
    assert lines[0] == "· absent             command  unbuilt"
    assert lines[1].startswith(
        "✗ broken                      function.yaml refused: line 1: did not find expected node"
    )
    assert lines[2].startswith("✗ chat        132 B  reactor  blocked: built as a command, must be a reactor")
    assert lines[4].startswith("✗ old           8 B  command  blocked: ")
    assert lines[-1] == "5 functions: blocked 2, unbuilt 1, refused 2"


def test_ascii_where_the_terminal_has_no_more(workspace: Path) -> None:
    environment = os.environ | {"PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    argv = [sys.executable, "-m", "tui", "list", str(workspace)]
    done = subprocess.run(argv, env=environment, capture_output=True, check=True)
    assert done.stdout.isascii()
    assert done.stdout.startswith(b". absent             command  unbuilt\n")


def test_no_functions_teaches(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert print_listing(str(tmp_path), Paint(UNICODE, colour=False)) == 0
    assert "fn-tui new" in capfd.readouterr().out


@pytest.mark.parametrize("name", ["gone", "file"])
def test_not_a_folder(tmp_path: Path, name: str, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    assert main(["list", str(tmp_path / name)]) == 2
    captured = capfd.readouterr()
    assert captured.out == ""
    assert name in captured.err


def test_folders_that_cannot_be_searched_are_told_on_stderr(workspace: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (workspace / "loop").symlink_to(workspace)
    assert main(["list", "--json", str(workspace)]) == 0
    captured = capfd.readouterr()
    assert len(captured.out.splitlines()) == 5
    assert "loop" in captured.err


def test_names_that_try_the_terminal(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for name in ("a\x1b[2Jb", "[x] [bold]", "q\nr", os.fsdecode(b"\xff")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "function.yaml").write_text("name: fn\n")
    assert main(["list", str(tmp_path)]) == 0
    out = capfd.readouterr().out
    assert "\x1b" not in out
    assert len(out.splitlines()) == 5
    assert len(listed(tmp_path, capfd)) == 4


def test_the_current_folder_is_the_default(
    workspace: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(workspace / "old")
    assert main(["list", "--json"]) == 0
    assert json.loads(capfd.readouterr().out)["path"] == str(workspace / "old")


def test_iso_time() -> None:
    assert iso_time(0) == "1970-01-01T00:00:00.000Z"
    assert iso_time(1.9999) == "1970-01-01T00:00:01.999Z"
    assert iso_time(None) is None
    assert time.strptime((iso_time(time.time()) or "")[:19], "%Y-%m-%dT%H:%M:%S")


def test_what_a_listing_does_not_load(workspace: Path) -> None:
    code = (
        "import sys; from tui.cli import main; main(['list', sys.argv[1]]);"
        "print([m for m in ('textual', 'rich', 'asyncio', 'watchfiles', 'tui.building.events') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code, str(workspace)], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_first_of_several_problems_is_named(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "function.yaml").write_text("name: fn\nmemory: x\ntimeout: y\n")
    assert main(["list", str(tmp_path)]) == 0
    assert "refused: line 2: cannot unmarshal !!str `x` into int (and 1 more)" in capfd.readouterr().out


def test_a_check_that_failed_is_named_once(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "function.yaml").write_text("memory: 1\n")
    assert main(["list", str(tmp_path)]) == 0
    assert "function.yaml refused: 'name' is required" in capfd.readouterr().out


@pytest.mark.parametrize(
    ("module", "said"),
    [
        (b"not a module\n", "function.wasm is not a WebAssembly module"),
        (b"", "function.wasm is not a WebAssembly module: it is empty"),
        (b"\0asm\x01", "function.wasm is not a WebAssembly module: its header is cut short"),
        (b"\0asm\x0d\0\x01\0", "function.wasm is a component: the host runs core modules only"),
        (b"\0asm\x01\0\0\0\x01\x04\x01", "function.wasm is cut short: its last section is longer than the file"),
    ],
)
def test_a_broken_module_is_not_called_good(
    function_directory: Callable[..., Path], module: bytes, said: str, capfd: pytest.CaptureFixture[str]
) -> None:
    root = function_directory("fn", wasm=module).parent
    assert main(["list", str(root)]) == 0
    row, summary = capfd.readouterr().out.splitlines()
    assert row.startswith("✗ fn ")
    assert row.endswith(f"command  blocked: {said}")
    assert summary == "1 function: blocked 1"
    wasm = listed(root, capfd)["fn"]["wasm"]
    assert (wasm["valid"], wasm["error"], wasm["stale"], wasm["size"]) == (False, said, True, len(module))


def test_a_module_of_another_compiler_is_stale_as_on_screen(
    function_directory: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    directory = function_directory("fn")
    programs = directory.parent / "programs"
    programs.mkdir()
    tinygo = programs / "tinygo"
    tinygo.write_text("#!/bin/sh\n")
    tinygo.chmod(0o755)
    assert main(["build", "--compiler", "go", str(directory)]) == 0
    capfd.readouterr()
    assert main(["list", str(directory.parent)]) == 0
    # No TinyGo here: nothing could build it anew.
    assert capfd.readouterr().out.endswith("1 function: ready 1\n")
    monkeypatch.setenv("PATH", str(programs), prepend=os.pathsep)
    assert main(["list", str(directory.parent)]) == 0
    assert "built by go, tinygo is chosen now\n1 function: stale 1" in capfd.readouterr().out
    assert main(["list", "--compiler", "go", str(directory.parent)]) == 0
    assert capfd.readouterr().out.endswith("1 function: ready 1\n")
    assert main(["check", "--compiler", "go", "--strict", str(directory)]) == 0
    assert main(["check", "--strict", str(directory)]) == 1
    capfd.readouterr()
    assert main(["build", "--stale", "--compiler", "go", str(directory.parent)]) == 0
    assert capfd.readouterr().err == "fn-tui: nothing to build: no function here is stale\n"
    monkeypatch.setenv("FN_TUI_COMPILER", "go")
    assert main(["list", str(directory.parent)]) == 0
    assert main(["check", "--strict", str(directory)]) == 0
    assert main([str(directory.parent)]) == 0  # no terminal: what `list` prints
    assert "stale" not in capfd.readouterr().out
