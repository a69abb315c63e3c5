"""Paths that changed -> the functions to rebuild, each with the file that is to blame.

Shared packages concern the functions that import them; function.yaml only where the plan becomes another; what has the
same content as before concerns nobody.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from tui.building.inputs.inputs import Inputs
from tui.building.watch.links import Links
from tui.building.watch.nearness import Nearness
from tui.workspace.find import find_functions
from tui.workspace.function import ConfigError
from tui.workspace.names import GO_NAME, YAML_NAME, is_skipped
from tui.workspace.watch.following import TICK

_MAKERS: Final = frozenset({YAML_NAME, GO_NAME})
_NEVER: Final = "function.wasm"
_UNKNOWN: Final = ""  # in place of a digest


@dataclass(frozen=True, slots=True)
class Rebuild:
    """A function that a change touches."""

    directory: Path
    trigger: str  # "function.go changed", "../shared/x.go changed", "more.go is new", "it is new"
    file: Path  # the file that changed


@dataclass(frozen=True, slots=True)
class Refused:
    """A function whose function.yaml a change made invalid: nothing is built of it until it is mended."""

    directory: Path
    error: ConfigError

    @property
    def words(self) -> str:
        """A sentence for people, without the function's name. Not escaped."""
        line = f":{self.error.line}" if self.error.line is not None else ""
        first, _, more = self.error.text.partition("\n")
        reason = f"{first} {more.strip().splitlines()[0].strip()}" if more.strip() else first
        return f"{YAML_NAME}{line} is refused, so nothing is built: {reason}"


