"""What fn-tui writes and removes on disk: files as a whole or not at all, by descriptor, never through a link.

The guard process uses this too, so it imports next to nothing. Where a path comes from a person (a file to write, a
workspace), links in it are followed as anywhere; the last step never is. Folders of fn-tui's own, in which it replaces
and removes files, may not be links themselves: what such a link leads to is not fn-tui's.
"""

# ruff: noqa: PTH100, PTH103, PTH114, PTH116, PTH119, PTH120 (pathlib has no dir_fd, and is slow to load)

from __future__ import annotations

import os
import stat
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from os import PathLike
    from typing import Final

    AnyPath = str | PathLike[str]
    Identity = tuple[int, int]  # device, inode

FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
AHEAD: Final = 86_400.0  # seconds that another machine's clock may be before ours
NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def identity(status: os.stat_result) -> Identity:
    """What tells one file or folder from every other that there is now."""
    return status.st_dev, status.st_ino


def open_own(folder: AnyPath) -> int:
    """A descriptor of a folder of fn-tui's own, made (mode 700) where it is missing.

    Raises OSError; NotADirectoryError where it is a link, since what it leads to is not ours.
    """
    if not os.path.lexists(folder):
        os.makedirs(folder, mode=0o700, exist_ok=True)
    try:
        return os.open(folder, FOLDER | os.O_NOFOLLOW)
    except OSError as error:
        if os.path.islink(folder):
            raise NotADirectoryError(20, "it is a link, and fn-tui writes through none", os.fspath(folder)) from error
        raise


def write_new(name: AnyPath, content: bytes | memoryview, mode: int = 0o666, folder: int | None = None) -> Identity:
    """Write a file that is not there yet; `folder` is a descriptor that `name` is relative to.

    Raises OSError, and then leaves nothing: FileExistsError where anything has the name, a link to nowhere too.
    """
    descriptor = os.open(name, NEW, mode, dir_fd=folder)
    known = identity(os.fstat(descriptor))
    try:
        write_all(descriptor, content)
    except OSError:
        remove_same(name, known, folder)
        raise
    finally:
        os.close(descriptor)
    return known


def write_all(descriptor: int, content: bytes | bytearray | memoryview) -> None:
    """Write every byte. Raises OSError."""
    left = memoryview(content)
    while left:
        left = left[os.write(descriptor, left) :]


def remove_same(name: AnyPath, known: Identity, folder: int | None = None) -> bool:
    """Remove a file only if it is still the very one known by its (device, inode); whether it was. Never raises."""
    try:
        if identity(os.stat(name, dir_fd=folder, follow_symlinks=False)) != known:
            return False
        os.unlink(name, dir_fd=folder)
    except OSError:
        return False
    return True


def is_there(folder: int, name: str) -> bool:
    """Whether an open folder has something of that name, a link included. Raises OSError."""
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


def replace_file(path: AnyPath, content: bytes) -> str | None:
    """Put a file of fn-tui's own in place as a whole, in a folder of its own; the sentence of what went wrong, or None.

    A link of that name is replaced, and what it leads to left alone. The bytes are on disk before the name is.
    """
    folder, name = os.path.split(os.fspath(path))
    try:
        opened = open_own(folder)
        try:
            replace_in(opened, name, content, 0o600)
        finally:
            os.close(opened)
    except OSError as error:
        return f"cannot write {path}: {error.strerror or error}"
    return None


def replace_in(folder: int, name: str, content: bytes | bytearray, mode: int = 0o666, *, durable: bool = True) -> None:
    """The same in a folder that is open, whoever it belongs to. Raises OSError, and then leaves nothing.

    `durable` off: a power cut may leave an empty file. For what can be made again and is written often: waiting for
    the disk takes longer than all the rest.
    """
    temporary = f".{name[:100]}.{os.urandom(6).hex()}.tmp"
    descriptor = os.open(temporary, NEW, mode, dir_fd=folder)
    known = identity(os.fstat(descriptor))
    try:
        write_all(descriptor, content)
        if durable:
            os.fsync(descriptor)
        os.rename(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
    except OSError:
        remove_same(temporary, known, folder)
        raise
    finally:
        os.close(descriptor)


def write_named(path: AnyPath, content: bytes) -> None:
    """Write to what a person named: a file as a whole, a link replaced and what it leads to left alone. Raises OSError.

    A stream that is there (`/dev/stdout`, a pipe somebody reads) is written to.
    """
    path = os.path.abspath(path)
    try:
        mode: int | None = os.stat(path).st_mode
    except FileNotFoundError:
        mode = None
    if mode is None or (stat.S_ISREG(mode) and not path.startswith(("/dev/", "/proc/"))):
        opened = os.open(os.path.dirname(path), FOLDER)
        try:
            replace_in(opened, os.path.basename(path), content)
        finally:
            os.close(opened)
        return
    # A pipe that nobody reads is an error at once; APPEND for a stream that a shell redirected into a file.
    stream = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    try:
        os.set_blocking(stream, True)
        write_all(stream, content)
    finally:
        os.close(stream)


def keep_newest(folder: AnyPath, ours: re.Pattern[str], most: int, total: int | None = None) -> None:
    """Remove the oldest files until at most `most` are left, with at most `total` bytes: in a folder of our own, and
    only regular files whose whole name matches `ours`. Raises OSError where the folder cannot be read or is a link.
    """
    opened = os.open(folder, FOLDER | os.O_NOFOLLOW)
    try:
        names = [name for name in os.listdir(opened) if ours.fullmatch(name)]  # noqa: PTH208 -- a descriptor
        if total is None and len(names) <= most:
            return  # without a look at each of thousands
        found = sorted(_files(opened, names), key=lambda each: plausible(each[1].st_mtime), reverse=True)
        size = 0
        for position, (name, status) in enumerate(found):
            size += status.st_size
            if position >= most or (total is not None and size > total):
                remove_same(name, identity(status), opened)
    finally:
        os.close(opened)


def plausible(modified: float) -> float:
    """A file's time, for those who keep the newest; one in the future counts as the oldest: it is from when the clock
    was wrong, and all that is kept from now on would have to go before it.
    """
    return modified if modified < time.time() + AHEAD else 0.0


def _files(folder: int, names: list[str]) -> list[tuple[str, os.stat_result]]:
    """Those of these that are regular files. One that goes away meanwhile is left out."""
    found = []
    for name in names:
        try:
            status = os.stat(name, dir_fd=folder, follow_symlinks=False)
        except FileNotFoundError:
            continue
        if stat.S_ISREG(status.st_mode):
            found.append((name, status))
    return found
