from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.building.workroom.test_own_folder import as_nobody, deep
from tests.disks import fill
from tui.building.guard.guard import process_guard
from tui.building.process.lock import FunctionLock
from tui.building.workroom.kept import clear
from tui.building.workroom.rooms import RoomRecord, builder_of, record, recorded
from tui.building.workroom.workroom import Workroom, close_workroom, open_workroom, remove_leftovers

GOOD = b"\0asm\1\0\0\0"


@contextmanager
def locked(directory: Path) -> Iterator[FunctionLock]:
    lock = FunctionLock(directory)
    assert lock.acquire()
    yield lock
    lock.release()


@contextmanager
def room_in(directory: Path, *, good: bool = False) -> Iterator[Workroom]:
    with locked(directory) as lock:
        room = open_workroom(directory / "function.wasm", lock, process_guard())
        yield room
        assert close_workroom(room, process_guard(), good=good) is None


def abandon(directory: Path) -> Path:
    """What a killed fn-tui leaves if its guard was killed with it: folder and record."""
    with locked(directory) as lock:
        room = open_workroom(directory / "function.wasm", lock, process_guard())
        process_guard().release(room.ident)
        os.close(room.opened)
        return room.folder


def clean(directory: Path) -> list[str]:
    """What is in the directory after leftovers were removed; nothing may be on record then."""
    with locked(directory) as lock:
        remove_leftovers(lock)
        assert recorded(lock.folder) == ()
    return sorted(path.name for path in directory.iterdir())


def test_the_room_is_beside_the_output_and_goes(tmp_path: Path) -> None:
    output = tmp_path / "function.wasm"
    output.write_bytes(GOOD)
    with room_in(tmp_path) as room:
        assert room.folder.parent == tmp_path
        assert room.folder.stat().st_mode & 0o777 == 0o700
        assert room.temporary.is_dir()
        assert builder_of(tmp_path) == os.getpid()
        states = [room.untouched]
        output.write_bytes(b"something else")
        assert [*states, room.untouched] == [True, False]
    assert output.read_bytes() == GOOD
    assert clean(tmp_path) == ["function.wasm"]
    assert builder_of(tmp_path) is None


def test_a_room_that_cannot_be_furnished_leaves_nothing(small_disk: Path) -> None:
    (small_disk / "fn").mkdir()
    (small_disk / "fn/function.wasm").write_bytes(GOOD + bytes(100_000))
    fill(small_disk)
    with locked(small_disk / "fn") as lock:
        with pytest.raises(OSError, match="No space left"):
            open_workroom(small_disk / "fn/function.wasm", lock, process_guard())
        assert recorded(lock.folder) == ()
    assert [path.name for path in (small_disk / "fn").iterdir()] == ["function.wasm"]


def test_an_embed_of_everything_finds_one_visible_file(tmp_path: Path) -> None:
    """`//go:embed *` takes folders that begin with a dot, and fails on one without a file that does not."""
    (tmp_path / "function.wasm").write_bytes(GOOD)
    with room_in(tmp_path) as room:
        assert [path.name for path in room.folder.iterdir() if not path.name.startswith(".")] == ["private"]


@pytest.mark.parametrize("end", ["closed", "cleared by the guard", "left behind"])
def test_a_room_beside_a_module_that_nobody_writes_into_keeps_no_copy(tmp_path: Path, end: str) -> None:
    output = tmp_path / "function.wasm"
    output.write_bytes(GOOD)
    before = output.stat()
    with locked(tmp_path) as lock:
        room = open_workroom(output, lock, process_guard(), keeps=False)
        assert {path.name for path in room.folder.iterdir()} == {".tmp", "private"}
        if end == "closed":
            assert close_workroom(room, process_guard(), good=False) is None
        else:
            process_guard().release(room.ident)
            os.close(room.opened)
        if end == "cleared by the guard":
            clear(room.stay)
            assert not room.folder.exists()
    assert clean(tmp_path) == ["function.wasm"]
    after = output.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_link_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "fn").mkdir()
    (tmp_path / "fn/function.wasm").symlink_to("../target.wasm")
    (tmp_path / "target.wasm").write_bytes(GOOD)
    with locked(tmp_path / "fn") as lock:
        room = open_workroom(tmp_path / "fn/function.wasm", lock, process_guard())
        assert room.untouched
        note = close_workroom(room, process_guard(), good=True)
    assert note == "function.wasm was a link: it is a file of its own now, and ../target.wasm is as it was"


def test_what_cannot_be_put_back_stays_and_is_named(tmp_path: Path) -> None:
    output = tmp_path / "function.wasm"
    output.write_bytes(GOOD)
    with locked(tmp_path) as lock:
        room = open_workroom(output, lock, process_guard())
        output.unlink()
        output.mkdir()
        (output / "file").touch()
        problem = close_workroom(room, process_guard(), good=False)
    kept = room.folder / ".kept"
    assert problem == f"the last good module cannot be put back (a folder is in its place): it is kept at {kept}"
    assert kept.read_bytes() == GOOD
    with locked(tmp_path) as lock:
        remove_leftovers(lock)  # still in its place: still kept
        assert kept.exists()
    (output / "file").unlink()
    output.rmdir()
    assert clean(tmp_path) == ["function.wasm"]
    assert output.read_bytes() == GOOD


