"""//go:embed patterns -> the files that they match (package embed, "Directives")."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

_WILD = frozenset("*?[")
NAMES_TRIED = 1_000_000  # names held against patterns with wildcards, for one file's patterns together


def embedded_files(package: Path, patterns: tuple[str, ...]) -> Iterator[Path]:
    """The regular files that the patterns match below `package`, in order of names; a file may come twice.

    A folder stands for all in it, without files whose name starts with `.` or `_` unless the pattern starts with
    `all:`. Patterns that leave the package match nothing: the compiler refuses them.
    """
    folders = _Folders()
    for pattern in patterns:
        everything = pattern.startswith("all:")
        parts = pattern.removeprefix("all:").split("/")
        if any(part in {"", ".."} for part in parts):
            continue
        for matched in _match(folders, package, [part for part in parts if part != "."]):
            if os.path.isdir(matched):
                yield from _tree(matched, everything)
            else:
                yield matched


class _Folders:
    """Listings, each read once, and how many more names may be tried."""

    def __init__(self) -> None:
        self._known: dict[Path, list[str]] = {}
        self._left = NAMES_TRIED

    def names(self, folder: Path) -> list[str]:
        """The names in a folder, sorted; none where it cannot be read or enough were tried."""
        found = self._known.get(folder)
        if found is None:
            found = self._known[folder] = _names(folder)
        self._left -= len(found) + 1
        return found if self._left >= 0 else []


def _match(folders: _Folders, folder: Path, parts: list[str]) -> Iterator[Path]:
    """The existing paths that the pattern's parts lead to."""
    if not parts:
        yield folder
        return
    head, rest = parts[0], parts[1:]
    if not _WILD & set(head):
        candidate = folder / head.replace("\\", "")
        if os.path.exists(candidate):
            yield from _match(folders, candidate, rest)
        return
    import fnmatch

    shell = head.replace("[^", "[!")
    for name in folders.names(folder):
        if fnmatch.fnmatchcase(name, shell):
            yield from _match(folders, folder / name, rest)


def _tree(folder: Path, everything: bool) -> Iterator[Path]:
    """All files below `folder`; nested modules are not part of the package and are left out."""
    for root, folders, files in os.walk(folder):
        if "go.mod" in files and root != os.fspath(folder):
            folders.clear()
            continue
        folders[:] = sorted(name for name in folders if everything or not name.startswith((".", "_")))
        for name in sorted(files):
            if everything or not name.startswith((".", "_")):
                yield Path(root, name)


def _names(folder: Path) -> list[str]:
    try:
        return sorted(os.listdir(folder))  # noqa: PTH208 - names are wanted, not paths
    except OSError:
        return []
