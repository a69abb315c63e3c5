"""Two fn-tui never build one function at once: an advisory lock on the function's directory itself.

The lock is the kernel's (flock), so it ends with its process however that dies, and leaves no file.
"""

from __future__ import annotations

import errno
import fcntl
import os
from pathlib import Path
from typing import Final

from tui.building.process.workroom import PREFIX

_HELD: Final = {errno.EWOULDBLOCK, errno.EACCES}
# File systems (NFS, some FUSE) that lock no directory opened for reading.
_UNABLE: Final = {errno.EBADF, errno.ENOTSUP, errno.ENOLCK, errno.EINVAL, errno.ENOSYS}


class FunctionLock:
    """The right to build one function. Not inherited by children."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._descriptor: int | None = None

    def acquire(self) -> bool:
        """Take the lock if it is free. Raises OSError where the directory cannot be opened."""
        descriptor = os.open(self._directory, os.O_RDONLY | os.O_DIRECTORY)
        try:
            locked = _lock(descriptor)
        except OSError as error:
            os.close(descriptor)
            if error.errno not in _UNABLE:
                raise
            descriptor = _open_lock_file(self._directory)
            locked = _lock(descriptor)
        if not locked:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    def release(self) -> None:
        """Give it back; no error if it was not held."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def holder(self) -> int | None:
        """The process id of the fn-tui that builds here, as its private folder names it; None if not known."""
        folder = next(iter(self._directory.glob(f"{PREFIX}*")), None)
        number = folder.name.removeprefix(PREFIX).partition("-")[0] if folder is not None else ""
        return int(number) if number.isdigit() else None


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
