from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cli.commands.serve.serving import Served, serving
from tests.gobuild import GO_MOD


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """One function that was never built: each session is a whole screen, and reads all of it anew."""
    return with_one_function(tmp_path / "workspace")


def with_one_function(workspace: Path) -> Path:
    directory = workspace / "fn"
    directory.mkdir(parents=True)
    (directory / "function.yaml").write_text("name: fn\n")
    (directory / "function.go").write_text("package main\n\nfunc main() {}\n")
    (directory / "go.mod").write_text(GO_MOD)
    return workspace


@pytest.fixture
def server(workspace: Path) -> Iterator[Served]:
    """A running server on a free port."""
    with serving(workspace) as served:
        yield served


@pytest.fixture(scope="module")
def shared(make_folder: Callable[[str], Path]) -> Iterator[Served]:
    """A running server for all tests of a file that change nothing of it."""
    home = make_folder("served")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("CONFIG", "STATE"):
            patch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
        with serving(with_one_function(home / "workspace")) as served:
            yield served
