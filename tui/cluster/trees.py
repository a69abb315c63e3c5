"""The private path of a build on a worker: its files laid out below a name that equal inputs have everywhere."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from tui.building.guard.guard import Guard
from tui.building.guard.launcher import HELD_PATH
from tui.building.process.outcome import reason_of
from tui.building.workroom.kept import NONE, NOTHING, Stay
from tui.building.workroom.own_folder import is_marked, make_folder, remove_folder
from tui.cluster.blobs import Blobs
from tui.cluster.orders import SentFile, sha256_of
from tui.files import FOLDER
from tui.reading import open_regular, read_descriptor
from tui.text import human_bytes

VARIABLE: Final = "FN_TUI_BUILDS"  # in a worker's environment: the folder of all private paths
USUAL: Final = "/tmp/fn-tui-builds"  # noqa: S108 - the same on every machine; only one of ours is taken
SOURCES, TEMPORARY, PROXY = "src", "tmp", "proxy"
CALLED: Final = f"{HELD_PATH}/{SOURCES}"  # the root of what was sent, as compilers know it
_MODULE: Final = 512 << 20  # bytes of a module: it goes through the scheduler's memory
_LITTLE: Final = 1 << 20  # bytes; a build that failed with less left on the disk failed for that


@dataclass(frozen=True, slots=True)
class Base:
    """The folder of all private paths."""

    path: Path
    opened: int
    shared: bool  # it is the one that every worker has


@dataclass(frozen=True, slots=True)
class Tree:
    """One private path, locked as long as it is open."""

    base: Base
    name: str
    ident: str  # as the guard knows it
    opened: int

    @property
    def path(self) -> Path:
        """The folder itself."""
        return self.base.path / self.name

    @property
    def sources(self) -> Path:
        """What stands for the root on the person's machine."""
        return self.path / SOURCES

    @property
    def temporary(self) -> Path:
        """What the compiler gets as TMPDIR."""
        return self.path / TEMPORARY


def open_base(own: Path) -> Base:
    """The folder that every worker has; where that is another's, or cannot be, one in `own`. Raises OSError."""
    usual = Path(os.environ.get(VARIABLE) or USUAL)
    try:
        usual.mkdir(mode=0o700, parents=True, exist_ok=True)
        opened = os.open(usual, FOLDER | os.O_NOFOLLOW)
    except OSError:
        opened = -1
    if opened >= 0:
        status = os.fstat(opened)
        if status.st_uid == os.geteuid() and not status.st_mode & 0o022:
            return Base(Path(os.path.realpath(usual)), opened, shared=True)
        os.close(opened)
    private = own / "builds"
    private.mkdir(mode=0o700, exist_ok=True)
    return Base(private, os.open(private, FOLDER | os.O_NOFOLLOW), shared=False)


def claim(base: Base, name: str, guard: Guard) -> Tree | None:
    """Make the private path and lock it; None while somebody builds there. Raises OSError, leaving nothing.

    The guard removes it should this process die.
    """
    if not name.isalnum():
        raise OSError(errno.EINVAL, "no name of a private path", name)
    turn = os.open(base.path, FOLDER)  # a lock on the base makes looking and making one step
    try:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not _free(base, name):
            return None
        return _make(base, name, guard)
    finally:
        os.close(turn)


def _free(base: Base, name: str) -> bool:
    """Whether nobody builds there. What a power cut left is removed: the folder is ours alone, so it is ours."""
    try:
        there = os.open(name, FOLDER | os.O_NOFOLLOW, dir_fd=base.opened)
    except FileNotFoundError:
        return True
    try:
        fcntl.flock(there, fcntl.LOCK_EX | fcntl.LOCK_NB)
        remove_folder(base.opened, name, there)
    except BlockingIOError:
        return False
    finally:
        os.close(there)
    return True


