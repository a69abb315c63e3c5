"""Arguments that are left out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tui.cli import main


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
