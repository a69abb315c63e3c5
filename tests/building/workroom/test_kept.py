from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tui.building.workroom.kept import KEPT, NONE, Stay, clear, is_linked, keep, put_back, signature
from tui.building.workroom.own_folder import make_folder

GOOD = b"\0asm\1\0\0\0"


@contextmanager
def kept(directory: Path) -> Iterator[tuple[Stay, int]]:
    """What a build does before its compiler starts."""
    parent = os.open(directory, os.O_RDONLY)
    link = is_linked(parent, "function.wasm")
    before = signature(parent, "function.wasm")
    stay = Stay(parent, ".own", "token", output="function.wasm", before=before, is_link=link)
    opened = make_folder(parent, ".own", "token")
    keep(stay, opened)
    yield stay, opened
    os.close(opened)
    os.close(parent)


@pytest.fixture
def module(tmp_path: Path) -> Path:
    path = tmp_path / "function.wasm"
    path.write_bytes(GOOD)
    path.chmod(0o640)
    os.utime(path, ns=(10**18, 10**18 + 7))
    return path


def test_bytes_mode_and_times_come_back(module: Path) -> None:
    with kept(module.parent) as (stay, opened):
        module.write_bytes(b"rubbish")
        put_back(stay, opened)
    status = module.stat()
    assert module.read_bytes() == GOOD
    assert (status.st_mode & 0o777, status.st_mtime_ns) == (0o640, 10**18 + 7)


def test_what_nobody_touched_is_left(module: Path) -> None:
    inode = module.stat().st_ino
    with kept(module.parent) as (stay, opened):
        put_back(stay, opened)
    assert module.stat().st_ino == inode


def test_where_none_was_none_is(tmp_path: Path) -> None:
    with kept(tmp_path) as (stay, opened):
        put_back(stay, opened)
        (tmp_path / "function.wasm").write_bytes(b"half")
        put_back(stay, opened)
        assert not (tmp_path / "function.wasm").exists()
        (tmp_path / "function.wasm").mkdir()
        put_back(stay, opened)
    assert (tmp_path / "function.wasm").is_dir()


def test_a_folder_in_its_place_is_not_removed_and_what_was_kept_stays(module: Path) -> None:
    with kept(module.parent) as (stay, opened):
        module.unlink()
        module.mkdir()
        (module / "a person's file").touch()
        with pytest.raises(IsADirectoryError):
            clear(stay)
        assert (module.parent / ".own" / KEPT).read_bytes() == GOOD
        (module / "a person's file").unlink()
        module.rmdir()
        put_back(stay, opened)
    assert module.read_bytes() == GOOD


def test_what_was_kept_is_gone_too(module: Path) -> None:
    with kept(module.parent) as (stay, opened):
        (module.parent / ".own" / KEPT).unlink()
        put_back(stay, opened)  # the module is untouched
        module.unlink()
        with pytest.raises(FileNotFoundError):
            put_back(stay, opened)


def test_the_directory_is_gone(module: Path) -> None:
    with kept(module.parent) as (stay, opened):
        for name in ("private", KEPT):
            os.unlink(name, dir_fd=opened)
        (module.parent / ".own").rmdir()
        module.unlink()
        module.parent.rmdir()
        put_back(stay, opened)
    assert not module.parent.exists()  # nothing is made anew for it
    module.parent.mkdir()


@pytest.mark.parametrize("write", ["in place", "by rename", "not at all"])
@pytest.mark.parametrize("good", [True, False])
def test_the_target_of_a_link_is_never_written_to(tmp_path: Path, write: str, good: bool) -> None:
    (tmp_path / "fn").mkdir()
    target, output = tmp_path / "target.wasm", tmp_path / "fn/function.wasm"
    target.write_bytes(GOOD)
    output.symlink_to("../target.wasm")
    with kept(tmp_path / "fn") as (stay, opened):
        assert output.read_bytes() == GOOD  # whoever reads it meanwhile finds a module
        if write == "in place":
            output.write_bytes(b"new")
        elif write == "by rename":
            (tmp_path / "new").write_bytes(b"new")
            (tmp_path / "new").replace(output)
        if not good:
            put_back(stay, opened)
    assert target.read_bytes() == GOOD
    assert output.is_symlink() == (not good)
    assert good or str(output.readlink()) == "../target.wasm"


