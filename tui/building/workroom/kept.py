"""The last good module, kept safe in a build's private folder and put back unless the build ends well.

All by descriptor: `parent` is the open directory of the function, `folder` the open private folder. The guard process
uses this too, so it imports next to nothing.
"""

from __future__ import annotations

import errno
import os
import stat

from tui.building.workroom.own_folder import open_ours, remove_folder, unlock
from tui.files import NEW

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

KEPT: Final = ".kept"
NONE: Final = "-"  # the signature of no file
NOTHING: Final = ""  # in place of a module's name, where there is none to be put back: no file has it
_STAND_IN: Final = ".stand-in"
_FICLONE: Final = 0x40049409  # Linux: share the blocks of another file
_CHUNK: Final = 1 << 20
_KINDS: Final = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


class Stay:
    """What there is to undo of one build: its private folder, and the module that was there before."""

    __slots__ = ("before", "folder", "is_link", "output", "parent", "token")

    def __init__(self, parent: int, folder: str, token: str, *, output: str, before: str, is_link: bool) -> None:
        self.parent = parent  # a descriptor
        self.folder = folder  # its name in there
        self.token = token
        self.output = output  # the module's name in there
        self.before = before  # its signature, NONE where there was none
        self.is_link = is_link  # it is a link, or has other names: it was taken away, and a copy put in its place


def signature(parent: int, name: str) -> str:
    """What tells one state of a file (or link) from another: `inode.mtime_ns.size`, or NONE."""
    try:
        status = os.stat(name, dir_fd=parent, follow_symlinks=False)
    except OSError:
        return NONE
    return f"{status.st_ino}.{status.st_mtime_ns}.{status.st_size}"


def is_linked(parent: int, name: str) -> bool:
    """Whether a file is a symbolic link, or has other names. Raises OSError where it is neither a file nor a link."""
    try:
        status = os.stat(name, dir_fd=parent, follow_symlinks=False)
    except FileNotFoundError:
        return False
    kind = _KINDS.get(stat.S_IFMT(status.st_mode))
    if kind is not None:
        raise OSError(errno.EINVAL, f"it is {kind}, and nothing is built over that", name)
    return stat.S_ISLNK(status.st_mode) or status.st_nlink > 1


def keep(stay: Stay, folder: int) -> None:
    """Keep what is there: a copy of a file; a link itself, with a copy of what it leads to in its place.

    So a compiler that writes into the file that is there harms neither a link's target nor another name of the file.
    What is no module is taken away: Go builds over no file that it does not know. Raises OSError.
    """
    if stay.is_link:
        _keep_link(stay.parent, stay.output, folder)
    elif stay.before != NONE:
        source = os.open(stay.output, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=stay.parent)
        try:
            _copy(source, folder, KEPT)
            if not _may_stay(source):
                os.unlink(stay.output, dir_fd=stay.parent)
        finally:
            os.close(source)


def _may_stay(source: int) -> bool:
    """Whether compilers build over such a file: a module, or an empty one."""
    from tui.wasm.decode.leb import MAGIC  # not loaded by the guard, which keeps nothing

    return os.pread(source, len(MAGIC), 0) in (MAGIC, b"")


def _keep_link(parent: int, name: str, folder: int) -> None:
    source = _open_target(parent, name)
    stands_in = False
    try:
        if source is not None and _may_stay(source):
            _copy(source, folder, _STAND_IN)
            stands_in = True
    finally:
        if source is not None:
            os.close(source)
    if stat.S_ISLNK(os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode):
        os.symlink(os.readlink(name, dir_fd=parent), KEPT, dir_fd=folder)
    else:
        os.link(name, KEPT, src_dir_fd=parent, dst_dir_fd=folder, follow_symlinks=False)
    if stands_in:
        os.rename(_STAND_IN, name, src_dir_fd=folder, dst_dir_fd=parent)
    else:
        os.unlink(name, dir_fd=parent)


def _open_target(parent: int, name: str) -> int | None:
    """The file that a link leads to; None where it leads to none."""
    try:
        opened = os.open(name, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC, dir_fd=parent)
    except OSError:
        return None
    if stat.S_ISREG(os.fstat(opened).st_mode):
        return opened
    os.close(opened)
    return None


def _copy(source: int, folder: int, name: str) -> None:
    """Copy a file with its mode and times; blocks are shared where the file system can. Raises OSError."""
    target = os.open(name, NEW, 0o600, dir_fd=folder)
    try:
        if not _share_blocks(source, target):
            while chunk := os.read(source, _CHUNK):
                left = memoryview(chunk)
                while left:
                    left = left[os.write(target, left) :]
        status = os.fstat(source)
        os.fchmod(target, stat.S_IMODE(status.st_mode))
        os.utime(target, ns=(status.st_atime_ns, status.st_mtime_ns))
    finally:
        os.close(target)


def _share_blocks(source: int, target: int) -> bool:
    import fcntl

    try:
        fcntl.ioctl(target, _FICLONE, source)
    except OSError:
        return False
    return True


def put_back(stay: Stay, folder: int) -> None:
    """Undo whatever happened to the module: its old bytes and times, the old link, or no file if there was none.

    Raises OSError where that cannot be; then what was kept is still in the private folder.
    """
    if os.fstat(stay.parent).st_nlink == 0 or (signature(stay.parent, stay.output) == stay.before and not stay.is_link):
        return  # the function's directory was removed, or nobody touched the module
    if stay.before == NONE:
        try:
            os.unlink(stay.output, dir_fd=stay.parent)
        except FileNotFoundError:
            return
        except OSError as error:
            if error.errno not in (errno.EISDIR, errno.EPERM):  # a folder: whatever it is, it is no module
                raise
        return
    unlock(folder)
    try:
        os.rename(KEPT, stay.output, src_dir_fd=folder, dst_dir_fd=stay.parent)
    except FileNotFoundError:
        if not stay.is_link:  # a link that was not taken away yet is where it was
            raise


def clear(stay: Stay) -> None:
    """Put the module back, then remove the private folder; nothing if that is gone. Raises OSError."""
    opened = open_ours(stay.parent, stay.folder, stay.token)
    if opened is None:
        return
    try:
        put_back(stay, opened)
        remove_folder(stay.parent, stay.folder, opened)
    finally:
        os.close(opened)