@pytest.mark.parametrize("which", ["the function's", "its own"])
def test_a_compiler_that_takes_permissions_away(tmp_path: Path, private_home: Path, which: str) -> None:
    directory = tmp_path / "fn"
    directory.mkdir()
    (directory / "function.wasm").write_bytes(GOOD)
    with as_nobody(tmp_path, directory, private_home), locked(directory) as lock:
        room = open_workroom(directory / "function.wasm", lock, process_guard())
        (directory / "new").write_bytes(b"rubbish")
        (directory / "new").replace(directory / "function.wasm")
        closed = directory if which == "the function's" else room.folder
        closed.chmod(0o555)
        problem = close_workroom(room, process_guard(), good=False)
        directory.chmod(0o755)
    if which == "its own":
        assert problem is None
    else:
        kept = room.folder / ".kept"
        assert problem == f"the last good module cannot be put back (permission denied): it is kept at {kept}"
        assert kept.read_bytes() == GOOD
    assert clean(directory) == ["function.wasm"]
    assert (directory / "function.wasm").read_bytes() == GOOD


@pytest.mark.parametrize("present", [b"\0as", GOOD + b"\5\3\1\0", None])
def test_leftovers_give_back_what_is_missing_or_cut(tmp_path: Path, present: bytes | None) -> None:
    output = tmp_path / "function.wasm"
    output.write_bytes(GOOD)
    abandon(tmp_path)
    output.unlink()
    if present is not None:
        output.write_bytes(present)
    assert clean(tmp_path) == ["function.wasm"]
    assert output.read_bytes() == GOOD


def test_leftovers_give_back_what_is_no_module_where_nothing_came_in_its_place(tmp_path: Path) -> None:
    output = tmp_path / "function.wasm"
    output.write_bytes(b"somebody's notes")
    abandon(tmp_path)
    assert clean(tmp_path) == ["function.wasm"]
    assert output.read_bytes() == b"somebody's notes"


def test_leftovers_leave_a_newer_module(tmp_path: Path) -> None:
    output, newer = tmp_path / "function.wasm", GOOD + b"\0\5\4name"
    output.write_bytes(GOOD)
    abandon(tmp_path)
    output.write_bytes(newer)
    assert clean(tmp_path) == ["function.wasm"]
    assert output.read_bytes() == newer


@pytest.mark.parametrize("after", ["stand-in", "half", "newer"])
def test_leftovers_give_back_a_link(tmp_path: Path, after: str) -> None:
    (tmp_path / "fn").mkdir()
    (tmp_path / "target.wasm").write_bytes(GOOD)
    output = tmp_path / "fn/function.wasm"
    output.symlink_to("../target.wasm")
    abandon(tmp_path / "fn")
    assert not output.is_symlink()
    if after != "stand-in":
        output.write_bytes(GOOD[:5] if after == "half" else GOOD + b"\0\5\4name")
    assert clean(tmp_path / "fn") == ["function.wasm"]
    assert output.is_symlink() == (after != "newer")
    assert (tmp_path / "target.wasm").read_bytes() == GOOD


def test_two_thousand_levels_left(tmp_path: Path) -> None:
    folder = abandon(tmp_path)
    opened = os.open(folder / ".tmp", os.O_RDONLY)
    deep(opened, 2_100)  # more than may be open, than calls go deep, and than a path is long
    os.close(opened)
    assert clean(tmp_path) == []


def test_what_fn_tui_did_not_make_is_left(tmp_path: Path) -> None:
    """By whatever name: a link, a folder, a copy of a private folder, a folder put in the place of one."""
    directory = tmp_path / "fn"
    directory.mkdir()
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs/file").touch()
    (directory / ".fn-tui-cache").symlink_to(tmp_path / "theirs")
    (directory / ".fn-tui-notes").mkdir()
    (directory / ".fn-tui-notes/note").touch()
    mine = abandon(directory)
    os.system(f"cp -r {mine} {directory}/.fn-tui-copy")
    mine.rename(directory / ".fn-tui-moved")
    mine.symlink_to(tmp_path / "theirs")
    before = sorted(path.name for path in directory.iterdir())
    assert clean(directory) == before
    assert [path.name for path in (tmp_path / "theirs").iterdir()] == ["file"]
    assert (directory / ".fn-tui-notes/note").exists()


@pytest.mark.parametrize("folder", ["../theirs", "..", "."])
def test_a_record_that_was_tampered_with(tmp_path: Path, folder: str) -> None:
    (tmp_path / "fn").mkdir()
    (tmp_path / "theirs").mkdir()
    entry = RoomRecord(folder, "token", "function.wasm", "-", is_link=False, process=1)
    with locked(tmp_path / "fn") as lock:
        record(lock.folder, (entry,))
    assert clean(tmp_path / "fn") == []
    assert (tmp_path / "theirs").exists()
