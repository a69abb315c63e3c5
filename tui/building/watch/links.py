"""Links among the files that functions are built from: a save where one leads is a save of the link."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from pathlib import Path


class Links:
    """Knows where the links in folders lead, once it has looked at the folders."""

    def __init__(self) -> None:
        self._looked: set[str] = set()
        self._found: dict[str, dict[str, str]] = {}  # folder -> its links, if any, each with the file that it leads to

    def look(self, folders: Iterable[Path]) -> None:
        """Look at folders that were not looked at yet."""
        for folder in map(os.fspath, folders):
            if folder not in self._looked:
                self._looked.add(folder)
                self._take(folder)

    def renew(self, changed: Iterable[Path]) -> bool:
        """Look again at those in which one of these paths lies; whether links came or went, or lead elsewhere."""
        folders = {os.path.dirname(path) for path in changed} & self._looked  # noqa: PTH120 - a storm has many
        return sum(self._take(folder) for folder in folders) > 0

    def _take(self, folder: str) -> bool:
        before, links = self._found.pop(folder, {}), _links_in(folder)
        if links:
            self._found[folder] = links
        return links != before

    @property
    def folders(self) -> set[Path]:
        """Those that hold what a link leads to."""
        return {Path(target).parent for links in self._found.values() for target in links.values()}

    def leading_to(self, paths: Iterable[Path]) -> set[Path]:
        """The links that lead to one of these files."""
        files = _as_links_lead(paths) if self._found else ()
        return {Path(link) for links in self._found.values() for link, target in links.items() if target in files}


def _as_links_lead(paths: Iterable[Path]) -> set[str]:
    """The same files, named without links on the way: the workspace itself may be reached by one."""
    named = [os.path.split(path) for path in paths]
    folders = {folder: os.path.realpath(folder) for folder in {folder for folder, _ in named}}
    return {f"{folders[folder]}/{name}" for folder, name in named}


def _links_in(folder: str) -> dict[str, str]:
    """The links to files; also those that lead nowhere, for a file may come to be there. Not those to devices: others
    write to them all the time.
    """
    try:
        with os.scandir(folder) as listing:
            links = [entry.path for entry in listing if entry.is_symlink() and _may_be_file(entry.path)]
    except OSError:  # it is gone, or cannot be read, which is told where it is
        return {}
    return {link: os.path.realpath(link) for link in links}


def _may_be_file(link: str) -> bool:
    try:
        return stat.S_ISREG(os.stat(link).st_mode)  # noqa: PTH116 - without a Path for each
    except FileNotFoundError:
        return True
    except OSError:
        return False
