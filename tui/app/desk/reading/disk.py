"""Changed paths -> the functions that are to be read again."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from tui.building.plan.plan import MODULE_NAME
from tui.workspace.names import GO_NAME, YAML_NAME

if TYPE_CHECKING:
    from tui.workspace.function import Function

# Files whose coming or going can make a function of a folder, or end one.
MAKERS = frozenset({YAML_NAME, GO_NAME})


def touched_functions(
    places: Mapping[str, Function], changed: Iterable[Path], is_read: Callable[[Function], bool] = lambda _: False
) -> tuple[list[str], bool]:
    """The functions that changed paths can matter to, and whether the set of functions may be another now: reads the
    disk. `places`: directory -> function. `is_read`: whether nobody need read its module again that changed.

    A file below a function's directory touches that function; one outside any (a shared package, a go.mod above)
    touches the functions below the folder that holds it, or, for a package folder, below that folder's parents up to
    the go.mod that both lie under.
    """
    owners, homes = Upwards(places.__contains__), Upwards(_has_go_mod)
    parents: set[str] | None = None  # folders that functions lie below, once asked for
    touched: dict[str, None] = {}
    modules: set[str] = set()
    structural = False
    for path in changed:
        text = os.fspath(path)
        folder = owners.nearest(text)
        if folder is not None and not (text == f"{folder}/{MODULE_NAME}" and is_read(places[folder])):
            touched[places[folder].path] = None
        if path.name in MAKERS:
            at_home = folder is not None and folder == os.path.dirname(text)  # noqa: PTH120 -- a thousand at once
            structural = structural or not at_home or _made_or_unmade(path, places[folder or ""])
        elif text in places or (folder is None and not path.suffix):
            structural = True  # a folder came, went, or was renamed
        elif not structural and not os.path.isfile(text):
            # A folder with a dot in its name, or below a function: one that comes is told with its files, one that
            # goes by its name alone.
            parents = _parents(places) if parents is None else parents
            structural = text in parents
        if folder is None and (path.suffix == ".go" or path.name in ("go.mod", "go.sum")):
            above = os.path.dirname(text)  # noqa: PTH120
            modules.add(homes.nearest(above) or above)
    if modules:
        within = Upwards(modules.__contains__)
        touched.update((fn.path, None) for folder, fn in places.items() if within.nearest(folder) is not None)
    return list(touched), structural


class Upwards:
    """Looks for the innermost folder of a kind, from a path upwards; what it has met it does not look at again."""

    def __init__(self, is_one: Callable[[str], bool]) -> None:
        self._is_one = is_one
        self._known: dict[str, str | None] = {"": None}

    def nearest(self, path: str) -> str | None:
        """The path itself or the innermost folder above it that is one; None where none is."""
        passed: list[str] = []
        while path not in self._known and not self._is_one(path):
            passed.append(path)
            path = path.rpartition("/")[0]
        found = self._known.setdefault(path, path)
        self._known.update(dict.fromkeys(passed, found))
        return found


def _parents(places: Iterable[str]) -> set[str]:
    """All folders above these."""
    found: set[str] = set()
    for place in places:
        above = place.rpartition("/")[0]
        while above and above not in found:
            found.add(above)
            above = above.rpartition("/")[0]
    return found


def _has_go_mod(folder: str) -> bool:
    return os.path.isfile(f"{folder}/go.mod")


def _made_or_unmade(path: Path, function: Function) -> bool:
    """Whether a function.yaml or function.go is there now and was not before, or the reverse."""
    return (function.has_yaml if path.name == YAML_NAME else function.has_go) != os.path.exists(path)
