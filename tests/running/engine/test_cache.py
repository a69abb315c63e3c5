from __future__ import annotations

import os
from pathlib import Path

import pytest

from tui.running.engine import cache
from tui.running.engine.cache import CodeCache

KEY, OTHER = bytes(32), bytes([1]) * 32
TAG = "engine-1"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "compiled"


def only(folder: Path) -> Path:
    (found,) = (folder / TAG).iterdir()
    return found


def test_what_is_stored_is_found_by_key_and_engine(folder: Path) -> None:
    kept = CodeCache(folder)
    kept.store(TAG, KEY, b"code")
    found = kept.find(TAG, KEY)
    assert found is not None
    assert Path(found).read_bytes() == b"code"
    assert kept.find(TAG, OTHER) is None
    assert kept.find("engine-2", KEY) is None


def test_the_folder_is_nobody_elses(folder: Path) -> None:
    CodeCache(folder).store(TAG, KEY, b"code")
    assert (folder / TAG).stat().st_mode & 0o077 == 0
    assert only(folder).stat().st_mode & 0o077 == 0


def test_code_that_others_can_write_is_not_run(folder: Path) -> None:
    kept = CodeCache(folder)
    kept.store(TAG, KEY, b"code")
    only(folder).chmod(0o666)
    assert kept.find(TAG, KEY) is None
    only(folder).chmod(0o600)
    assert kept.find(TAG, KEY) is not None
    (folder / TAG).chmod(0o777)
    assert kept.find(TAG, KEY) is None


def test_code_cut_short_is_not_run(folder: Path) -> None:
    kept = CodeCache(folder)
    kept.store(TAG, KEY, b"code of a module")
    os.truncate(only(folder), 3)
    assert kept.find(TAG, KEY) is None


def test_a_link_is_not_followed(folder: Path, tmp_path: Path) -> None:
    kept = CodeCache(folder)
    kept.store(TAG, KEY, b"code")
    place = only(folder)
    (tmp_path / "elsewhere").write_bytes(b"code")
    place.unlink()
    place.symlink_to(tmp_path / "elsewhere")
    assert kept.find(TAG, KEY) is None


def test_a_file_that_is_mapped_is_not_written_again(folder: Path) -> None:
    """Storing the same module again puts another file in its place; who has the first one open keeps it."""
    kept = CodeCache(folder)
    kept.store(TAG, KEY, b"code")
    with only(folder).open("rb") as mapped:
        kept.store(TAG, KEY, b"CODE")
        assert mapped.read() == b"code"
    assert only(folder).read_bytes() == b"CODE"


def test_the_longest_unused_goes_first(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "MOST_BYTES", 10)
    kept = CodeCache(folder)
    kept.store(TAG, KEY, b"12345678")
    os.utime(only(folder), (1, 1))
    kept.store(TAG, OTHER, b"12345678")
    assert kept.find(TAG, KEY) is None
    assert kept.find(TAG, OTHER) is not None


@pytest.mark.skipif(os.getuid() == 0, reason="root writes anywhere")
def test_a_folder_that_cannot_be_written_costs_nothing_but_time(folder: Path) -> None:
    folder.mkdir()
    folder.chmod(0o500)
    CodeCache(folder).store(TAG, KEY, b"code")
    assert CodeCache(folder).find(TAG, KEY) is None


def test_a_file_in_the_folders_place_is_no_cache(folder: Path) -> None:
    folder.write_text("not a folder")
    kept = CodeCache(folder)
    kept.store(TAG, KEY, b"code")
    assert kept.find(TAG, KEY) is None
    assert folder.read_text() == "not a folder"
