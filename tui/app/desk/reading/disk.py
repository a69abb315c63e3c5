"""Follows the disk: what is edited outside shows on screen within half a second."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from tui.app.toast import Toast
from tui.workspace.find import GO_NAME, YAML_NAME

if TYPE_CHECKING:
    from tui.app.desk.store import Store
    from tui.workspace.function import Function

# Files whose coming or going can make a function of a folder, or end one.
MAKERS = frozenset({YAML_NAME, GO_NAME})


class DiskListener(Protocol):
    """Who is told of the disk."""

    def disk_changed(self, changed: list[Path]) -> None:
        """Paths below the workspace changed, absolute, as the person named the workspace."""

    def say(self, toast: Toast) -> None:
        """Something to tell the person."""


async def follow_disk(root: Path, stop: asyncio.Event, listener: DiskListener, since: float) -> None:
    """Tell of what changes below a workspace since then (seconds of `time.time`), until `stop` is set."""
    from tui.workspace.watch.following import watch_workspace

    def say(words: str) -> None:
        listener.say(Toast(words, "warning", "Watch"))

    async for changed in watch_workspace(root, stop, say=say, since=since):
        listener.disk_changed(list(changed))


def touched_functions(store: Store, changed: Iterable[Path]) -> tuple[list[str], bool]:
    """The functions that changed paths can matter to, and whether the set of functions may be another now.

    A file below a function's directory touches that function; one outside any (a shared package, a go.mod above)
    touches the functions below the folder that holds it, or, for a package folder, below that folder's parents up to
    the go.mod that both lie under.
    """
    directories = {record.function.directory: record.path for record in store}
    touched: dict[str, None] = {}
    structural = False
    for path in changed:
        owner = next((directories[folder] for folder in (path, *path.parents) if folder in directories), None)
        if owner is not None:
            touched[owner] = None
        if path.name in MAKERS:
            record = store.get(owner)
            at_home = record is not None and path.parent == record.function.directory
            structural = structural or record is None or not at_home or _made_or_unmade(path, record.function)
        elif path in directories or (owner is None and not path.suffix):
            structural = True  # a folder came, went, or was renamed
        if owner is None and (path.suffix == ".go" or path.name in ("go.mod", "go.sum")):
            module = _module_folder(path)
            touched.update((name, None) for folder, name in directories.items() if folder.is_relative_to(module))
    return list(touched), structural


def _made_or_unmade(path: Path, function: Function) -> bool:
    """Whether a function.yaml or function.go is there now and was not before, or the reverse."""
    return (function.has_yaml if path.name == YAML_NAME else function.has_go) != path.exists()


def _module_folder(path: Path) -> Path:
    """The folder of the go.mod that a file lies under, else the file's own folder."""
    return next((folder for folder in path.parents if (folder / "go.mod").is_file()), path.parent)
