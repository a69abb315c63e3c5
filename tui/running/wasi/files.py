"""The calls on descriptors and paths. There is no folder and no file, so paths end in an error number.

Which error comes first is the order of the engine's own tests: a bad pointer before a bad descriptor or behind it.
"""

from __future__ import annotations

import posixpath
import struct
from collections.abc import Callable, Iterator
from typing import Final

from tui.running.engine.memory import Memory, NilDereference
from tui.running.wasi.errno import BADF, FAULT, INVAL, NAMETOOLONG, NOSYS, NOTDIR, NOTSUP, OK, PERM
from tui.running.wasi.streams import STDIN, Streams
from tui.text import is_utf8

Answer = Callable[..., int]  # (unsigned slots of the call) -> error number
_VECTOR: Final = struct.Struct("<II")
_NONE: Final = 0xFFFF_FFFF
BLOCK_DEVICE: Final = 1  # what the engine takes its streams for
# datasync, read, seek, fdstat_set_flags, sync, tell, write, advise, allocate, filestat_get, filestat_set_size,
# filestat_set_times, poll_fd_readwrite
FILE_RIGHTS: Final = 0b1000_1110_0000_0000_0001_1111_1111
_SYNC_FLAGS: Final = 2 | 8 | 16  # dsync, rsync, sync
DIRENT_BYTES: Final = 24
ADVICES: Final = 6
_SET, _NOW = 1, 2  # of an access time; those of a modification time are four times that


