"""The store in files: whole or not at all, bounded, never through a link, never fatal."""

from __future__ import annotations

import fcntl
import json
import multiprocessing
import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.disks import fill
from tui.settings.store import files
from tui.settings.store.files import FileStore
from tui.settings.store.store import ONE, Document, Found, Table


def _number(document: Document) -> int | None:
    value = document.get("number")
    return value if isinstance(value, int) and not isinstance(value, bool) else None


NUMBERS: Table[int] = Table("numbers", 3, lambda value: {"number": value}, _number, "the number", most_bytes=800)
PASSING = NUMBERS._replace(name="passing", passing=True)
FEW: Table[int] = Table("few", 1, lambda value: {"number": value}, _number, "the number", "state", most_entries=3)


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "state", tmp_path / "cache")


def lay(store: FileStore, content: bytes, key: str = "/w/chat") -> Path:
    path = store.path(NUMBERS, key)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_what_is_written_comes_back(store: FileStore, tmp_path: Path) -> None:
    assert store.read(NUMBERS, "/w/chat") == Found()
    assert store.write(NUMBERS, "/w/chat", 7) is None
    assert store.write(NUMBERS, "/v/chat", 8) is None
    assert store.write(NUMBERS, ONE, 9) is None
    assert [store.read(NUMBERS, key).value for key in ("/w/chat", "/v/chat", ONE)] == [7, 8, 9]
    assert store.path(NUMBERS, ONE) == tmp_path / "cache/numbers.json"
    assert json.loads(store.path(NUMBERS, "/w/chat").read_bytes()) == {"version": 3, "key": "/w/chat", "number": 7}
    assert store.path(NUMBERS, "/w/chat").stat().st_mode & 0o077 == 0
    assert store.forget(NUMBERS, "/w/chat") is None
    assert store.forget(NUMBERS, "/w/chat") is None
    assert store.read(NUMBERS, "/w/chat") == Found()


def test_keys_of_any_bytes_are_plain_names(store: FileStore) -> None:
    for key in ("/w/a\nb\udcff", "/w/" + "x" * 500, "..", "/", "/w/\x1b[31m"):
        assert store.write(NUMBERS, key, 1) is None
        assert store.read(NUMBERS, key).value == 1
    names = [path.name for path in store.path(NUMBERS, "/").parent.iterdir()]
    assert len(names) == 5
    assert all(name.isascii() and name.isprintable() and "/" not in name and len(name) < 80 for name in names)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"\xff",
        b"[" * 700,
        b"{}",
        b'{"version": 2, "number": 1}',
        b'{"version": 3, "number": "1"}',
        b'{"version": 3, "number": 1}' + b" " * 800,
    ],
)
def test_what_is_damaged_or_of_another_form_is_absent_and_said(store: FileStore, content: bytes) -> None:
    path = lay(store, content)
    found = store.read(NUMBERS, "/w/chat")
    assert found.value is None
    assert found.problem is not None
    assert str(path) in found.problem
    assert store.update(NUMBERS, "/w/chat", lambda known: 1 if known is None else -1) is None
    assert store.read(NUMBERS, "/w/chat") == Found(1)


