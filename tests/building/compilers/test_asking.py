"""Looking for compilers runs nothing of the folder one is in, and asks nobody on the network on its behalf."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.gobuild import go_executable
from tui.building.compilers.locate import find_go, find_program
from tui.building.compilers.toolchain import find_toolchain
from tui.building.compilers.versions import version_line
from tui.building.editor import EditorCommand, editor_command

EMPTY_AND_OURS = '[ -z "$(ls -A)" ] && [ "$(ls -ld . | cut -c1-10)" = drwx------ ]'
TOO_NEW = "module x\n\ngo 1.21\n\ntoolchain go1.99.0\n"


def program(path: Path, script: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: a clone with programs of the names that are looked for, and a go.mod that wants another Go.

    Whoever of them runs leaves a word in the file `ran`.
    """
    folder = tmp_path / "clone"
    for name in ("tinygo", "go", "wasm-opt", "vim", "nano"):
        program(
            folder / name, f"echo {name} >> '{tmp_path}/ran'; echo 'tinygo version 0.35.0 x (using go version go1.23.9'"
        )
    (folder / "go.mod").write_text(TOO_NEW)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("WASMOPT", raising=False)
    return folder


@pytest.mark.parametrize("entry", ["", ".", "./", "../clone"])
def test_relative_entries_of_path_are_passed_over(entry: str, clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", os.pathsep.join([entry, "/nonexistent"]))
    monkeypatch.setattr(sys, "path", [])
    assert [find_program(name) for name in ("tinygo", "go", "wasm-opt")] == [None, None, None]
    assert find_toolchain().best is None
    assert isinstance(editor_command(clone / "x", environment={"EDITOR": "vim"}), str)
    assert not (clone.parent / "ran").exists()


def test_an_absolute_entry_behind_them_counts(clone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = program(tmp_path / "bin" / "tinygo", "exit 0")
    monkeypatch.setenv("PATH", os.pathsep.join(["", ".", str(tmp_path / "bin")]))
    assert find_program("tinygo") == str(real)


def test_an_editor_is_the_program_that_was_found(clone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = program(tmp_path / "bin" / "vim", "exit 0")
    monkeypatch.setenv("PATH", os.pathsep.join(["", str(tmp_path / "bin")]))
    made = editor_command(clone / "x", environment={"EDITOR": "vim"})
    assert isinstance(made, EditorCommand)
    assert (made.argv[0], made.program) == ("vim", str(real))


@pytest.mark.parametrize("folder", ["", "."])
def test_a_go_package_in_the_current_folder_is_not_installed(
    folder: str, clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (clone / "go").unlink()
    program(clone / "go/bin/go", f"touch '{clone.parent}/ran'")
    monkeypatch.setenv("PATH", "/nonexistent")
    for entry in (folder, str(clone)):  # `python -m tui` puts it there in full
        monkeypatch.setattr(sys, "path", [entry])
        assert find_go() is None


def test_a_relative_wasm_opt_is_refused(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WASMOPT", "./wasm-opt")
    tool = find_toolchain().tool("wasm-opt")
    assert not tool.ok
    assert tool.advice == "set WASMOPT to an absolute path"
    assert not (clone.parent / "ran").exists()


def test_versions_are_asked_in_an_empty_folder_of_our_own(clone: Path, tmp_path: Path) -> None:
    asked = program(tmp_path / "bin" / "tool", f"{EMPTY_AND_OURS} && pwd")
    line = version_line(str(asked), "version")
    assert not Path(line).is_relative_to(clone)
    assert not Path(line).exists()
    assert Path(line).parent == tmp_path / "cache" / "fn-tui"


@pytest.mark.parametrize(("chosen", "given"), [("", "local"), ("go1.25.0", "go1.25.0")])
def test_which_go_a_person_has_chosen_counts(
    chosen: str, given: str, tmp_path: Path, clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if chosen:
        monkeypatch.setenv("GOTOOLCHAIN", chosen)
    else:
        monkeypatch.delenv("GOTOOLCHAIN", raising=False)
    asked = program(tmp_path / "bin" / "tool", 'echo "$GOTOOLCHAIN $GOWORK"')
    assert version_line(str(asked), "version") == f"{given} off"


def test_where_the_cache_cannot_be_written_a_temporary_folder_will_do(
    clone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    asked = program(tmp_path / "bin" / "tool", f"{EMPTY_AND_OURS} && pwd")
    line = version_line(str(asked), "version")
    assert "fn-tui-ask-" in line
    assert not Path(line).exists()


@pytest.fixture
def module_proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A module proxy on loopback that has nothing; what it was asked for."""
    asked: list[str] = []

    class Proxy(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *args: object) -> None:
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Proxy)
    thread = Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setenv("GOPROXY", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.delenv("GOTOOLCHAIN", raising=False)
    monkeypatch.delenv("GOFLAGS", raising=False)
    yield asked
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_clone_cannot_have_go_ask_the_network(
    clone: Path, tmp_path: Path, module_proxy: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A real Go, found by a script as version managers put one on PATH: what it is does not stand in a file beside."""
    script = program(tmp_path / "bin" / "go", f"exec '{go_executable()}' \"$@\"")
    subprocess.run([script, "version"], check=False, capture_output=True)  # in the clone: that this can be seen here
    assert any("go1.99.0" in path for path in module_proxy)
    module_proxy.clear()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    found = find_toolchain()
    assert found.tool("go").ok, found.tool("go").message
    assert module_proxy == []
