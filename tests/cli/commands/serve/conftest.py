from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.commands.serve.serving import Served, serving
from tests.gobuild import GO_MOD


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """One function that was never built: each session is a whole screen, and reads all of it anew."""
    directory = tmp_path / "workspace" / "fn"
    directory.mkdir(parents=True)
    (directory / "function.yaml").write_text("name: fn\n")
    (directory / "function.go").write_text("package main\n\nfunc main() {}\n")
    (directory / "go.mod").write_text(GO_MOD)
    return directory.parent


@pytest.fixture
def server(workspace: Path) -> Iterator[Served]:
    """A running server on a free port."""
    with serving(workspace) as served:
        yield served
