"""Follows the disk: what is edited outside shows on screen within half a second."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from tui.app.shell.toast import Toast
from tui.workspace.find import GO_NAME, YAML_NAME

if TYPE_CHECKING:
    from tui.app.desk.store import Store
    from tui.app.desk.workbench import Workbench

# Files whose coming or going can make a function of a folder, or end one.
MAKERS = frozenset({YAML_NAME, GO_NAME})


async def follow_disk(bench: Workbench, stop: asyncio.Event) -> None:
    """Read again what changes below the workspace, until `stop` is set."""
    from tui.workspace.watch.following import watch_workspace

    def say(words: str) -> None:
        bench.say(Toast(words, "warning", "Watch"))

    async for changed in watch_workspace(bench.options.workspace, stop, say=say):
        bench.disk_changed(list(changed))


def take_changes(bench: Workbench, changed: Iterable[Path]) -> None:
    """Ask for the functions that these paths (absolute) touch; search again where functions may have come or gone."""
    paths = list(changed)
    touched, structural = touched_functions(bench.store, paths)
    if structural:
        bench.reader.find(bench.options.workspace)
    bench.reader.request(touched, urgent=len(touched) <= 50)


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
            structural = structural or not at_home or _made_or_unmade(path, record)
        elif path in directories or (owner is None and not path.suffix):
            structural = True  # a folder came, went, or was renamed
        if owner is None and (path.suffix == ".go" or path.name in ("go.mod", "go.sum")):
            module = _module_folder(path)
            touched.update((name, None) for folder, name in directories.items() if folder.is_relative_to(module))
    return list(touched), structural


def _made_or_unmade(path: Path, record: object) -> bool:
    """Whether a function.yaml or function.go is there now and was not before, or the reverse."""
    function = getattr(record, "function", None)
    had = getattr(function, "has_yaml" if path.name == YAML_NAME else "has_go", None)
    return had != path.exists()


def _module_folder(path: Path) -> Path:
    """The folder of the go.mod that a file lies under, else the file's own folder."""
    return next((folder for folder in path.parents if (folder / "go.mod").is_file()), path.parent)
