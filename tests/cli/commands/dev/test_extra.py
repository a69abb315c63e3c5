"""Without the extra that it takes nothing is served: one sentence names it."""

from __future__ import annotations

from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from tui.cli import main
from tui.cli.commands.dev import command


@pytest.mark.parametrize("missing", ["aiohttp", "wasmtime"])
def test_what_is_missing_is_named(
    missing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "find_spec", lambda name: None if name == missing else ModuleSpec(name, None))
    assert main(["dev", str(tmp_path)]) == 4
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert "pip install 'fn-tui[gateway]'" in err
