from __future__ import annotations

import errno
from pathlib import Path

import pytest

from tui.building.plan.plan import plan_build
from tui.building.process import outcome
from tui.workspace.function import FunctionConfig


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (1, "exit status 1"),
        (2, "exit status 2"),
        (-2, "signal: interrupt"),
        (-9, "signal: killed"),
        (-15, "signal: terminated"),
        (-64, "signal: signal 64"),
    ],
)
def test_exits_as_go_prints_them(code: int, words: str) -> None:
    assert outcome.exit_words(code) == words


def test_sentences(tmp_path: Path) -> None:
    plan = plan_build(tmp_path, FunctionConfig("fn"), executable="/opt/tinygo")
    assert outcome.failure_of(plan, 1) == "tinygo build failed: exit status 1"
    assert outcome.invalid_output(plan, "fault") == "build produced invalid WASM: fault"
    denied = PermissionError(errno.EACCES, "Permission denied")
    assert outcome.cannot_start(plan, denied) == "cannot run /opt/tinygo: permission denied"
    quota = OSError(errno.EDQUOT, "Disk quota exceeded")
    assert outcome.cannot_prepare(tmp_path, quota) == f"cannot write in {tmp_path}: the disk quota is used up"
    assert outcome.reason_of(OSError(errno.ELOOP, "Too many levels of symbolic links")).startswith("Too many levels")
    assert outcome.timed_out(90) == "timed out after 1 min 30 s"


def test_a_directory_that_went_away_explains_everything_else(tmp_path: Path) -> None:
    gone = plan_build(tmp_path / "gone", FunctionConfig("fn"))
    sentence = f"directory does not exist: {tmp_path / 'gone'}: it was removed during the build"
    assert outcome.failure_of(gone, 1) == sentence
    assert outcome.invalid_output(gone, "x") == sentence
    assert outcome.cannot_start(gone, FileNotFoundError(errno.ENOENT, "x")) == sentence
