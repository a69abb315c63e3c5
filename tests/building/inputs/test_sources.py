from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest

from tui.building.inputs.sources import DIGESTS, LARGE, SourceCache, digest_of
from tui.settings.store.files import FileStore
from tui.settings.store.store import ONE


def test_the_digest_is_blake2b() -> None:
    assert digest_of(b"abc") == hashlib.blake2b(b"abc", digest_size=16).hexdigest()


def test_a_change_is_seen_by_size_time_or_inode(tmp_path: Path) -> None:
    path, cache = tmp_path / "a.go", SourceCache()
    path.write_text("package a\n")
    os.utime(path, (1e9, 1e9))
    first = cache.read(path)
    replacement = tmp_path / "b"
    replacement.write_text("package b\n")
    os.utime(replacement, (1e9, 1e9))
    replacement.rename(path)  # same size, same time: only the inode tells
    second = cache.read(path)
    assert first is not None
    assert second is not None
    assert second.digest != first.digest
    assert second.go is not None
    assert second.go.package == "b"


def test_a_file_that_went_away(tmp_path: Path) -> None:
    path, cache = tmp_path / "a.go", SourceCache()
    path.write_text("package a\n")
    assert cache.read(path) is not None
    path.unlink()
    assert cache.read(path) is None


def test_digests_of_large_files_are_kept_on_disk(tmp_path: Path) -> None:
    large, store = tmp_path / "model.bin", FileStore(tmp_path, tmp_path / "cache")
    file = store.path(DIGESTS, ONE)
    large.write_bytes(b"x" * LARGE)
    os.utime(large, (1e9, 1e9))
    first = SourceCache(store)
    expected = first.read(large)
    assert first.save() is None
    kept = json.loads(file.read_text())["digests"]
    assert list(kept) == [str(large)]
    kept[str(large)][3] = "0" * 32  # so that it shows where the digest comes from
    file.write_text(json.dumps({"version": 1, "digests": kept}))
    again = SourceCache(store).read(large)
    assert expected is not None
    assert again is not None
    assert again.digest == "0" * 32
    large.write_bytes(b"y" * LARGE)
    assert SourceCache(store).read(large) == (digest_of(b"y" * LARGE), large.stat().st_mtime_ns / 1e9, None)


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"version": 2}', '{"version": 1, "digests": {"/x": [1]}}', "[" * 100_000]
)
def test_a_damaged_store_is_left_out(tmp_path: Path, content: str) -> None:
    store, large = FileStore(tmp_path, tmp_path), tmp_path / "model.bin"
    store.path(DIGESTS, ONE).write_text(content)
    large.write_bytes(b"x" * LARGE)
    cache = SourceCache(store)
    found = cache.read(large)
    assert found is not None
    assert found.digest == digest_of(b"x" * LARGE)
    assert cache.save() is None


def test_a_store_that_cannot_be_written_is_a_word(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    large = tmp_path / "model.bin"
    large.write_bytes(b"x" * LARGE)
    cache = SourceCache(FileStore(tmp_path, tmp_path / "file"))
    cache.read(large)
    problem = cache.save()
    assert problem is not None
    assert "cannot keep the digests" in problem
