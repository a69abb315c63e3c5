"""What the disk shows of a function without reading a file: equal then and now means that nothing has changed.

Of every file and folder that an assessment hangs on: device, inode, size, both times; or that it is not there. The
folder of the function and those of its packages count with all that lies in them, so that a file that comes counts.
"""

from __future__ import annotations

import os
import stat
from _blake2 import blake2b
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from tui.facts import Fact

MOST: Final = 3_000  # entries of one function; of one with more nothing is kept
# A file that changes within this time of being read may show the same times: git calls such an entry racily clean.
SETTLED_NS: Final = 20_000_000
WHOLE_NS: Final = 2_000_000_000  # the same on a disk that keeps whole seconds
_SECOND: Final = 1_000_000_000
# What a build looks for in its folder and in every one above.
_ABOVE: Final = ("go.mod", "go.sum", "go.work", "go.work.sum", "vendor/modules.txt")
Mark = tuple[int, ...]  # of what lies at a path, six numbers; () where nothing does; a link has twelve
Marked = tuple[str, Mark]  # its path, as it was looked for


class Places(Fact):
    """What an assessment hangs on, beside the function's own folder and the files that all builds look for."""

    folders: tuple[str, ...] = ()  # of other packages
    trees: tuple[str, ...] = ()  # folders that count with all below them
    files: tuple[str, ...] = ()  # which need not be there


class Sight(Fact):
    """What the disk shows of one function."""

    digest: str
    latest: int  # the youngest of all times, ns

    def is_settled(self, at: int) -> bool:
        """Whether what was read from POSIX time `at` (ns) on is surely what this shows."""
        slack = WHOLE_NS if self.latest % _SECOND == 0 else SETTLED_NS
        return self.latest + slack < at


class _TooMany(Exception):  # noqa: N818 -- a bound, not an error
    """There is more than is worth looking at, or what no look at times can hold."""


@dataclass
class Eye:
    """Looks at functions. What lies above them is looked at once: one is for a moment only."""

    _above: dict[str, tuple[Marked, ...]] = field(default_factory=dict)

    def witness(self, directory: str, places: Places, ours: Container[str] = ()) -> Sight | None:
        """What the disk shows of a function; None where that cannot tell whether it has changed.

        `ours`: paths whose times do not count as the youngest, since whoever asks has just written there.
        """
        seen: list[object] = []
        try:
            marked = list(self._marks(directory, places, seen))
        except _TooMany:
            return None
        except (OSError, ValueError):
            return None
        marks = [mark for _, mark in marked]
        others = (mark for path, mark in marked if path not in ours) if ours else marks
        latest = max((time for mark in others for time in (*mark[4:6], *mark[10:12])), default=0)
        told = repr((seen, marks)).encode("utf-8", "surrogateescape")
        return Sight(blake2b(told, digest_size=16).hexdigest(), latest)

    def _marks(self, directory: str, places: Places, seen: list[object]) -> Iterator[Marked]:
        """The marks of all that counts; the names go into `seen`."""
        left = MOST
        for folder in (directory, *places.folders):
            for marked in _folder(folder, seen, left):
                left -= 1
                yield marked
        for tree in places.trees:
            for marked in _tree(tree, seen, left):
                left -= 1
                yield marked
        for file in places.files:
            seen.append(file)
            yield file, mark_of(file)
        if os.path.lexists(f"{directory}/vendor"):
            yield from self._all_above(directory)
        else:  # what else may lie in its own folder is marked by now
            yield from self._all_above(os.path.dirname(directory))  # noqa: PTH120

    def _all_above(self, directory: str) -> Sequence[Marked]:
        """The marks of what builds look for in this folder and above."""
        known = self._above.get(directory)
        if known is None:
            paths = [f"{directory}/{name}" for name in _ABOVE]
            own = tuple((path, mark_of(path)) for path in paths)
            parent = os.path.dirname(directory)  # noqa: PTH120 -- thousands of times
            known = own if parent == directory else (*own, *self._all_above(parent))
            self._above[directory] = known
        return known


def mark_of(path: str) -> Mark:
    """What tells the state of a file from every other: device, inode, mode, size, both times. Raises ValueError."""
    try:
        return _mark(os.stat(path))  # noqa: PTH116
    except OSError:
        return ()


def _mark(status: os.stat_result) -> Mark:
    return (status.st_dev, status.st_ino, status.st_mode, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def _folder(folder: str, seen: list[object], most: int) -> Iterator[Marked]:
    """The marks of a folder and of the files in it; of folders in it the names only."""
    seen.append(folder)
    yield folder, mark_of(folder)
    try:
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=_name)
    except FileNotFoundError:
        return
    if len(entries) > most:
        raise _TooMany
    for entry in entries:
        seen.append(entry.name)
        if not entry.is_dir(follow_symlinks=False):
            yield entry.path, _mark_of_entry(entry)


def _tree(folder: str, seen: list[object], most: int) -> Iterator[Marked]:
    """The marks of all below a folder. A link to a folder is more than can be held."""
    pending = [folder]
    while pending:
        here = pending.pop()
        for marked in _folder(here, seen, most):
            most -= 1
            yield marked
        with os.scandir(here) as listing:
            for entry in listing:
                if entry.is_dir(follow_symlinks=False):
                    pending.append(entry.path)
                elif entry.is_dir():
                    raise _TooMany
        pending.sort()


def _mark_of_entry(entry: os.DirEntry[str]) -> Mark:
    """The mark of a file; of a link that and the mark of what it leads to."""
    try:
        status = entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        return ()
    if stat.S_ISLNK(status.st_mode):
        return (*_mark(status), *mark_of(entry.path))
    return _mark(status)


def _name(entry: os.DirEntry[str]) -> str:
    return entry.name
