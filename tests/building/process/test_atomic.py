from __future__ import annotations

from pathlib import Path

from tui.building.process.atomic import replace_file


def test_makes_the_folder_and_replaces(tmp_path: Path) -> None:
    path = tmp_path / "a/b/c.json"
    assert replace_file(path, b"one") is None
    assert replace_file(path, b"two") is None
    assert path.read_bytes() == b"two"
    assert [entry.name for entry in path.parent.iterdir()] == ["c.json"]
    assert path.stat().st_mode & 0o077 == 0


def test_a_failure_is_a_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "c.json").mkdir()
    problem = replace_file(tmp_path / "c.json", b"x")
    assert problem is not None
    assert "c.json" in problem
    assert [entry.name for entry in tmp_path.iterdir()] == ["c.json"]