def sweep(base: Base) -> None:
    """Remove what a power cut left of builds that nobody may ever ask for again: only what fn-tui made, and nobody
    uses. What cannot be removed stays.
    """
    for name in os.listdir(base.opened):  # noqa: PTH208 - by descriptor
        with suppress(OSError):
            there = os.open(name, FOLDER | os.O_NOFOLLOW, dir_fd=base.opened)
            try:
                if is_marked(there):
                    fcntl.flock(there, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    remove_folder(base.opened, name, there)
            finally:
                os.close(there)


def _make(base: Base, name: str, guard: Guard) -> Tree:
    ident, token = guard.new_build(), os.urandom(16).hex()
    stay = Stay(base.opened, name, token, output=NOTHING, before=NONE, is_link=False)
    opened = make_folder(base.opened, name, token)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        guard.register(ident, stay, (opened,))
        for folder in (SOURCES, TEMPORARY):
            os.mkdir(folder, 0o700, dir_fd=opened)
    except OSError:
        close(Tree(base, name, ident, opened), guard)
        raise
    return Tree(base, name, ident, opened)


def close(tree: Tree, guard: Guard) -> str | None:
    """Remove it; the sentence of what is left, or None."""
    try:
        remove_folder(tree.base.opened, tree.name, tree.opened)
    except OSError as error:
        return f"{tree.path} cannot be removed: {error.strerror or error}"
    finally:
        guard.release(tree.ident)
        fcntl.flock(tree.opened, fcntl.LOCK_UN)  # not by closing alone: the guard may still have it open
        os.close(tree.opened)
    return None


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken out of a private path before it was removed."""

    module: bytes | None = None
    sha256: str = ""
    mode: int = 0
    refused: str | None = None
    full: str | None = None  # that its disk is
    left: str | None = None


def taken(tree: Tree, output: Path | None, guard: Guard) -> Taken:
    """Read the module, where there is to be one, and remove the private path. Raises OSError."""
    found, full = Taken(), None
    try:
        if output is not None:
            found = _read_module(output)
        else:
            full = _full(tree)
    finally:
        left = close(tree, guard)
    return replace(found, full=full, left=left)


def _full(tree: Tree) -> str | None:
    """That there is no room any more: a build that failed for the worker's disk may succeed on another."""
    found = os.fstatvfs(tree.opened)
    free = found.f_bavail * found.f_frsize
    return f"{reason_of(OSError(errno.ENOSPC, ''))} ({human_bytes(free)} left)" if free < _LITTLE else None


def _read_module(path: Path) -> Taken:
    """The module, its SHA-256, and the mode of its file; without one where there is none. Raises OSError."""
    try:
        descriptor = open_regular(path)
    except OSError:
        return Taken()
    with open(descriptor, "rb", buffering=0):
        status = os.fstat(descriptor)
        if status.st_size > _MODULE:
            size, most = map(human_bytes, (status.st_size, _MODULE))
            return Taken(refused=f"the module has {size}; a cluster hands on {most} at most")
        content = read_descriptor(descriptor, _MODULE)
    return Taken(content, sha256_of(content), status.st_mode & 0o777)


def lay_out(tree: Tree, below: str, files: Iterable[SentFile], blobs: Blobs) -> None:
    """Put files into a folder of it. Raises OSError; ValueError for a name that leads out of it.

    The tree is new, and nobody else's: no name in it is a link.
    """
    top = os.open(below, FOLDER | os.O_NOFOLLOW, dir_fd=tree.opened)
    made = {""}
    try:
        for file in files:
            _see_that_it_stays(file.name)
            _make_folders(top, file.name.rpartition("/")[0], made)
            blobs.copy_to(file.digest, top, file.name)
    finally:
        os.close(top)


def make_folder_in(tree: Tree, name: str) -> None:
    """Make a folder for sources, whether or not a file lies in it. Raises OSError; ValueError as `lay_out` does."""
    if name != ".":
        _see_that_it_stays(name)
    top = os.open(SOURCES, FOLDER | os.O_NOFOLLOW, dir_fd=tree.opened)
    try:
        _make_folders(top, "" if name == "." else name, {""})
    finally:
        os.close(top)


def _see_that_it_stays(name: str) -> None:
    if any(part in ("", ".", "..") for part in name.split("/")) or "\0" in name:
        raise ValueError(f"{name!r} is no name of what is built from")


def _make_folders(top: int, folder: str, made: set[str]) -> None:
    if folder in made:
        return
    _make_folders(top, folder.rpartition("/")[0], made)
    made.add(folder)
    with suppress(FileExistsError):
        os.mkdir(folder, 0o700, dir_fd=top)


def own_folder(above: Path, guard: Guard) -> tuple[Path, int]:
    """A folder for what a worker is sent, in one of its own; the guard removes it with the worker. Raises OSError."""
    parent = os.open(above, FOLDER)
    name, token, ident = f"fn-tui-{os.getpid()}-{os.urandom(4).hex()}", os.urandom(16).hex(), guard.new_build()
    guard.register(ident, Stay(parent, name, token, output=NOTHING, before=NONE, is_link=False), ())
    return above / name, make_folder(parent, name, token)
