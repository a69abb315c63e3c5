"""Which folders of a workspace are watched, and which names in them count."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from tui.workspace.find import iter_searched
from tui.workspace.names import is_skipped

# What editors write beside the file that they edit.
SWAP_SUFFIXES: Final = ("~", ".swp", ".swo", ".swx", ".tmp", ".bak", ".orig")
SWAP_NAMES: Final = frozenset({"4913"})  # vim asks with it whether it may write here


def is_swap_file(name: str) -> bool:
    """Whether a file of that name is an editor's own, not something that a person saved."""
    return name in SWAP_NAMES or name.endswith(SWAP_SUFFIXES) or (name.startswith("#") and name.endswith("#"))


def counts(name: str) -> bool:
    """Whether a change of an entry of that name can matter: not hidden, not ignored, no editor's swap file."""
    return not is_skipped(name) and not is_swap_file(name)


def watched_folders(root: Path) -> set[str]:
    """The folders, as the person named the workspace, whose changes can matter to what `find_functions` finds.

    In the workspace itself those are all that are searched. Of a folder elsewhere, which a link leads to, they are the
    link's own folder, those of functions, and those on the way to them: a link to /usr is no reason to watch /usr.
    """
    watched: set[str] = set()
    for folder in iter_searched(root):
        if not folder.abroad:
            watched.add(folder.directory)
        elif folder.is_link or folder.is_function:
            way = folder.directory
            while way not in watched:
                watched.add(way)
                way = os.path.dirname(way)  # noqa: PTH120 - thousands of them
    return watched


def entries_changed(folders: Iterable[str], since: float) -> set[str]:
    """The paths in these folders that count and changed (seconds of `time.time`) since then, and the folders where
    entries came or went. Content, rights and names count alike (ctime, which nobody can set back).
    """
    changed = {path for path in entries(folders) if _changed(path, since, follow_symlinks=False)}
    return changed | {folder for folder in folders if _changed(folder, since, follow_symlinks=True)}


def _changed(path: str, since: float, *, follow_symlinks: bool) -> bool:
    try:
        return os.stat(path, follow_symlinks=follow_symlinks).st_ctime >= since  # noqa: PTH116 - thousands of them
    except OSError:
        return False


def entries(folders: Iterable[str]) -> set[str]:
    """The paths in these folders that count; what cannot be read has none."""
    found: set[str] = set()
    for folder in folders:
        try:
            names = os.listdir(folder)  # noqa: PTH208 - names are wanted, not paths
        except OSError:
            continue
        found.update(os.path.join(folder, name) for name in names if counts(name))  # noqa: PTH118
    return found
