"""Two fn-tui never build one function at once: an advisory lock on the function's directory itself.

The lock is the kernel's (flock), so it ends with the processes that hold it however they die, and leaves no file.
"""

from __future__ import annotations

import errno
import fcntl
import os
from pathlib import Path
from typing import Final

_HELD: Final = {errno.EWOULDBLOCK, errno.EACCES}
# File systems (NFS, some FUSE) that lock no directory opened for reading.
_UNABLE: Final = {errno.EBADF, errno.ENOTSUP, errno.ENOLCK, errno.EINVAL, errno.ENOSYS}


class FunctionLock:
    """The right to build one function. Compilers do not inherit it; the guard is given it, to clear up in peace."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._folder: int | None = None
        self._file: int | None = None  # in place of the folder, where that cannot be locked

    def acquire(self) -> bool:
        """Take the lock if it is free. Raises OSError where the directory cannot be opened."""
        folder = os.open(self._directory, os.O_RDONLY | os.O_DIRECTORY)
        file = None
        try:
            try:
                locked = _lock(folder)
            except OSError as error:
                if error.errno not in _UNABLE:
                    raise
                file = _open_lock_file(self._directory)
                locked = _lock(file)
        except OSError:
            _close(folder, file)
            raise
        if not locked:
            _close(folder, file)
            return False
        self._folder, self._file = folder, file
        return True

    @property
    def is_held(self) -> bool:
        """Whether it was taken, and not given back."""
        return self._folder is not None

    @property
    def folder(self) -> int:
        """A descriptor of the directory, as long as the lock is held."""
        if self._folder is None:
            raise ValueError("the lock is not held")
        return self._folder

    @property
    def descriptors(self) -> tuple[int, ...]:
        """What must be open, beside the folder, to hold the lock."""
        return () if self._file is None else (self._file,)

    def release(self) -> None:
        """Give it back; no error if it was not held."""
        if self._folder is not None:
            # Not by closing alone: the guard may still have them open.
            fcntl.flock(self._folder if self._file is None else self._file, fcntl.LOCK_UN)
            _close(self._folder, self._file)
            self._folder = self._file = None


def _close(*descriptors: int | None) -> None:
    for descriptor in descriptors:
        if descriptor is not None:
            os.close(descriptor)


def _lock(descriptor: int) -> bool:
    """Whether the lock was free and is ours now. Raises OSError where the file system has no such locks."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _HELD:
            return False
        raise
    return True


def _open_lock_file(directory: Path) -> int:
    """The stand-in for directories that cannot be locked: a file under the state folder, named after the real path."""
    import hashlib

    from tui.files import open_own
    from tui.settings.xdg import state_home

    folder = open_own(state_home() / "locks")
    name = hashlib.sha256(os.fsencode(os.path.realpath(directory))).hexdigest()[:24]
    try:
        return os.open(f"{name}.lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK, 0o600, dir_fd=folder)
    finally:
        os.close(folder)
