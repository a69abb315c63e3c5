from __future__ import annotations

from pathlib import Path

import pytest

from tui.app.terminal.clipboard import OSC52_MOST, clipboard_program, copy_text, terminal_takes

XTERM = {"TERM": "xterm-256color"}


def program(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def test_a_program_counts_only_where_it_can_work(tmp_path: Path) -> None:
    for name in ("wl-copy", "xclip", "pbcopy"):
        program(tmp_path, name, "exit 0")
    path = {"PATH": str(tmp_path)}
    assert clipboard_program({**path, "WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}) == (f"{tmp_path}/wl-copy",)
    assert clipboard_program({**path, "DISPLAY": ":0"}) == (f"{tmp_path}/xclip", "-selection", "clipboard")
    assert clipboard_program(path) == (f"{tmp_path}/pbcopy",)
    assert clipboard_program({"PATH": "/nonexistent", "DISPLAY": ":0"}) is None


def test_the_program_gets_the_bytes(tmp_path: Path) -> None:
    program(tmp_path, "pbcopy", f"/bin/cat > '{tmp_path}/got'")
    text = "naïve \udcff [/x]\n\x1b[2J"
    assert copy_text(text, "the error", {"PATH": str(tmp_path)}) == "copied the error"
    assert (tmp_path / "got").read_bytes() == text.encode("utf-8", "surrogateescape")


@pytest.mark.parametrize("script", ["exit 1", "exec /nonexistent"])
def test_a_program_that_fails_leaves_it_to_the_terminal(tmp_path: Path, script: str) -> None:
    program(tmp_path, "pbcopy", script)
    assert copy_text("x", "it", {"PATH": str(tmp_path), **XTERM}) == "copied it (by the terminal)"


def test_a_terminal_takes_no_long_text() -> None:
    assert terminal_takes("x" * 1000, XTERM)
    assert not terminal_takes("x" * OSC52_MOST, XTERM)
    assert not terminal_takes("x", {"TERM": "dumb"})
    assert terminal_takes("x", {"TERM": "dumb", "TERM_PROGRAM": "WezTerm"})


def test_where_neither_is_it_is_saved(private_home: Path) -> None:
    said = copy_text("the text", "it\x1b[2J", {"TERM": "dumb", "PATH": ""})
    assert said.startswith("no clipboard here: saved it\\e[2J to ")
    assert Path(said.rpartition(" to ")[2]).read_text() == "the text"


def test_where_nothing_works_that_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    assert copy_text("x", "it", {"TERM": "dumb", "PATH": ""}) == "it could not be copied"