@pytest.mark.parametrize("target", ["missing", "folder", "pipe"])
def test_a_link_to_no_file_is_taken_away_and_comes_back(tmp_path: Path, target: str) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "fn").mkdir()
    output = tmp_path / "fn/function.wasm"
    output.symlink_to(f"../{target}")
    with kept(tmp_path / "fn") as (stay, opened):
        assert not os.path.lexists(output)
        output.write_bytes(b"rubbish")
        put_back(stay, opened)
    assert str(output.readlink()) == f"../{target}"
    assert not (tmp_path / "missing").exists()


def test_other_names_of_the_file_are_never_written_to(module: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.wasm"
    os.link(module, other)
    with kept(tmp_path) as (stay, opened):
        module.write_bytes(b"rubbish")
        assert other.read_bytes() == GOOD
        put_back(stay, opened)
    assert module.samefile(other)


def test_a_link_that_was_not_taken_away_yet(tmp_path: Path) -> None:
    """fn-tui was killed between its folder and the link's turn."""
    (tmp_path / "function.wasm").symlink_to("missing")
    parent = os.open(tmp_path, os.O_RDONLY)
    before = signature(parent, "function.wasm")
    stay = Stay(parent, ".own", "token", output="function.wasm", before=before, is_link=True)
    os.close(make_folder(parent, ".own", "token"))
    clear(stay)
    os.close(parent)
    assert [path.name for path in tmp_path.iterdir()] == ["function.wasm"]


def test_what_is_neither_file_nor_link_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    parent = os.open(tmp_path, os.O_RDONLY)
    with pytest.raises(OSError, match="it is a named pipe, and nothing is built over that"):
        is_linked(parent, "pipe")
    with pytest.raises(OSError, match="it is a folder"):
        is_linked(parent, "folder")
    assert not is_linked(parent, "missing")
    assert signature(parent, "missing") == NONE
    os.close(parent)


@pytest.mark.parametrize("size", [0, 1, 3 << 20])
def test_copies(tmp_path: Path, size: int) -> None:
    content = GOOD * bool(size) + os.urandom(size)
    (tmp_path / "function.wasm").write_bytes(content)
    with kept(tmp_path):
        assert (tmp_path / ".own" / KEPT).read_bytes() == (tmp_path / "function.wasm").read_bytes() == content


@pytest.mark.parametrize("name", ["file", "link", "second name"])
@pytest.mark.parametrize("content", [b"n", b"\0as", b"not a module", b"\x7fELF\2\1\1"])
def test_what_is_no_module_is_out_of_the_compilers_way_and_comes_back(
    tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / "fn").mkdir()
    other, output = tmp_path / "other", tmp_path / "fn/function.wasm"
    other.write_bytes(content)
    if name == "file":
        other.rename(output)
    elif name == "link":
        output.symlink_to("../other")
    else:
        os.link(other, output)
    before = output.stat()
    for wrote in (b"half", None):
        with kept(tmp_path / "fn") as (stay, _):
            assert not os.path.lexists(output)
            if wrote is not None:
                output.write_bytes(wrote)
            clear(stay)
        after = output.stat()
        assert (after.st_mode, after.st_size, after.st_mtime_ns) == (before.st_mode, before.st_size, before.st_mtime_ns)
        assert output.read_bytes() == content
    assert [path.name for path in (tmp_path / "fn").iterdir()] == ["function.wasm"]
    assert name == "file" or other.read_bytes() == content
