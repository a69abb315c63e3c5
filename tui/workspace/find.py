"""A workspace folder -> the function directories in it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from tui.facts import Fact
from tui.workspace.function import FindProblem, Function
from tui.workspace.names import GO_NAME, YAML_NAME, is_skipped


class _Folder(Fact):
    """A folder to search: as the user names it, on disk, and with every symbolic link resolved."""

    path: str
    directory: str
    real: str
    abroad: bool = False  # reached by a link to where nothing of the workspace is searched
    is_link: bool = False  # the link itself


class _Walk:
    """What a search has to remember: where it began, and which folders outside the workspace it has been in."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.abroad: set[str] = set()

    def follow(self, link: os.DirEntry[str], holder: _Folder) -> str | FindProblem | None:
        """The real folder behind a symbolic link; a problem where it loops; None where it is searched anyway.

        A link into the workspace adds nothing: its target is found in its own place. A link to a folder outside is
        followed, once, unless that folder holds the workspace or the link itself.
        """
        target = os.path.realpath(link.path)
        if _holds(target, holder.real) or _holds(target, self.root):
            return FindProblem(_join(holder.path, link.name), "symbolic link loops back to a folder above it")
        if _holds(self.root, target):
            inside = target.removeprefix(self.root).split("/")
            return target if any(map(is_skipped, inside)) and self._first_time(target) else None
        return target if self._first_time(target) else None

    def _first_time(self, target: str) -> bool:
        if target in self.abroad:
            return False
        self.abroad.add(target)
        return True


def _holds(outer: str, inner: str) -> bool:
    """Whether the real path `inner` is `outer` or lies below it."""
    return inner == outer or inner.startswith(outer if outer.endswith("/") else f"{outer}/")


def _join(path: str, name: str) -> str:
    return name if path == "." else f"{path}/{name}"


def _problem(path: str, error: OSError) -> FindProblem:
    if isinstance(error, FileNotFoundError):
        return FindProblem(path, "no such folder, or it vanished during the search")
    return FindProblem(path, (error.strerror or str(error)).lower())


def _subfolder(entry: os.DirEntry[str], folder: _Folder, walk: _Walk) -> _Folder | FindProblem | None:
    """The folder behind a directory entry, where it is to be searched."""
    path = _join(folder.path, entry.name)
    try:
        if not entry.is_dir():
            return None
        if not entry.is_symlink():
            return _Folder(path, entry.path, f"{folder.real.rstrip('/')}/{entry.name}", folder.abroad)
    except OSError as error:  # a link that points at itself
        return _problem(path, error)
    followed = walk.follow(entry, folder)
    return _Folder(path, entry.path, followed, abroad=True, is_link=True) if isinstance(followed, str) else followed


def _search(folder: _Folder, walk: _Walk) -> tuple[list[Function | FindProblem], list[_Folder]]:
    """What one folder is (a function or not) and holds (problems, subfolders by name)."""
    try:
        with os.scandir(folder.directory) as entries:
            listing = list(entries)
    except OSError as error:
        return [_problem(folder.path, error)], []
    found: list[Function | FindProblem] = []
    below: list[_Folder] = []
    has = {YAML_NAME: False, GO_NAME: False}
    for entry in listing:
        if entry.name in has:
            has[entry.name] = True
        elif not is_skipped(entry.name):
            inner = _subfolder(entry, folder, walk)
            if isinstance(inner, FindProblem):
                found.append(inner)
            elif inner is not None:
                below.append(inner)
    if any(has.values()):
        found.insert(0, Function(folder.path, Path(folder.directory), has[YAML_NAME], has[GO_NAME]))
    below.sort(key=lambda inner: inner.path)
    return found, below


def iter_functions(root: Path) -> Iterator[Function | FindProblem]:
    """Each function directory below `root` (and `root` itself) as it is found, a folder before its subfolders.

    Subfolders come sorted by name. Folders that cannot be read, vanish or loop are yielded as problems; nothing is
    raised. Paths are relative to `root`, with "/"; directories absolute.
    """
    for _folder, found in _folders_searched(root):
        yield from found


class Searched(Fact):
    """A folder that a search of the workspace goes through."""

    directory: str  # absolute, as the person named the workspace
    abroad: bool  # it lies elsewhere; a link leads there
    is_link: bool  # it is that link
    is_function: bool


def iter_searched(root: Path) -> Iterator[Searched]:
    """Each folder that `iter_functions` looks into, the workspace itself first, a folder before its subfolders."""
    for folder, found in _folders_searched(root):
        is_function = any(isinstance(item, Function) for item in found)
        yield Searched(folder.directory, folder.abroad, folder.is_link, is_function)


def _folders_searched(root: Path) -> Iterator[tuple[_Folder, list[Function | FindProblem]]]:
    """Each folder searched, and what it is and holds."""
    directory = os.path.abspath(root)  # noqa: PTH100 (resolve() would lose the path as the user gave it)
    real = os.path.realpath(directory)
    walk = _Walk(real)
    pending = [_Folder(".", directory, real)]
    while pending:
        folder = pending.pop()
        found, below = _search(folder, walk)
        yield folder, found
        pending.extend(reversed(below))


def find_functions(root: Path) -> tuple[list[Function], list[FindProblem]]:
    """All function directories of a workspace and all folders that could not be searched, both sorted by path."""
    functions: list[Function] = []
    problems: list[FindProblem] = []
    for found in iter_functions(root):
        if isinstance(found, Function):
            functions.append(found)
        else:
            problems.append(found)
    # By parts, so that "a/b" comes before "a-b": as a tree is read.
    functions.sort(key=lambda function: function.path.split("/") if function.path != "." else [])
    problems.sort(key=lambda problem: problem.path.split("/"))
    return functions, problems
