"""A changed path -> the few of thousands of functions that it may touch."""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Iterable
from itertools import islice, takewhile
from pathlib import Path

from tui.building.inputs.inputs import MODULE_FILES, Inputs


class Nearness:
    """Knows in which folders each function's inputs lie. A function that it leaves out is certainly not touched."""

    def __init__(self) -> None:
        self._by_folder: dict[str, set[Path]] = {}  # functions that read files of a folder
        self._by_root: dict[str, set[Path]] = {}  # functions that embed what lies anywhere below a folder
        self._folders: dict[Path, tuple[frozenset[str], frozenset[str]]] = {}
        self._order: list[str] | None = None  # their directories, each with "/" at its end, sorted once it is asked for

    def put(self, inputs: Inputs) -> None:
        """Take in a function, or what it reads now."""
        directory = inputs.directory
        if directory in self._folders:
            self._forget(directory)
        else:
            self._order = None
        folders = frozenset((os.fspath(directory), *map(os.fspath, inputs.packages), *_homes(inputs)))
        roots = frozenset(map(os.fspath, inputs.embed_roots))
        self._folders[directory] = folders, roots
        for known, names in ((self._by_folder, folders), (self._by_root, roots)):
            for name in names:
                known.setdefault(name, set()).add(directory)

    def drop(self, directory: Path) -> None:
        """The function is gone."""
        self._forget(directory)
        del self._folders[directory]
        self._order = None

    def _forget(self, directory: Path) -> None:
        for known, names in zip((self._by_folder, self._by_root), self._folders[directory], strict=True):
            for name in names:
                known[name].discard(directory)
                if not known[name]:
                    del known[name]

    def near(self, path: Path) -> set[Path]:
        """The directories of functions that a change of the path may touch."""
        text = os.fspath(path)
        folder = os.path.dirname(text)  # noqa: PTH120 - many of them
        found = self._by_folder.get(folder, set()) | self.below(text)
        if path.name in MODULE_FILES:
            found |= self.below(folder)
        if self._by_root:
            for above in (text, *map(os.fspath, path.parents)):
                found |= self._by_root.get(above, set())
        return found

    def below(self, folder: str) -> set[Path]:
        """The directories of functions that are this folder, or lie below it."""
        if self._order is None:
            self._order = sorted(_with_slash(os.fspath(directory)) for directory in self._folders)
        start = _with_slash(folder)
        later = islice(self._order, bisect_left(self._order, start), None)
        return {Path(directory) for directory in takewhile(lambda directory: directory.startswith(start), later)}


def _with_slash(folder: str) -> str:
    return folder if folder.endswith("/") else f"{folder}/"


def _homes(inputs: Inputs) -> Iterable[str]:
    """The folders of the files that it reads outside of its own."""
    own = os.fspath(inputs.directory)
    return {
        os.path.normpath(os.path.join(own, os.path.dirname(name)))  # noqa: PTH118, PTH120 - of thousands of functions
        for name in inputs.manifest
        if "/" in name
    }