class Files:
    """The file calls of one instance."""

    def __init__(self, memory: Callable[[], Memory], streams: Streams) -> None:
        self._memory = memory
        self._streams = streams

    def calls(self) -> dict[str, Answer]:
        """The answers by name."""
        plain: dict[str, Answer] = dict.fromkeys(
            ("path_create_directory", "path_remove_directory", "path_unlink_file", "path_rename"),
            lambda fd, path, size, *_: self._path(fd, path, size),
        )
        return plain | {
            "fd_advise": self.advise,
            "fd_allocate": self.allocate,
            "fd_close": lambda fd: OK if self._streams.close(_signed(fd)) else BADF,
            "fd_datasync": self._is_open,
            "fd_sync": self._is_open,
            "fd_fdstat_get": self.fdstat,
            "fd_fdstat_set_flags": self.set_flags,
            "fd_fdstat_set_rights": lambda *_: NOSYS,
            "fd_filestat_get": self.filestat,
            "fd_filestat_set_size": lambda fd, _: self._is_open(fd) or NOSYS,
            "fd_filestat_set_times": self.set_times,
            "fd_read": lambda fd, iovs, count, result: self.read(fd, iovs, count, result, seeks=False),
            "fd_pread": lambda fd, iovs, count, _, result: self.read(fd, iovs, count, result, seeks=True),
            "fd_write": lambda fd, iovs, count, result: self.write(fd, iovs, count, result, seeks=False),
            "fd_pwrite": lambda fd, iovs, count, _, result: self.write(fd, iovs, count, result, seeks=True),
            "fd_prestat_get": self.prestat,
            "fd_prestat_dir_name": self.prestat_name,
            "fd_readdir": lambda _fd, _buf, size, *_: INVAL if size < DIRENT_BYTES else BADF,
            "fd_renumber": lambda fd, to: self._is_open(fd) or (BADF if _signed(to) < 0 else NOTSUP),
            "fd_seek": lambda fd, *_: self._is_open(fd) or NOSYS,
            "fd_tell": lambda fd, _: self._is_open(fd) or NOSYS,
            "path_filestat_get": lambda fd, _, path, size, *__: self._path(fd, path, size),
            "path_filestat_set_times": self.path_times,
            "path_link": lambda fd, _, path, size, *__: self._path(fd, path, size),
            "path_open": lambda fd, _, path, size, *__: self._path(fd, path, size),
            "path_readlink": self.readlink,
            "path_symlink": lambda _, __, fd, *___: self._is_open(fd) or NOTDIR,
        }

    def _is_open(self, descriptor: int) -> int:
        return OK if self._streams.is_open(_signed(descriptor)) else BADF

    def advise(self, fd: int, _offset: int, _length: int, advice: int) -> int:
        """fd_advise: taken and forgotten."""
        return self._is_open(fd) or (OK if advice & 0xFF < ADVICES else INVAL)

    def allocate(self, fd: int, offset: int, length: int) -> int:
        """fd_allocate: a stream has size 0 and cannot grow."""
        if error := self._is_open(fd):
            return error
        end = offset + length & 0xFFFF_FFFF_FFFF_FFFF
        return INVAL if end >> 63 else OK if end == 0 else NOSYS

    def fdstat(self, fd: int, result: int) -> int:
        """fd_fdstat_get."""
        memory = self._memory()
        if memory.read(result, DIRENT_BYTES) is None:
            return FAULT
        if error := self._is_open(fd):
            return error
        memory.write(result, BLOCK_DEVICE.to_bytes(8, "little") + FILE_RIGHTS.to_bytes(8, "little") + bytes(8))
        return OK

    def set_flags(self, fd: int, flags: int) -> int:
        """fd_fdstat_set_flags: streams have no other mode."""
        return INVAL if flags & _SYNC_FLAGS else self._is_open(fd) or NOSYS

    def filestat(self, fd: int, result: int) -> int:
        """fd_filestat_get."""
        memory = self._memory()
        if memory.read(result, 64) is None:
            return FAULT
        if error := self._is_open(fd):
            return error
        words = (0, 0, BLOCK_DEVICE, 1, 0, 0, 0, 0)  # device, inode, type, links, size, times
        memory.write(result, b"".join(word.to_bytes(8, "little") for word in words))
        return OK

    def set_times(self, fd: int, _atime: int, _mtime: int, flags: int) -> int:
        """fd_filestat_set_times. Raises NilDereference: a stream belongs to no file system, and the engine asks it."""
        if error := self._is_open(fd) or _bad_times(flags):
            return error
        raise NilDereference

    def path_times(self, fd: int, _flags: int, path: int, size: int, _atime: int, _mtime: int, flags: int) -> int:
        """path_filestat_set_times."""
        return _bad_times(flags) or self._path(fd, path, size)

    def read(self, fd: int, iovs: int, count: int, result: int, *, seeks: bool) -> int:
        """fd_read and fd_pread. Bytes are taken from stdin until one buffer is not filled."""
        memory = self._memory()
        parts = self._buffers(fd, memory, iovs, count)
        if isinstance(parts, int):
            return parts
        total = 0
        for pointer, length in parts:
            if not length:
                continue
            if pointer + length > memory.size:
                return FAULT
            if fd != STDIN or seeks:
                return BADF
            taken = self._streams.take(length)
            memory.write(pointer, taken)
            total += len(taken)
            if len(taken) < length:
                break
        return OK if memory.write_u32(result, total) else FAULT

    def write(self, fd: int, iovs: int, count: int, result: int, *, seeks: bool) -> int:
        """fd_write and fd_pwrite. What came before a bad buffer is written all the same."""
        memory = self._memory()
        parts = self._buffers(fd, memory, iovs, count)
        if isinstance(parts, int):
            return parts
        total = 0
        for pointer, length in parts:
            data = memory.read(pointer, length)
            if data is None:
                return FAULT
            if seeks and not length:
                continue
            if seeks or fd == STDIN or not self._streams.put(fd, data):
                return BADF
            total += length
        return OK if memory.write_u32(result, total) else FAULT

    def _buffers(self, fd: int, memory: Memory, iovs: int, count: int) -> Iterator[tuple[int, int]] | int:
        """(pointer, length) of each buffer, or the error number of a descriptor that is not open or a list that is out
        of bounds. The list's size wraps at 32 bits.

        Each is read when its turn comes: what was read before may have been put over it.
        """
        size = count << 3 & _NONE
        if error := self._is_open(fd):
            return error
        if iovs + size > memory.size:
            return FAULT
        entries = (memory.read(place, 8) or bytes(8) for place in range(iovs, iovs + size, 8))
        return (_VECTOR.unpack(entry) for entry in entries)

    def prestat(self, fd: int, result: int) -> int:
        """fd_prestat_get: the streams count as opened before, under an empty name."""
        if error := self._is_open(fd):
            return error
        return OK if self._memory().write_u64(result, 0) else FAULT

    def prestat_name(self, fd: int, path: int, size: int) -> int:
        """fd_prestat_dir_name."""
        if error := self._is_open(fd):
            return error
        if size:
            return NAMETOOLONG
        return OK if self._memory().write(path, b"") else FAULT

    def readlink(self, fd: int, path: int, size: int, _buffer: int, room: int, _used: int) -> int:
        """path_readlink."""
        return self._path(fd, path, size) if size and room else INVAL

    def _path(self, fd: int, path: int, size: int) -> int:
        """The error number of every call on a path: nothing that is open is a folder."""
        text = self._memory().read(path, size)
        if text is None:
            return FAULT
        return (OK if _stays_inside(text) else PERM) or self._is_open(fd) or NOTDIR


def _signed(value: int) -> int:
    value &= _NONE
    return value - (1 << 32) if value >> 31 else value


def _bad_times(flags: int) -> int:
    both = _SET | _NOW
    return INVAL if flags & both == both or flags >> 2 & both == both else OK


def _stays_inside(text: bytes) -> bool:
    """Whether a path, once it is tidied up, is text, relative, and leads nowhere above."""
    path = posixpath.normpath(text or b".")
    return is_utf8(path) and not path.startswith(b"/") and path != b".." and not path.startswith(b"../")
