"""What is drawn piece by piece is what would be drawn whole: no cell of an earlier frame is left on the screen."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

WALKS = [
    (2, 60, 80, 24),
    *(pytest.param(seed, 300, 60 + 20 * seed, 20 + 5 * seed, marks=pytest.mark.long) for seed in range(8)),
]


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "keys", "columns", "rows"), WALKS)
def test_every_frame_leaves_the_screen_as_if_it_were_drawn_anew(
    workspace: Path, seed: int, keys: int, columns: int, rows: int
) -> None:
    argv = [sys.executable, "-m", "tests.flows.frames", str(workspace), *map(str, (seed, keys, columns, rows))]
    done = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stderr
