"""Two ways to learn what changes in a set of folders: the kernel tells (inotify), or one looks again and again.

Names are taken as the disk has them; one that is not UTF-8 is like any other (surrogates, as os.fsdecode gives them).
"""

from __future__ import annotations

import asyncio
import ctypes
import os
import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from stat import S_ISDIR, S_ISLNK
from typing import Final, Protocol

from tui.workspace.watch.folders import counts, entries

# Seconds. What changes together is told together: after STEP without another change, and none waits longer than WINDOW.
STEP: Final = 0.02
WINDOW: Final = 0.1
POLL: Final = 0.5  # between two looks at least ...
POLL_SHARE: Final = 10  # ... and so many times as long as a look takes
SLICE: Final = 200  # watches that are laid before others have a turn

# inotify(7), linux/inotify.h
MODIFY, ATTRIB, CLOSE_WRITE, MOVED_FROM, MOVED_TO, CREATE, DELETE = 0x2, 0x4, 0x8, 0x40, 0x80, 0x100, 0x200
DELETE_SELF, MOVE_SELF, OVERFLOW, IGNORED = 0x400, 0x800, 0x4000, 0x8000
ONLY_FOLDERS, IS_FOLDER = 0x1000000, 0x40000000
COMES: Final = MOVED_TO | CREATE
GOES: Final = MOVED_FROM | DELETE
WANTED: Final = MODIFY | ATTRIB | CLOSE_WRITE | COMES | GOES | DELETE_SELF | MOVE_SELF | ONLY_FOLDERS
EVENT: Final = struct.Struct("iIII")  # watch, mask, cookie, length of the name that follows


@dataclass
class Noticed:
    """Paths that changed; `structural`: folders came, went or were renamed, so others may want to be watched."""

    paths: set[str] = field(default_factory=set)
    structural: bool = False
    everything: bool = False  # more happened than was kept: anything in the folders may have changed
    quiet: bool = True  # nothing followed for STEP seconds; else more is under way

    def __bool__(self) -> bool:
        return bool(self.paths or self.structural or self.everything)


class Notices(Protocol):
    """Tells what changes in the folders that it was given last."""

    async def watch(self, folders: set[str]) -> set[str]:
        """Tell of these from now on, and of no others; those that were not watched until now. Folders that are gone
        are passed over. OSError where the system has no more watches.
        """

    async def next(self) -> Noticed:
        """What changed, once something has."""

    def close(self) -> None:
        """Stop."""


class Inotify:
    """The kernel tells. Raises OSError where it cannot (no instance left for this user, or no inotify at all)."""

    def __init__(self) -> None:
        self._calls = ctypes.CDLL(None, use_errno=True)
        self._descriptor = self._call("inotify_init1", os.O_NONBLOCK | os.O_CLOEXEC)
        self._watches: dict[str, int] = {}
        self._folders: dict[int, set[str]] = {}  # one folder can have two names here
        self._noticed = Noticed()
        self._changed = asyncio.Event()
        asyncio.get_running_loop().add_reader(self._descriptor, self._read)

    def _call(self, name: str, *arguments: object) -> int:
        try:
            result: int = self._calls[name](*arguments)
        except AttributeError as missing:
            raise OSError(f"{name} is not there") from missing
        if result < 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))
        return result

    async def watch(self, folders: set[str]) -> set[str]:
        """Lay watches on what is new, take away the others."""
        new = folders - self._watches.keys()
        for place, folder in enumerate(sorted(new)):
            self._add(folder)
            if place % SLICE == SLICE - 1:
                await asyncio.sleep(0)
        for folder in self._watches.keys() - folders:
            self._drop(folder)
        return new

    def _add(self, folder: str) -> None:
        try:
            number = self._call("inotify_add_watch", self._descriptor, os.fsencode(folder), WANTED)
        except (FileNotFoundError, NotADirectoryError, PermissionError):
            return
        self._watches[folder] = number
        self._folders.setdefault(number, set()).add(folder)

    def _drop(self, folder: str) -> None:
        number = self._watches.pop(folder)
        others = self._folders.get(number, set())
        others.discard(folder)
        if not others and self._folders.pop(number, None) is not None:
            try:
                self._call("inotify_rm_watch", self._descriptor, number)
            except OSError:
                return  # it went with its folder

    def _drop_below(self, folder: str) -> None:
        """A folder went away, or has another name now: nothing that is told of it later is to come under the old."""
        for known in [known for known in self._watches if known == folder or known.startswith(f"{folder}/")]:
            self._drop(known)

    async def next(self) -> Noticed:
        """Wait for a change, then for what comes with it."""
        while not self._noticed:
            self._changed.clear()
            await self._changed.wait()
        latest, quiet = time.monotonic() + WINDOW, False
        while not quiet and time.monotonic() < latest:
            self._changed.clear()
            try:
                await asyncio.wait_for(self._changed.wait(), STEP)
            except TimeoutError:
                self._read()  # where the loop was late, something may wait
                quiet = not self._changed.is_set()
        noticed, self._noticed = self._noticed, Noticed()
        noticed.quiet = quiet
        return noticed

    def close(self) -> None:
        """Give the instance back."""
        asyncio.get_running_loop().remove_reader(self._descriptor)
        os.close(self._descriptor)

    def _read(self) -> None:
        try:
            told = os.read(self._descriptor, 64 << 10)
        except BlockingIOError:
            return
        for number, mask, name in _events(told):
            self._take(number, mask, name)
        if self._noticed:
            self._changed.set()

    def _take(self, number: int, mask: int, name: str) -> None:
        noticed = self._noticed
        if mask & OVERFLOW:
            noticed.everything = noticed.structural = True
        elif mask & IGNORED:
            for folder in self._folders.pop(number, ()):
                self._watches.pop(folder, None)
        elif not name:
            if mask & (DELETE_SELF | MOVE_SELF):
                noticed.paths |= self._folders.get(number, set())
                noticed.structural = True
        elif counts(name):
            for folder in tuple(self._folders.get(number, ())):
                self._take_entry(os.path.join(folder, name), mask)  # noqa: PTH118

    def _take_entry(self, path: str, mask: int) -> None:
        self._noticed.paths.add(path)
        if mask & (COMES | GOES) and (mask & IS_FOLDER or path in self._watches or os.path.islink(path)):  # noqa: PTH114
            self._noticed.structural = True
            if mask & GOES:
                self._drop_below(path)


