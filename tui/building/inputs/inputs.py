"""A function directory -> what its package really compiles.

Inputs are the .go files but tests, C and assembly beside them, embedded files, packages of the same disk that are
imported (transitively), go.mod, go.sum and go.work. Read from the sources, so that it is known without a Go command.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Final

from tui.building.inputs.constraints import name_may_build
from tui.building.inputs.embeds import embedded_files
from tui.building.inputs.gomod import ModuleGraph, module_graph
from tui.building.inputs.sources import SourceCache, digest_of
from tui.facts import Fact

NATIVE_SUFFIXES: Final = (".c", ".h", ".s", ".S", ".sx", ".cc", ".cpp", ".cxx", ".hh", ".hpp", ".hxx", ".m", ".syso")
PACKAGE_LIMIT: Final = 5_000  # packages of one function; more is a walk gone astray
MODULE_FILES: Final = frozenset({"go.mod", "go.sum", "go.work", "go.work.sum"})
FILE_LIMIT: Final = 100_000  # files of one function, likewise


class Inputs(Fact):
    """What a function is built from now."""

    directory: Path
    manifest: Mapping[str, str]  # name relative to the function, with "/" -> digest of the content; sorted
    packages: tuple[Path, ...]  # folders of the packages read, the function's own first
    embed_roots: tuple[Path, ...]  # folders of packages that embed files
    newest: str | None  # the name of the file changed last
    modified: float  # POSIX time of that change, 0.0 without files
    sought: tuple[Path, ...] = ()  # files of modules that it hangs on, whether or not they are there

    @property
    def fingerprint(self) -> str:
        """One digest of all names and contents: equal means that a build would read the same bytes."""
        return digest_of(
            "\n".join(f"{name}\0{digest}" for name, digest in self.manifest.items()).encode("utf-8", "surrogateescape")
        )

    @property
    def files(self) -> tuple[Path, ...]:
        """The files, absolute."""
        return tuple(Path(os.path.normpath(self.directory / name)) for name in self.manifest)

    def concerns(self, path: Path) -> bool:
        """Whether a change of `path` (which may be new, or gone) can change a build of this function."""
        return bool(self.concerned([path]))

    def concerned(self, paths: Iterable[Path]) -> list[Path]:
        """Those of the paths (which may be new, or gone) of which a change can change a build of this function."""
        files, packages, above = set(self.files), set(self.packages), {self.directory, *self.directory.parents}

        def concerns(path: Path) -> bool:
            if path.parent in packages and (path.suffix == ".go" or path.name.endswith(NATIVE_SUFFIXES)):
                return path.suffix != ".go" or name_may_build(path.name)
            if path.name in MODULE_FILES:
                return path.parent in above or path in files
            return path in files or any(path.is_relative_to(root) for root in self.embed_roots)

        return [path for path in paths if concerns(path)]


def read_inputs(directory: Path, cache: SourceCache | None = None) -> Inputs:
    """The inputs of the function in `directory` (absolute). Never raises: what is unreadable is not an input."""
    cache = cache if cache is not None else SourceCache()
    walk = _Walk(directory, module_graph(directory), cache)
    walk.run()
    names = {os.path.relpath(path, directory).replace(os.sep, "/"): path for path in walk.files}
    manifest: dict[str, str] = {}
    newest, modified = None, 0.0
    for name in sorted(names):
        source = cache.read(names[name])
        if source is None:
            continue
        manifest[name] = source.digest
        if source.modified > modified:
            newest, modified = name, source.modified
    packages, roots = tuple(walk.packages), tuple(walk.embed_roots)
    return Inputs(directory, manifest, packages, roots, newest, modified, walk.sought)


class _Walk:
    """Follows the imports from one package to all that it needs on this disk."""

    def __init__(self, directory: Path, graph: ModuleGraph, cache: SourceCache) -> None:
        self.files: dict[Path, None] = dict.fromkeys(graph.files)
        self.packages: dict[Path, None] = {}
        self.embed_roots: dict[Path, None] = {}
        self.sought = graph.sought
        self._graph = graph
        self._cache = cache
        self._waiting = [directory]
        self._met = {directory}  # packages that wait or have been read

    def run(self) -> None:
        while self._waiting and len(self.packages) < PACKAGE_LIMIT:
            package = self._waiting.pop()
            self.packages[package] = None
            self._read_package(package)

    def _read_package(self, package: Path) -> None:
        for name in _source_names(package):
            path = package / name
            if len(self.files) >= FILE_LIMIT:
                return
            if not name.endswith(".go"):
                self.files[path] = None
                continue
            source = self._cache.read(path)
            if source is None or source.go is None or not source.go.built:
                continue
            self.files[path] = None
            if source.go.embeds:
                self.embed_roots[package] = None
                room = FILE_LIMIT - len(self.files)
                self.files.update(dict.fromkeys(islice(embedded_files(package, source.go.embeds), room)))
            for import_path in source.go.imports:
                folder = self._graph.folder(import_path)
                if folder is not None and folder not in self._met:
                    self._met.add(folder)
                    self._waiting.append(folder)


def _source_names(package: Path) -> Iterator[str]:
    """The names in a package folder that a WASI build may compile, sorted."""
    try:
        names = sorted(os.listdir(package))  # noqa: PTH208 - names are wanted, not paths
    except OSError:
        return
    yield from filter(is_source, names)


def is_source(name: str) -> bool:
    """Whether a WASI build may compile a file of that name."""
    if name.endswith(".go"):
        return name_may_build(name)
    return name.endswith(NATIVE_SUFFIXES) and not name.startswith((".", "_"))