@given(content=st.binary(max_size=120))
def test_any_bytes(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    base = tmp_path_factory.getbasetemp()
    store = FileStore(base / "any-state", base / "any-cache")
    lay(store, content)
    found = store.read(NUMBERS, "/w/chat")
    assert (found.value is None) == (found.problem is not None)


def test_nothing_but_a_regular_file_is_opened(store: FileStore, tmp_path: Path) -> None:
    outside = tmp_path / "outside.json"
    outside.write_text('{"version": 3, "number": 1}')
    path = lay(store, b"")
    makers: list[Callable[[], None]] = [lambda: path.symlink_to(outside), lambda: os.mkfifo(path), path.mkdir]
    for make in makers:
        path.unlink()
        make()
        found = store.read(NUMBERS, "/w/chat")
        assert found.value is None
        assert found.problem is not None
        assert "cannot read the number" in found.problem
    path.rmdir()
    with socket.socket(socket.AF_UNIX) as listener:
        here = Path.cwd()
        os.chdir(path.parent)  # the path of a socket has 108 bytes at most
        try:
            listener.bind(path.name)
        finally:
            os.chdir(here)
    assert store.read(NUMBERS, "/w/chat").problem is not None


def test_a_link_in_a_file_s_place_is_replaced_not_followed(store: FileStore, tmp_path: Path) -> None:
    outside = tmp_path / "outside.json"
    outside.write_text("mine")
    path = lay(store, b"")
    path.unlink()
    path.symlink_to(outside)
    assert store.write(NUMBERS, "/w/chat", 4) is None
    assert outside.read_text() == "mine"
    assert not path.is_symlink()


def test_a_folder_behind_a_link_is_left_alone(store: FileStore, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache/numbers").symlink_to(tmp_path / "other")
    assert store.write(NUMBERS, "/w/chat", 4) is not None
    assert list((tmp_path / "other").iterdir()) == []


def test_a_failed_write_leaves_the_old_value_and_nothing_else(small_disk: Path) -> None:
    store = FileStore(small_disk, small_disk)
    store.write(NUMBERS, "/w/chat", 1)
    fill(small_disk)
    sentence = store.write(NUMBERS, "/w/chat", 2)
    assert sentence is not None
    assert "No space left on device" in sentence
    assert store.read(NUMBERS, "/w/chat").value == 1
    assert len(list(store.path(NUMBERS, "/w/chat").parent.iterdir())) == 1


def test_a_place_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    store = FileStore(tmp_path / "file", tmp_path / "file")
    for sentence in (store.write(NUMBERS, "/w/chat", 1), store.write(NUMBERS, ONE, 1)):
        assert sentence is not None
        assert sentence.startswith("cannot keep the number in")
    assert store.read(NUMBERS, "/w/chat").value is None


def test_what_would_not_be_read_again_is_not_written(store: FileStore) -> None:
    store.write(NUMBERS, "/w/chat", 1)
    sentence = store.write(NUMBERS, "/w/chat", 10**800)
    assert sentence is not None
    assert "more than 800 bytes" in sentence
    assert store.read(NUMBERS, "/w/chat") == Found(1)


def test_the_number_of_values_is_bounded_and_other_people_s_files_stay(store: FileStore) -> None:
    folder = store.path(FEW, "/0").parent
    for number in range(5):
        store.write(FEW, f"/{number}", number)
        os.utime(store.path(FEW, f"/{number}"), (number, number))
    (folder / "notes.json").write_text("{}")
    os.utime(folder / "notes.json", (0, 0))
    store.write(FEW, "/5", 5)
    assert [number for number in range(6) if store.read(FEW, f"/{number}").value is not None] == [3, 4, 5]
    assert (folder / "notes.json").exists()


def test_a_lock_of_another_program(store: FileStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LOCK_SECONDS", 0.05)
    folder = store.path(FEW, "/a").parent
    folder.mkdir(parents=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        sentence = store.update(FEW, "/a", lambda known: (known or 0) + 1)
    assert sentence is not None
    assert "locked" in sentence
    assert store.update(FEW, "/a", lambda known: (known or 0) + 1) is None


def _count(store: FileStore) -> None:
    for _ in range(20):
        assert store.update(FEW, "/a", lambda known: (known or 0) + 1) is None


def test_processes_lose_nothing_of_each_other(store: FileStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LOCK_SECONDS", 30)
    processes = [multiprocessing.get_context("fork").Process(target=_count, args=(store,)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0, 0]
    assert store.read(FEW, "/a").value == 60


def test_the_file_of_a_value_that_is_forgotten_is_used_again(store: FileStore) -> None:
    assert store.write(PASSING, "/w/one", 1) is None
    inode = store.path(PASSING, "/w/one").stat().st_ino
    assert store.forget(PASSING, "/w/one") is None
    assert store.read(PASSING, "/w/one") == Found()
    assert store.write(PASSING, "/w/other", 2) is None
    path = store.path(PASSING, "/w/other")
    assert (path.stat().st_ino, path.stat().st_mode & 0o777, store.read(PASSING, "/w/other").value) == (inode, 0o600, 2)
    assert list(path.parent.iterdir()) == [path]
    assert store.write(PASSING, "/w/other", 3) is None
    assert store.read(PASSING, "/w/other").value == 3


def test_files_that_are_kept_for_others_are_few_and_go_with_the_process(store: FileStore, tmp_path: Path) -> None:
    for name in range(30):
        assert store.write(PASSING, str(name), name) is None
    for name in range(30):
        assert store.forget(PASSING, str(name)) is None
    folder = store.path(PASSING, "x").parent
    assert 0 < len(list(folder.iterdir())) <= 8
    files._spares.remove()
    assert list(folder.iterdir()) == []
    assert store.write(PASSING, "x", 1) is None


@pytest.mark.parametrize("what", ["gone", "link", "second name", "pipe"])
def test_a_kept_file_that_is_another_now_is_not_written_to(store: FileStore, tmp_path: Path, what: str) -> None:
    assert store.write(PASSING, "/w/one", 1) is None
    assert store.forget(PASSING, "/w/one") is None
    (spare,) = store.path(PASSING, "/w/one").parent.iterdir()
    (tmp_path / "theirs").write_text("theirs")
    spare.unlink()
    if what == "link":
        spare.symlink_to(tmp_path / "theirs")
    elif what == "second name":
        spare.hardlink_to(tmp_path / "theirs")
    elif what == "pipe":
        os.mkfifo(spare)
    assert store.write(PASSING, "/w/one", 2) is None
    assert store.read(PASSING, "/w/one").value == 2
    assert (tmp_path / "theirs").read_text() == "theirs"
    assert [path.name for path in spare.parent.iterdir()] == [store.path(PASSING, "/w/one").name]


def test_a_kept_file_on_a_full_disk_is_as_good_as_none(small_disk: Path) -> None:
    store = FileStore(small_disk / "state", small_disk / "cache")
    assert store.write(PASSING, "/w/one", 1) is None
    assert store.write(PASSING, "/w/other", 1) is None
    assert store.forget(PASSING, "/w/one") is None
    fill(small_disk)
    sentence = store.write(PASSING, "/w/other", 2)  # what the kept file took may be enough
    assert store.read(PASSING, "/w/other").value == (2 if sentence is None else 1)
    assert len(list(store.path(PASSING, "/w/other").parent.iterdir())) == 1
