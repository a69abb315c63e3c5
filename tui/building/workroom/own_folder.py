"""A folder that fn-tui makes in somebody else's, and removes again: only it, known by device, inode and a token inside.

Used by the guard process too, so it imports next to nothing.
"""

# ruff: noqa: PTH101, PTH208 (pathlib has no dir_fd, and is slow to load)

from __future__ import annotations

import errno
import os
import stat

from tui.files import FOLDER, identity, write_new

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

# A function with `//go:embed *` takes in every folder beside it, and go refuses one in which it finds no visible file.
MARKER: Final = "private"
_WORDS: Final = "Private folder of a running build of fn-tui; removed when it ends."
_MARKER_BYTES: Final = 4096
_ROUNDS: Final = 20  # looks at a folder into which somebody goes on writing


def make_folder(parent: int, name: str, token: str) -> int:
    """Make `name` in the open folder `parent` (mode 700), with the marker in it; its descriptor. Raises OSError."""
    os.mkdir(name, 0o700, dir_fd=parent)
    opened = os.open(name, FOLDER | os.O_NOFOLLOW, dir_fd=parent)
    try:
        write_new(MARKER, _marker(os.fstat(opened), token), 0o600, opened)
    except OSError:
        os.close(opened)
        remove_if_unfinished(parent, name)
        raise
    return opened


def open_ours(parent: int, name: str, token: str) -> int | None:
    """A descriptor of the folder `name` if it is the one made with that token; None for any other, and for a link."""
    try:
        opened = os.open(name, FOLDER | os.O_NOFOLLOW, dir_fd=parent)
    except OSError:
        return None
    if _read_marker(opened) == _marker(os.fstat(opened), token):
        return opened
    os.close(opened)
    return None


def is_marked(opened: int) -> bool:
    """Whether an open folder was made by some fn-tui, in this very place."""
    words = _read_marker(opened).split()
    device, inode = identity(os.fstat(opened))
    return words[:-2] == _WORDS.encode().split() and words[-1:] == [f"{device}.{inode}".encode()]


def remove_if_unfinished(parent: int, name: str) -> None:
    """Remove a folder that was made and not marked yet: it is empty, or holds an empty marker. Others are left."""
    try:
        opened = os.open(name, FOLDER | os.O_NOFOLLOW, dir_fd=parent)
    except OSError:
        return
    try:
        if os.listdir(opened) == [MARKER] and os.stat(MARKER, dir_fd=opened, follow_symlinks=False).st_size == 0:
            os.unlink(MARKER, dir_fd=opened)
        os.rmdir(name, dir_fd=parent)
    except OSError:
        return  # not empty: not ours to judge
    finally:
        os.close(opened)


def remove_folder(parent: int, name: str, opened: int) -> None:
    """Remove the folder that is open as `opened`, and all in it; nothing if it is gone. Raises OSError.

    Iterative: a folder in it is first moved up, so that no depth of nesting does harm. A folder on another file system
    (somebody mounted it there) is left, and everything above it.
    """
    for _ in range(_ROUNDS):
        try:
            _empty(opened, os.fstat(opened).st_dev)
            if identity(os.stat(name, dir_fd=parent, follow_symlinks=False)) != identity(os.fstat(opened)):
                return  # it was moved away, and emptied there; what has its name now is not ours
            os.rmdir(name, dir_fd=parent)
        except FileNotFoundError:
            return
        except OSError as error:
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                raise
        else:
            return
    raise OSError(errno.ENOTEMPTY, "somebody goes on writing into it", name)


def _empty(opened: int, device: int) -> None:
    """Remove what is in an open folder. Folders in folders are moved up into it, and wait their turn there."""
    serial = 0
    while folders := _remove_files(opened):
        for name in folders:
            child = _open_child(opened, name, device)
            if child is None:
                continue
            try:
                for below in _remove_files(child):
                    serial += 1
                    _move_up(child, below, opened, f"{os.urandom(4).hex()}-{serial}")
            finally:
                os.close(child)
            _remove_empty(opened, name)


def _remove_files(opened: int) -> list[str]:
    """Remove what is no folder from an open folder; the names of the folders in it."""
    unlock(opened)
    folders = []
    for name in os.listdir(opened):
        try:
            if stat.S_ISDIR(os.stat(name, dir_fd=opened, follow_symlinks=False).st_mode):
                folders.append(name)
            else:
                os.unlink(name, dir_fd=opened)
        except FileNotFoundError:
            continue
    return folders


def _open_child(parent: int, name: str, device: int) -> int | None:
    """A folder below, its permissions mended; None if it is gone. Raises OSError, too where it is a mount point."""
    try:
        child = os.open(name, FOLDER | os.O_NOFOLLOW, dir_fd=parent)
    except FileNotFoundError:
        return None
    except PermissionError:
        _unlock_closed(parent, name)
        child = os.open(name, FOLDER | os.O_NOFOLLOW, dir_fd=parent)
    if os.fstat(child).st_dev != device:
        os.close(child)
        raise OSError(errno.EBUSY, "another file system is mounted in it", name)
    return child


def unlock(opened: int) -> None:
    """Mend the permissions of an open folder of ours."""
    if os.fstat(opened).st_mode & 0o700 != 0o700:
        os.fchmod(opened, 0o700)


def _unlock_closed(parent: int, name: str) -> None:
    """The same for a folder that may not even be opened: never through a link put in its place meanwhile."""
    if os.chmod in os.supports_follow_symlinks:
        os.chmod(name, 0o700, dir_fd=parent, follow_symlinks=False)
        return
    pinned = os.open(name, os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=parent)
    try:
        os.chmod(f"/proc/self/fd/{pinned}", 0o700)
    finally:
        os.close(pinned)


def _move_up(child: int, name: str, top: int, new_name: str) -> None:
    """Rename a folder into the top. One that may not be written to cannot be moved until it may."""
    try:
        os.rename(name, new_name, src_dir_fd=child, dst_dir_fd=top)
    except FileNotFoundError:
        return
    except PermissionError:
        _unlock_closed(child, name)
        os.rename(name, new_name, src_dir_fd=child, dst_dir_fd=top)


def _remove_empty(parent: int, name: str) -> None:
    try:
        os.rmdir(name, dir_fd=parent)
    except FileNotFoundError:
        return
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):  # written into meanwhile: it comes round again
            raise


def _marker(status: os.stat_result, token: str) -> bytes:
    device, inode = identity(status)
    return f"{_WORDS}\n{token} {device}.{inode}\n".encode("ascii")


def _read_marker(opened: int) -> bytes:
    try:
        descriptor = os.open(MARKER, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=opened)
    except OSError:
        return b""
    try:
        return os.read(descriptor, _MARKER_BYTES) if stat.S_ISREG(os.fstat(descriptor).st_mode) else b""
    except OSError:
        return b""
    finally:
        os.close(descriptor)
