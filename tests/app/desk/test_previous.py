from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from tui.app.desk.previous import KEPT, LEFT_SECONDS, known_previous, module_before, previous_path, set_aside, settle


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


def rebuild(wasm: Path, content: bytes, *, built: bool = True) -> Path | None:
    """A build as the runner does it: a new file renamed over the old one."""
    set_aside(wasm)
    if built:
        new = wasm.with_name("new")
        new.write_bytes(content)
        new.replace(wasm)
    return settle(wasm, built=built)


def test_a_good_build_leaves_the_module_before_it(wasm: Path) -> None:
    assert known_previous(wasm.parent) is None
    kept = rebuild(wasm, b"two")
    assert kept == known_previous(wasm.parent) == previous_path(wasm.parent)
    assert kept is not None
    assert kept.read_bytes() == b"one"
    rebuild(wasm, b"three")
    assert kept.read_bytes() == b"two"


def test_a_failed_build_or_the_same_bytes_change_nothing(wasm: Path) -> None:
    kept = rebuild(wasm, b"two")
    assert kept is not None
    assert rebuild(wasm, b"", built=False) == kept
    assert rebuild(wasm, b"two") == kept
    assert kept.read_bytes() == b"one"
    assert [path.name for path in kept.parent.iterdir()] == [kept.name]


def test_without_a_module_there_is_nothing_to_keep(tmp_path: Path) -> None:
    wasm = tmp_path / "function.wasm"
    assert rebuild(wasm, b"first") is None
    assert settle(wasm, built=True) is None


def test_another_file_system_is_copied_to(wasm: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", refuse)
    kept = rebuild(wasm, b"two")
    assert kept is not None
    assert kept.read_bytes() == b"one"


def test_no_room_costs_only_the_difference(wasm: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert rebuild(wasm, b"two") is None


def test_the_oldest_go(wasm: Path) -> None:
    folder = previous_path(wasm.parent).parent
    folder.mkdir(parents=True)
    for number in range(KEPT):
        (folder / f"{number}.wasm").write_bytes(b"")
        os.utime(folder / f"{number}.wasm", (number, number))
    kept = rebuild(wasm, b"two")
    assert kept is not None
    assert kept.exists()
    assert len(list(folder.iterdir())) == KEPT
    assert not (folder / "0.wasm").exists()


def test_what_was_set_aside_and_never_settled_goes_after_a_day(wasm: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = previous_path(wasm.parent).parent
    folder.mkdir(parents=True)
    left = folder / "dead.wasm.building"
    left.write_bytes(b"x")
    rebuild(wasm, b"two")
    assert left.exists()
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + LEFT_SECONDS + 60)
    rebuild(wasm, b"three")
    assert not left.exists()


def test_a_build_that_is_not_settled_yet_has_a_module_before_it(tmp_path: Path) -> None:
    wasm = tmp_path / "function.wasm"
    wasm.write_bytes(b"old")
    assert module_before(wasm) is None
    set_aside(wasm)
    assert module_before(wasm) is None  # nothing has been replaced
    wasm.unlink()
    wasm.write_bytes(b"new")
    before = module_before(wasm)
    assert before is not None
    assert before.read_bytes() == b"old"
    settle(wasm, built=True)
    assert module_before(wasm) == previous_path(tmp_path)
