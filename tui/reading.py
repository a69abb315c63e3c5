"""The one way in which files are read: a look at what is there first, then no more bytes than asked for.

A workspace is somebody else's. A pipe in a file's place would wait for a writer, a device would never end or act on
being opened, a file can be larger than memory. Imported by every room; imports none.
"""

from __future__ import annotations

import os
import stat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from os import PathLike
    from typing import Final

    AnyPath = str | bytes | PathLike[str]

NOT_REGULAR: Final = "not a regular file"
# Should something else take the file's place between the look and the opening, nothing waits and nothing is taken over.
_FLAGS: Final = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY
_CHUNK: Final = 1 << 20  # bytes


def _refuse_others(mode: int, path: AnyPath) -> None:
    if stat.S_ISREG(mode):
        return
    import errno  # its two hundred names take as long to load as all of this file

    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, "Is a directory", os.fspath(path))
    raise OSError(errno.EINVAL, NOT_REGULAR, os.fspath(path))


def open_regular(path: AnyPath, folder: int | None = None) -> int:
    """A descriptor of a regular file, links followed; `folder` is a descriptor that `path` is relative to.

    Raises OSError: what opening gives, IsADirectoryError, or EINVAL with `NOT_REGULAR` for a pipe, socket or device,
    which is not even opened. EINVAL, too, for a path with a NUL in it.
    """
    try:
        _refuse_others(os.stat(path, dir_fd=folder).st_mode, path)
        descriptor = os.open(path, _FLAGS, dir_fd=folder)
    except ValueError as error:
        import errno

        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), os.fspath(path)) from error
    try:
        _refuse_others(os.fstat(descriptor).st_mode, path)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def read_start(path: AnyPath, most: int) -> bytes:
    """The first `most` bytes of a file, all of it where it is shorter. Raises OSError as `open_regular` does."""
    descriptor = open_regular(path)
    try:
        return read_descriptor(descriptor, most)
    finally:
        os.close(descriptor)


def read_end(path: AnyPath, most: int) -> tuple[bytes, bool]:
    """The last `most` bytes of a file, and whether more stand before them. Raises OSError as `open_regular` does."""
    descriptor = open_regular(path)
    try:
        left_out = max(os.fstat(descriptor).st_size - most, 0)
        os.lseek(descriptor, left_out, os.SEEK_SET)
        return read_descriptor(descriptor, most), left_out > 0
    finally:
        os.close(descriptor)


def read_whole(path: AnyPath, most: int) -> bytes:
    """All bytes of a file. Raises OSError as `open_regular` does, and EFBIG where it has more than `most` bytes."""
    descriptor = open_regular(path)
    try:
        if os.fstat(descriptor).st_size > most:
            raise _too_large(path, most)
        source = read_descriptor(descriptor, most + 1)
    finally:
        os.close(descriptor)
    if len(source) > most:  # it has grown, or does not tell its size (/proc)
        raise _too_large(path, most)
    return source


def _too_large(path: AnyPath, most: int) -> OSError:
    import errno

    return OSError(errno.EFBIG, f"larger than {most:,} bytes", os.fspath(path))


def read_descriptor(descriptor: int, most: int) -> bytes:
    """Up to `most` bytes from where the descriptor stands; fewer only at the file's end."""
    expected = os.fstat(descriptor).st_size or _CHUNK
    parts, left = [os.read(descriptor, min(most, expected))], most
    while part := parts[-1]:
        left -= len(part)
        parts.append(os.read(descriptor, min(left, _CHUNK)))
    del parts[-1]  # the end, which is empty: where one read brought all, it is not copied
    return parts[0] if len(parts) == 1 else b"".join(parts)


def same_content(one: int, other: int) -> bool:
    """Whether two open files hold the same bytes from where their descriptors stand."""
    if os.fstat(one).st_size != os.fstat(other).st_size:
        return False
    while (chunk := read_descriptor(one, _CHUNK)) == read_descriptor(other, _CHUNK):
        if not chunk:
            return True
    return False
