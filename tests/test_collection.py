"""That tests run: every file of them was collected, and it is this tree that they run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import tui
from tests.conftest import COLLECTED, ROOT


def test_every_test_file_is_collected(request: pytest.FixtureRequest) -> None:
    asked = [Path(str(argument).split("::")[0]).resolve() for argument in request.config.args]
    on_disk = {path for path in (ROOT / "tests").rglob("test_*.py") if any(path.is_relative_to(a) for a in asked)}
    collected = request.config.stash[COLLECTED]
    assert not [path for path in on_disk if path not in collected]


def test_it_is_this_tree_that_is_tested(tmp_path: Path) -> None:
    assert Path(tui.__file__).parent == ROOT / "tui"
    told = subprocess.run(
        [sys.executable, "-c", "import tui; print(tui.__file__)"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(told.stdout.strip()).parent == ROOT / "tui"
