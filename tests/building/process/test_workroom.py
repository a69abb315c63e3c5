from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from tui.building.process import workroom
from tui.building.process.guard import process_guard
from tui.building.process.workroom import close_workroom, keep_copy, module_fault, open_workroom, remove_leftovers

GOOD = b"\0asm\1\0\0\0"


def test_the_room_is_beside_the_output_and_goes(tmp_path: Path) -> None:
    output = tmp_path / "function.wasm"
    output.write_bytes(GOOD)
    room = open_workroom(output, process_guard())
    assert room.folder.parent == tmp_path
    assert room.folder.stat().st_mode & 0o777 == 0o700
    assert room.temporary.is_dir()
    states = [room.untouched]
    output.write_bytes(b"something else")
    assert [*states, room.untouched] == [True, False]
    room.put_back()
    assert output.read_bytes() == GOOD
    close_workroom(room, process_guard())
    assert list(tmp_path.iterdir()) == [output]


def test_mode_and_times_come_back_with_the_module(tmp_path: Path) -> None:
    output = tmp_path / "function.wasm"
    output.write_bytes(GOOD)
    output.chmod(0o640)
    os.utime(output, ns=(10**18, 10**18 + 7))
    room = open_workroom(output, process_guard())
    output.unlink()
    room.put_back()
    close_workroom(room, process_guard())
    status = output.stat()
    assert (status.st_mode & 0o777, status.st_mtime_ns) == (0o640, 10**18 + 7)


def test_a_room_that_cannot_be_furnished_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(source: Path, target: Path) -> None:
        target.write_bytes(b"a part")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(workroom, "keep_copy", full)
    (tmp_path / "function.wasm").write_bytes(GOOD)
    with pytest.raises(OSError, match="No space left"):
        open_workroom(tmp_path / "function.wasm", process_guard())
    assert [path.name for path in tmp_path.iterdir()] == ["function.wasm"]


def test_an_embed_of_everything_finds_one_visible_file(tmp_path: Path) -> None:
    """`//go:embed *` takes folders that begin with a dot, and fails on one without a file that does not."""
    (tmp_path / "function.wasm").write_bytes(GOOD)
    room = open_workroom(tmp_path / "function.wasm", process_guard())
    visible = [path.name for path in room.folder.iterdir() if not path.name.startswith(".")]
    close_workroom(room, process_guard())
    assert visible == ["private"]


@pytest.mark.parametrize("size", [0, 1, 3 << 20])
def test_copies(tmp_path: Path, size: int) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(os.urandom(size))
    keep_copy(source, target)
    assert target.read_bytes() == source.read_bytes()


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "file too small to be a valid WASM binary (0 bytes)"),
        (b"\0asm\1\0\0", "file too small to be a valid WASM binary (7 bytes)"),
        (b"\0asn\1\0\0\0", "file is not a valid WASM binary (bad magic bytes)"),
        (GOOD, None),
        (b"\0asm\x0d\0\1\0", None),  # a component: the deploy tool does not look at the version
    ],
)
def test_faults_in_the_deploy_tools_words(tmp_path: Path, content: bytes, fault: str | None) -> None:
    (tmp_path / "function.wasm").write_bytes(content)
    assert module_fault(tmp_path / "function.wasm") == fault


def test_faults_of_what_is_no_file(tmp_path: Path) -> None:
    path = tmp_path / "function.wasm"
    assert module_fault(path) == f"failed to open WASM file: open {path}: no such file or directory"
    path.mkdir()
    assert module_fault(path) == f"failed to read WASM file: read {path}: is a directory"
    path.rmdir()
    os.mkfifo(path)
    assert module_fault(path) == f"failed to open WASM file: open {path}: not a regular file"


def test_leftovers(tmp_path: Path) -> None:
    """What was kept comes back only where there is no module."""
    for number, present in enumerate((b"\0as", GOOD + b"newer")):
        directory = tmp_path / str(number)
        folder = directory / ".fn-tui-77-aa"
        folder.mkdir(parents=True)
        (folder / ".kept").write_bytes(GOOD)
        (directory / "function.wasm").write_bytes(present)
        remove_leftovers(directory)
        assert [path.name for path in directory.iterdir()] == ["function.wasm"]
    assert (tmp_path / "0" / "function.wasm").read_bytes() == GOOD
    assert (tmp_path / "1" / "function.wasm").read_bytes() == GOOD + b"newer"
