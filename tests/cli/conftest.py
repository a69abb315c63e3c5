"""Fixtures of the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.building.faking import FakeCompiler


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FakeCompiler:
    """A fake tinygo on PATH that makes modules of 100 bytes."""
    compiler = FakeCompiler(monkeypatch, tmp_path / ".bin")
    compiler.install()
    compiler.does("module:100")
    return compiler
