from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tui.building.record.previous import KEPT, keep_previous, known_previous, previous_path


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def wasm(tmp_path: Path) -> Path:
    path = tmp_path / "fn" / "function.wasm"
    path.parent.mkdir()
    path.write_bytes(b"one")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[int]:
    (tmp_path / "own").mkdir()
    opened = os.open(tmp_path / "own", os.O_RDONLY)
    yield opened
    os.close(opened)


def replaced(wasm: Path, folder: int, content: bytes) -> str | None:
    """A good build as the runner does it: what was there is kept in a private folder, and then handed over."""
    with open(os.open("kept", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644, dir_fd=folder), "wb") as file:
        file.write(wasm.read_bytes())
    wasm.write_bytes(content)
    return keep_previous(folder, "kept", wasm)


def test_a_good_build_leaves_the_module_before_it(wasm: Path, folder: int) -> None:
    assert known_previous(wasm.parent) is None
    assert replaced(wasm, folder, b"two") is None
    kept = known_previous(wasm.parent)
    assert kept == previous_path(wasm.parent)
    assert kept.read_bytes() == b"one"
    assert replaced(wasm, folder, b"three") is None
    assert kept.read_bytes() == b"two"
    assert [path.name for path in kept.parent.iterdir()] == [kept.name]


def test_the_same_bytes_change_nothing(wasm: Path, folder: int) -> None:
    replaced(wasm, folder, b"two")
    assert replaced(wasm, folder, b"two") is None
    assert previous_path(wasm.parent).read_bytes() == b"one"


def test_without_a_module_there_is_nothing_to_keep(wasm: Path, folder: int) -> None:
    assert keep_previous(folder, "missing", wasm) is None
    assert known_previous(wasm.parent) is None


def test_another_file_system_is_copied_to(wasm: Path, folder: int, small_disk: Path, cache: Path) -> None:
    (small_disk / "fn-tui").mkdir()
    cache.symlink_to(small_disk)
    assert replaced(wasm, folder, b"two") is None
    assert previous_path(wasm.parent).read_bytes() == b"one"
    assert (small_disk / "fn-tui/previous").is_dir()


def test_no_room_costs_only_the_difference(wasm: Path, folder: int, cache: Path) -> None:
    cache.write_text("a file")
    problem = replaced(wasm, folder, b"two")
    assert problem == f"the module before this build cannot be kept in {cache}/fn-tui/previous: Not a directory"


def test_the_oldest_go_and_what_others_put_there_stays(wasm: Path, folder: int) -> None:
    home = previous_path(wasm.parent).parent
    home.mkdir(parents=True)
    for number in range(KEPT):
        (home / f"{number:024x}.wasm").write_bytes(b"")
        os.utime(home / f"{number:024x}.wasm", (number, number))
    (home / "mine.wasm").touch()
    os.utime(home / "mine.wasm", (0, 0))
    replaced(wasm, folder, b"two")
    assert known_previous(wasm.parent) is not None
    assert len(list(home.iterdir())) == KEPT + 1
    assert not (home / f"{0:024x}.wasm").exists()
    assert (home / "mine.wasm").exists()


def test_a_link_is_no_previous_module(wasm: Path) -> None:
    path = previous_path(wasm.parent)
    path.parent.mkdir(parents=True)
    path.symlink_to(wasm)
    assert known_previous(wasm.parent) is None
