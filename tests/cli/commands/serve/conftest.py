from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.commands.serve.serving import Served, serving
from tui.demo.copy import copy_workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    target = tmp_path / "workspace"
    copy_workspace(target)
    return target


@pytest.fixture
def server(workspace: Path) -> Iterator[Served]:
    """A running server on a free port."""
    with serving(workspace) as served:
        yield served
