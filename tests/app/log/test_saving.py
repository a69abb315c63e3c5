"""Saving a log as text: a new file, whole or not at all."""

from __future__ import annotations

from pathlib import Path

from tests.disks import fill
from tui.app.log.layout import LogLayout
from tui.app.log.text import save_text
from tui.building.log.transcript import Transcript


def rows(lines: int = 2_000) -> LogLayout:
    transcript = Transcript()
    transcript.extend("stdout", tuple(f"line {number}" for number in range(lines)), 0.0)
    layout = LogLayout(transcript)
    layout.update()
    return layout


async def test_a_new_file_and_never_over_another(tmp_path: Path) -> None:
    assert await save_text(rows(3), tmp_path / "log.txt") is None
    assert (tmp_path / "log.txt").read_text() == "line 0\nline 1\nline 2\n"
    (tmp_path / "link.txt").symlink_to("missing.txt")
    for name in ("log.txt", "link.txt"):
        problem = await save_text(rows(1), tmp_path / name)
        assert problem == f"File exists: {tmp_path / name}"
    assert (tmp_path / "log.txt").read_text().startswith("line 0\nline 1")
    assert not (tmp_path / "missing.txt").exists()


async def test_a_full_disk_leaves_no_part_of_it(small_disk: Path) -> None:
    fill(small_disk)
    problem = await save_text(rows(), small_disk / "log.txt")
    assert problem == f"No space left on device: {small_disk / 'log.txt'}"
    assert [path.name for path in small_disk.iterdir()] == ["filling"]