@dataclass(frozen=True, slots=True)
class ChangePlan:
    """What follows from a set of changed paths."""

    rebuild: tuple[Rebuild, ...] = ()
    appeared: tuple[Path, ...] = ()  # directories of functions that were not there before
    vanished: tuple[Path, ...] = ()
    refused: tuple[Refused, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything follows."""
        return bool(self.rebuild or self.refused or self.appeared or self.vanished)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a build of a function would read and run, as it was at one look."""

    inputs: Inputs
    argv: tuple[str, ...] | None  # of the plan; None where function.yaml is refused
    refusal: ConfigError | None = None


class WatchPlanner:
    """Remembers what each function is built from. Reads the disk: `learn` and `plan` belong in a thread."""

    def __init__(
        self,
        root: Path,
        look: Callable[[Path], Seen],
        rest: Callable[[], None] = lambda: None,
        since: float | None = None,
    ) -> None:
        """`root` is the workspace, absolute; `look` tells of the function in a directory as it is now.

        `rest` is called between two looks, of which there may be thousands: to let others have a turn. `since`: POSIX
        time from which on changes are told to `plan`, though the first look at all functions ends later.
        """
        self._root = root
        self._since = since
        self._look = look
        self._rest = rest
        self._known: dict[Path, Seen] = {}
        self._nearness = Nearness()
        self._links = Links()
        self._outside: tuple[Path, ...] | None = None  # until it may be another

    @property
    def root(self) -> Path:
        """The workspace."""
        return self._root

    @property
    def directories(self) -> tuple[Path, ...]:
        """The functions known, sorted."""
        return tuple(sorted(self._known))

    @property
    def outside(self) -> tuple[Path, ...]:
        """Folders that functions are built from and no search of the workspace goes through: shared packages, a go.mod
        above, vendored code, what links lead to.
        """
        if self._outside is None:
            self._outside = self._look_outside()
        return self._outside

    def _look_outside(self) -> tuple[Path, ...]:
        folders = {path.parent for known in self._known.values() for path in known.inputs.files}
        folders |= {package for known in self._known.values() for package in known.inputs.packages}
        folders |= {self._as_named(folder) for folder in self._links.folders}
        return tuple(sorted(folder for folder in folders if not self._searched(folder)))

    def _as_named(self, folder: Path) -> Path:
        """A real path, in the workspace as the workspace was named."""
        real = os.path.realpath(self._root)
        return self._root / folder.relative_to(real) if folder.is_relative_to(real) else folder

    def _searched(self, folder: Path) -> bool:
        return folder.is_relative_to(self._root) and not any(map(is_skipped, folder.relative_to(self._root).parts))

    def learn(self) -> ChangePlan:
        """Look at all functions of the workspace; returns which came and went, nothing to rebuild."""
        found = {function.directory for function in find_functions(self._root)[0]}
        appeared = sorted(found - self._known.keys())
        vanished = sorted(self._known.keys() - found)
        for directory in vanished:
            del self._known[directory]
            self._nearness.drop(directory)
            self._outside = None
        since, self._since = self._since, None
        for directory in appeared:
            self._see(directory)
            if since is not None:
                self._doubt(directory, since - TICK)
            self._rest()
        return ChangePlan(appeared=tuple(appeared), vanished=tuple(vanished))

    def plan(self, changed: Iterable[Path]) -> ChangePlan:
        """What the changed paths (absolute) mean, by content: what is the same as at the last look is no change."""
        named = list(changed)
        if self._links.renew(named):
            self._outside = None
        paths = sorted(path for path in {*named, *self._links.leading_to(named)} if path.name != _NEVER)
        structure = self.learn() if any(self._is_structural(path) for path in paths) else ChangePlan()
        rebuild = [
            Rebuild(directory, "it is new", directory / GO_NAME)
            for directory in structure.appeared
            if os.path.isfile(directory / GO_NAME)
        ]
        refused: list[Refused] = []
        near: set[Path] = set().union(*(self._nearness.near(path) for path in paths))
        for directory in sorted(near.difference(structure.appeared)):
            touched = self._touching(directory, paths)
            found = self._compare(directory, touched) if touched else None
            if isinstance(found, Rebuild):
                rebuild.append(found)
            elif found is not None:
                refused.append(found)
        return ChangePlan(tuple(rebuild), structure.appeared, structure.vanished, tuple(refused))

    def _is_structural(self, path: Path) -> bool:
        """Whether functions may have come or gone with a change of `path`. A save of function.go is none such: a walk
        through thousands of folders is not for it.
        """
        if path.name in _MAKERS:
            return (path.parent in self._known) != any(os.path.lexists(path.parent / name) for name in _MAKERS)
        return path == self._root or os.path.isdir(path) or bool(self._nearness.below(os.fspath(path)))

    def _see(self, directory: Path) -> Seen:
        """Look at a function, and remember it."""
        before = self._known.get(directory)
        seen = self._known[directory] = self._look(directory)
        if before is None or not _equally_placed(before.inputs, seen.inputs):
            self._outside = None
        self._nearness.put(seen.inputs)
        self._links.look(seen.inputs.packages)
        return seen

    def _doubt(self, directory: Path, since: float) -> None:
        """What was saved since then is no state to compare with: the look came after the save, which is still told."""
        seen, inputs = self._known[directory], self._known[directory].inputs
        if inputs.newest is not None and inputs.modified >= since:
            manifest = {**inputs.manifest, inputs.newest: _UNKNOWN}
            seen = replace(seen, inputs=inputs._replace(manifest=manifest))
        if _modified(directory / YAML_NAME) >= since:
            seen = replace(seen, argv=None, refusal=None)
        self._known[directory] = seen

    def _touching(self, directory: Path, paths: list[Path]) -> list[Path]:
        """The changed paths that touch a function, in order."""
        touching = set(self._known[directory].inputs.concerned(paths))
        touching.add(directory / YAML_NAME)
        touching.update((directory, *directory.parents))  # a folder that was renamed is told by its own name alone
        return [path for path in paths if path in touching]

    def _compare(self, directory: Path, touched: list[Path]) -> Rebuild | Refused | None:
        """Look again; what follows, or None where nothing that counts is different."""
        before = self._known[directory]
        now = self._see(directory)
        if now.refusal is not None:
            return Refused(directory, now.refusal) if now.refusal != before.refusal else None
        names = [name for name, digest in now.inputs.manifest.items() if before.inputs.manifest.get(name) != digest]
        gone = [name for name in before.inputs.manifest if name not in now.inputs.manifest]
        if names or gone:
            return _blame(directory, before.inputs, names, gone, touched)
        if now.argv != before.argv and now.argv is not None:
            return Rebuild(directory, f"{YAML_NAME} changed the plan", directory / YAML_NAME)
        return None


def _equally_placed(one: Inputs, other: Inputs) -> bool:
    """Whether both read files of the same names."""
    return one.packages == other.packages and one.manifest.keys() == other.manifest.keys()


def _modified(path: Path) -> float:
    """POSIX time of the last change of a file; 0.0 where there is none."""
    try:
        return os.stat(path).st_mtime  # noqa: PTH116 - of thousands of functions
    except OSError:
        return 0.0


def _blame(directory: Path, before: Inputs, names: list[str], gone: list[str], touched: list[Path]) -> Rebuild:
    """The file to name: one that was reported as changed, before what only follows from it (a new import)."""
    reported = {os.path.relpath(path, directory).replace(os.sep, "/") for path in touched}
    name = min(names or gone, key=lambda name: (name not in reported, name.startswith(".."), name))
    verb = "was removed" if not names else "changed" if name in before.manifest else "is new"
    return Rebuild(directory, f"{name} {verb}", Path(os.path.normpath(directory / name)))
