"""Fixtures of the build room."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.building.faking import FakeCompiler


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FakeCompiler:
    """A fake tinygo on PATH that does nothing yet."""
    compiler = FakeCompiler(monkeypatch, tmp_path / "fake-bin")
    compiler.install()
    compiler.does()
    return compiler
