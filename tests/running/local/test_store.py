"""The private store of a gateway goes away with it; that of one that was killed goes when the next one starts."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tui.running.host.settings import HostSettings
from tui.running.local.store import NEW_SECONDS, Store

KILLED = """
import os, signal
from tui.running.host.settings import HostSettings
from tui.running.local.store import Store
Store(HostSettings({workspace!r}, state="", fresh=True, seed={seed!r})).open()
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def temp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "temp"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return folder


def aged(folder: Path) -> None:
    past = folder.stat().st_mtime - 2 * NEW_SECONDS
    os.utime(folder, (past, past))


def private(temp: Path) -> list[Path]:
    return sorted(temp.glob("fn-tui-dev-*"))


def opened(workspace: Path) -> Store:
    store = Store(HostSettings(str(workspace), state="", fresh=True))
    store.open()
    return store


def killed(temp: Path, tmp_path: Path) -> Path:
    """The folder of a gateway that was killed."""
    seed = tmp_path / "seed.sql"
    seed.write_text("CREATE TABLE t (a);")
    program = KILLED.format(workspace=str(tmp_path), seed=str(seed))
    done = subprocess.run(
        [sys.executable, "-c", program], check=False, env=os.environ | {"PYTHONPATH": str(Path.cwd())}
    )
    assert done.returncode == -signal.SIGKILL
    (left,) = private(temp)
    assert (left / "state" / "database.sqlite").exists()
    return left


def test_what_a_killed_gateway_left_goes_with_the_next_start(temp: Path, tmp_path: Path) -> None:
    left = killed(temp, tmp_path)
    opened(tmp_path).close()
    assert left.exists()  # too new to be told from one that begins
    aged(left)
    store = opened(tmp_path)
    assert not left.exists()
    store.close()
    assert private(temp) == []


def test_a_folder_that_somebody_uses_or_laid_something_into_stays(temp: Path, tmp_path: Path) -> None:
    left = killed(temp, tmp_path)
    (left / "state" / "mine.txt").write_text("mine")
    store = opened(tmp_path)
    (used,) = [folder for folder in private(temp) if folder != left]
    link = temp / "fn-tui-dev-abcdefgh"
    link.symlink_to(used)
    aged(left)
    aged(used)
    opened(tmp_path).close()
    assert (left / "state" / "mine.txt").read_text() == "mine"
    assert used.exists()
    assert link.is_symlink()
    store.close()
    assert not used.exists()