def _events(told: bytes) -> Iterator[tuple[int, int, str]]:
    """The watch, the mask and the name of each event in a read of inotify."""
    place = 0
    while place < len(told):
        number, mask, _cookie, length = EVENT.unpack_from(told, place)
        place += EVENT.size
        yield number, mask, os.fsdecode(told[place : place + length].rstrip(b"\0"))
        place += length


Stands = dict[str, tuple[int, ...]]


class Polling:
    """Look again and again, seldom enough to cost little."""

    def __init__(self) -> None:
        self._folders: set[str] = set()
        self._look: Stands = {}
        self._cost = 0.0  # seconds of the last look

    async def watch(self, folders: set[str]) -> set[str]:
        """Look at these from now on; what is in the new ones now counts as known."""
        new, self._folders = folders - self._folders, folders
        self._look |= await asyncio.to_thread(_look_at, new)
        return new

    async def next(self) -> Noticed:
        """Look until something is different."""
        while True:
            await asyncio.sleep(max(POLL, POLL_SHARE * self._cost))
            began = time.monotonic()
            now = await asyncio.to_thread(_look_at, self._folders)
            self._cost = time.monotonic() - began
            before, self._look = self._look, now
            noticed = _difference(before, now)
            if noticed.paths:
                return noticed

    def close(self) -> None:
        """Nothing is held."""


def _look_at(folders: set[str]) -> Stands:
    """What stands in these folders: path -> what is another once it changed. A folder's own times say nothing here."""
    look: Stands = {}
    for path in entries(folders):
        try:
            status = os.lstat(path)
        except OSError:
            continue
        if S_ISLNK(status.st_mode):
            look[path] = (status.st_mode, status.st_ino, *_behind(path))
        elif S_ISDIR(status.st_mode):
            look[path] = (status.st_mode, status.st_ino)
        else:
            look[path] = (status.st_mode, status.st_ino, status.st_mtime_ns, status.st_size, status.st_ctime_ns)
    for folder in folders - look.keys():
        look[folder] = _behind(folder)
    return look


def _behind(link: str) -> tuple[int, ...]:
    """What a link leads to, or a folder itself."""
    try:
        status = os.stat(link)  # noqa: PTH116
    except OSError:
        return ()
    return (status.st_mode, status.st_ino) if S_ISDIR(status.st_mode) else (0, status.st_ino, status.st_mtime_ns)


def _difference(before: Stands, now: Stands) -> Noticed:
    changed = {path for path in before.keys() | now.keys() if before.get(path) != now.get(path)}
    return Noticed(changed, any(_is_folder(look.get(path)) for path in changed for look in (before, now)))


def _is_folder(seen: tuple[int, ...] | None) -> bool:
    """Whether a folder stands there, or a link that may lead to one."""
    return seen is not None and len(seen) > 0 and (S_ISDIR(seen[0]) or S_ISLNK(seen[0]))
