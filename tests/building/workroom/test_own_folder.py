from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.disks import mounted
from tui.building.workroom.own_folder import make_folder, open_ours, remove_folder, remove_if_unfinished

TOKEN = "0123456789abcdef"


@pytest.fixture
def parent(tmp_path: Path) -> Iterator[int]:
    opened = os.open(tmp_path, os.O_RDONLY)
    yield opened
    os.close(opened)


@contextmanager
def ours(parent: int, name: str = "own") -> Iterator[int]:
    opened = make_folder(parent, name, TOKEN)
    yield opened
    os.close(opened)


@contextmanager
def as_nobody(*folders: Path) -> Iterator[None]:
    """Root is stopped by no permission; so these tests go on as somebody else."""
    if os.geteuid() == 0:
        for folder in folders:
            for each in (folder, *folder.parents):
                each.chmod(each.stat().st_mode | 0o711)
            os.chown(folder, 65534, 65534)
        os.seteuid(65534)
    try:
        yield
    finally:
        if os.getuid() == 0:
            os.seteuid(0)


def deep(top: int, levels: int) -> None:
    """A folder in a folder, and so on, each with a file."""
    below = os.dup(top)
    for _ in range(levels):
        os.close(os.open("file", os.O_CREAT | os.O_WRONLY, dir_fd=below))
        os.mkdir("d", dir_fd=below)
        next_one = os.open("d", os.O_RDONLY, dir_fd=below)
        os.close(below)
        below = next_one
    os.close(below)


def test_it_is_known_again_and_goes(tmp_path: Path, parent: int) -> None:
    with ours(parent) as opened:
        assert (tmp_path / "own").stat().st_mode & 0o777 == 0o700
        again = open_ours(parent, "own", TOKEN)
        assert again is not None
        os.close(again)
        remove_folder(parent, "own", opened)
    assert list(tmp_path.iterdir()) == []


def test_others_are_not_taken_for_ours(tmp_path: Path, parent: int) -> None:
    with ours(parent):
        marker = (tmp_path / "own/private").read_text()
    assert open_ours(parent, "own", "another token") is None
    assert open_ours(parent, "missing", TOKEN) is None
    (tmp_path / "link").symlink_to("own")
    assert open_ours(parent, "link", TOKEN) is None
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy/private").write_text(marker)  # cp -r of it: another inode
    assert open_ours(parent, "copy", TOKEN) is None
    (tmp_path / "fifo").mkdir()
    os.mkfifo(tmp_path / "fifo/private")
    assert open_ours(parent, "fifo", TOKEN) is None


def test_two_thousand_levels(tmp_path: Path, parent: int) -> None:
    with ours(parent) as opened:
        deep(opened, 2_100)  # more than may be open, than calls go deep, and than a path is long
        remove_folder(parent, "own", opened)
    assert list(tmp_path.iterdir()) == []


def test_links_in_it_are_removed_and_not_followed(tmp_path: Path, parent: int) -> None:
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs/file").touch()
    with ours(parent) as opened:
        (tmp_path / "own/folder").symlink_to("../theirs")
        (tmp_path / "own/sub").mkdir()
        (tmp_path / "own/sub/up").symlink_to("../../theirs/file")
        os.mkfifo(tmp_path / "own/sub/fifo")
        remove_folder(parent, "own", opened)
    assert [path.name for path in tmp_path.iterdir()] == ["theirs"]
    assert (tmp_path / "theirs/file").exists()


def test_what_was_put_in_its_place_is_left(tmp_path: Path, parent: int) -> None:
    with ours(parent) as opened:
        (tmp_path / "own").rename(tmp_path / "moved")
        (tmp_path / "own").mkdir()
        remove_folder(parent, "own", opened)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["moved", "own"]
    assert list((tmp_path / "moved").iterdir()) == []  # what was in it was ours


def test_folders_without_permissions(tmp_path: Path) -> None:
    with as_nobody(tmp_path):
        parent = os.open(tmp_path, os.O_RDONLY)
        with ours(parent) as opened:
            for mode in (0o000, 0o100, 0o400, 0o500):
                (tmp_path / f"own/{mode}/below/deeper").mkdir(parents=True)
                (tmp_path / f"own/{mode}/below/deeper").chmod(mode)
                (tmp_path / f"own/{mode}/below").chmod(mode)
                (tmp_path / f"own/{mode}").chmod(mode)
            (tmp_path / "own").chmod(0o555)
            remove_folder(parent, "own", opened)
        os.close(parent)
    assert list(tmp_path.iterdir()) == []


def test_a_mount_in_it_is_left(tmp_path: Path, parent: int) -> None:
    with ours(parent) as opened:
        (tmp_path / "own/sub").mkdir()
        with mounted(tmp_path / "own/sub/theirs", "64k") as theirs:
            (theirs / "file").touch()
            with pytest.raises(OSError, match=r"mounted|busy"):
                remove_folder(parent, "own", opened)
            listed = subprocess.run(["find", tmp_path / "own", "-name", "file"], capture_output=True, check=True).stdout
            assert listed.count(b"\n") == 1
        remove_folder(parent, "own", opened)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [None, "", "a person's note"])
def test_a_folder_that_was_made_and_not_marked_yet(tmp_path: Path, parent: int, content: str | None) -> None:
    (tmp_path / "own").mkdir()
    if content is not None:
        (tmp_path / "own/private").write_text(content)
    remove_if_unfinished(parent, "own")
    assert (tmp_path / "own").exists() == bool(content)
    remove_if_unfinished(parent, "missing")
    (tmp_path / "empty").mkdir()
    (tmp_path / "link").symlink_to("empty")
    remove_if_unfinished(parent, "link")
    assert (tmp_path / "empty").exists()
