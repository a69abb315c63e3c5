"""Files are looked at before they are opened, and no more of them is read than asked for."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from tui.reading import NOT_REGULAR, open_regular, read_descriptor, read_start, read_whole


def make_socket(path: Path) -> None:
    """A socket in the file system; the path may be longer than a socket's address can be."""
    here = Path.cwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(path.name)
    finally:
        os.chdir(here)


def make_device(path: Path) -> None:
    """A link to a device that never ends: what a workspace can hold without a privilege."""
    path.symlink_to("/dev/zero")


NOT_FILES: dict[str, Callable[[Path], None]] = {"pipe": os.mkfifo, "socket": make_socket, "device": make_device}


@pytest.mark.parametrize("kind", NOT_FILES)
def test_what_is_no_regular_file_is_not_read(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "thing"
    NOT_FILES[kind](path)
    for read in (open_regular, lambda p: read_start(p, 10), lambda p: read_whole(p, 10)):
        with pytest.raises(OSError, match=NOT_REGULAR) as caught:
            read(path)
        assert caught.value.errno == errno.EINVAL


def test_a_pipe_is_not_even_opened(tmp_path: Path) -> None:
    """A writer that waits for a reader would go on if we opened the pipe: it must not notice us."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(OSError, match=NOT_REGULAR):
        read_start(pipe, 1)
    with pytest.raises(OSError) as caught:
        os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
    assert caught.value.errno == errno.ENXIO


def test_no_more_than_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"0123456789")
    assert read_start(path, 4) == b"0123"
    assert read_start(path, 10) == read_start(path, 11) == b"0123456789"
    assert read_whole(path, 10) == b"0123456789"
    with pytest.raises(OSError, match="larger than 9 bytes") as caught:
        read_whole(path, 9)
    assert caught.value.errno == errno.EFBIG


@pytest.mark.parametrize("size", [0, 1, 10, 3 << 20])
@pytest.mark.parametrize("beyond", [-1, 0, 1, 1 << 20])
def test_from_where_a_descriptor_stands(tmp_path: Path, size: int, beyond: int) -> None:
    content = bytes(range(251)) * (size // 251 + 1)
    (tmp_path / "file").write_bytes(content[:size])
    most = max(size + beyond, 0)
    with (tmp_path / "file").open("rb", buffering=0) as file:
        assert read_descriptor(file.fileno(), most) == content[: min(size, most)]
        file.seek(min(5, size))
        assert read_descriptor(file.fileno(), most) == content[min(5, size) : size][:most]


def test_what_comes_in_pieces_is_read_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As file systems on a network may give it."""
    (tmp_path / "file").write_bytes(b"in pieces")
    read = os.read
    monkeypatch.setattr(os, "read", lambda descriptor, most: read(descriptor, min(most, 2)))
    with (tmp_path / "file").open("rb", buffering=0) as file:
        assert read_descriptor(file.fileno(), 100) == b"in pieces"
        file.seek(0)
        assert read_descriptor(file.fileno(), 5) == b"in pi"


def test_files_that_do_not_tell_their_size_are_read() -> None:
    if not Path("/proc/self/status").exists():
        pytest.skip("needs /proc")
    assert read_start("/proc/self/status", 5) == b"Name:"
    with pytest.raises(OSError, match="larger than 5 bytes"):
        read_whole("/proc/self/status", 5)


def test_what_cannot_be_read_is_an_oserror(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_start(tmp_path / "none", 1)
    with pytest.raises(OSError, match="Invalid argument"):
        read_start("a\0b", 1)
    with pytest.raises(IsADirectoryError):
        read_start(tmp_path, 1)


def test_links_are_followed(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"here")
    (tmp_path / "link").symlink_to("file")
    assert read_whole(tmp_path / "link", 10) == b"here"


def test_descriptors_are_closed_and_not_inherited(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    descriptor = open_regular(tmp_path / "file")
    try:
        assert not os.get_inheritable(descriptor)
        read_start(tmp_path / "file", 1)
        again = os.dup(descriptor)
        os.close(again)
        read_whole(tmp_path / "file", 1)
        fresh = os.dup(descriptor)
        os.close(fresh)
        assert fresh == again
    finally:
        os.close(descriptor)
