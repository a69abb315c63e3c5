"""What the sources of one function say of a failed build: files left out, exports, imports, go.mod's lines.

Read only after a build failed, and only as much as a message asks for.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Final

from tui.building.compilers import DEFAULT, by_name
from tui.building.inputs.constraints import constraint_line, may_build, name_may_build
from tui.building.inputs.gofiles import read_go_file
from tui.building.inputs.gomod import find_upwards, module_graph
from tui.building.plan.build_plan import CompilerName
from tui.facts import Fact
from tui.gateway.checks.gosource import GoFile, scan
from tui.workspace.names import GO_NAME

FILES_READ: Final = 500  # of one package
BYTES_READ: Final = 4 << 20  # of one file
_PACKAGE: Final = re.compile(r"^[ \t]*package[ \t]+(\w+)", re.MULTILINE)
_ASSEMBLY: Final = (".s", ".S", ".sx")


class Spot(Fact):
    """A place in a file. Line and column 1-based; the column in bytes, as Go counts."""

    path: Path
    line: int
    column: int | None = None


class LeftOut(Fact):
    """A Go file that is not part of the build, and what says so."""

    name: str
    line: int
    why: str  # `//go:build linux`, `its name ends in _windows`


class Sources:
    """The package of one function, and the module it lies in."""

    def __init__(self, directory: Path, compiler: CompilerName = DEFAULT) -> None:
        self.directory = directory
        self._compiler = compiler
        self._texts: dict[Path, dict[str, str]] = {}

    def texts(self, folder: Path | None = None) -> dict[str, str]:
        """The Go files of a package but its tests, by name; the function's own by default."""
        folder = folder or self.directory
        if folder not in self._texts:
            self._texts[folder] = dict(_go_texts(folder))
        return self._texts[folder]

    @cached_property
    def left_out(self) -> tuple[LeftOut, ...]:
        """The Go files beside function.go that this build does not take."""
        return tuple(out for name, text in self.texts().items() if (out := self._left_out(name, text)) is not None)

    def _left_out(self, name: str, text: str) -> LeftOut | None:
        if not name_may_build(name):
            return LeftOut(name, 1, f"its name, {name}, is that of another system")
        source = text.encode("utf-8", "surrogateescape")
        clause = _PACKAGE.search(text)
        header = text[: clause.start()].encode("utf-8", "surrogateescape") if clause is not None else source
        line = constraint_line(header)
        if line is not None and not may_build(header, self._compiler):
            return LeftOut(name, *line)
        if not by_name(self._compiler).reads_cgo and read_go_file(source).uses_cgo:
            found = re.search(r'"C"', text)
            return LeftOut(name, text.count("\n", 0, found.start()) + 1 if found else 1, 'import "C"')
        return None

    @cached_property
    def _scans(self) -> tuple[GoFile, ...]:
        out = {each.name for each in self.left_out}
        return tuple(scan(name, text) for name, text in self.texts().items() if name not in out)

    @cached_property
    def duplicate_exports(self) -> dict[str, tuple[Spot, ...]]:
        """Names that are exported more than once -> the line of each directive, in the order of the files."""
        found: dict[str, list[Spot]] = {}
        for file in self._scans:
            for export in file.exports:
                found.setdefault(export.name, []).append(Spot(self.directory / file.name, export.place.line or 1, 1))
        return {name: tuple(spots) for name, spots in found.items() if len(spots) > 1}

    @cached_property
    def assembly(self) -> tuple[str, ...]:
        """The names of assembly files beside function.go."""
        return tuple(name for name in _names(self.directory) if name.endswith(_ASSEMBLY))

    def package_clause(self, name: str) -> Spot | None:
        """Where the file `name` says which package it is of."""
        clause = _PACKAGE.search(self.texts().get(name, ""))
        if clause is None:
            return None
        text = self.texts()[name]
        return Spot(self.directory / name, text.count("\n", 0, clause.start()) + 1, 1)

    def main_package(self) -> Spot | None:
        """The package clause of function.go, else of the first file."""
        names = sorted(self.texts(), key=lambda name: (name != GO_NAME, name))
        return self.package_clause(names[0]) if names else None

    def declared_in_left_out(self, name: str) -> LeftOut | None:
        """The left-out file that declares `name`."""
        if not name.isidentifier():
            return None
        declared = re.compile(rf"^(?:func|var|const|type)[ \t]+{name}\b|^\t{name}\b[ \t]*(?:=|[\w*\[])", re.MULTILINE)
        return next((out for out in self.left_out if declared.search(self.texts()[out.name])), None)

    def import_of(self, import_path: str, folder: Path | None = None) -> Spot | None:
        """Where a package imports another."""
        folder = folder or self.directory
        quoted = re.compile(rf'^[^/\n]*?(?P<path>["`]{re.escape(import_path)}["`])', re.MULTILINE)
        for name, text in self.texts(folder).items():
            found = quoted.search(text)
            if found is not None:
                start = found.start("path")
                line_start = text.rfind("\n", 0, start) + 1
                column = len(text[line_start:start].encode("utf-8", "surrogateescape")) + 1
                return Spot(folder / name, text.count("\n", 0, start) + 1, column)
        return None

    def folder_of(self, import_path: str) -> Path | None:
        """The folder on this disk that an import path means; None for what is not of this disk."""
        return module_graph(self.directory).folder(import_path)

    @cached_property
    def module(self) -> str:
        """The module path of the go.mod in force; "" without one."""
        text = self.mod_text
        found = re.search(r"^[ \t]*module[ \t]+\"?([^\s\"]+)", text or "", re.MULTILINE)
        return found[1] if found else ""

    @cached_property
    def mod_path(self) -> Path | None:
        """The go.mod in force."""
        return find_upwards(self.directory, "go.mod")

    @cached_property
    def mod_text(self) -> str | None:
        """What it says."""
        return _text(self.mod_path) if self.mod_path is not None else None

    def mod_line(self, verb: str) -> tuple[Spot, str] | None:
        """A line of go.mod (`go`, `toolchain`) and its value."""
        found = re.search(rf"^[ \t]*{verb}[ \t]+(\S+)", self.mod_text or "", re.MULTILINE)
        if found is None or self.mod_path is None or self.mod_text is None:
            return None
        return Spot(self.mod_path, self.mod_text.count("\n", 0, found.start()) + 1, 1), found[1]

    def line_in(self, name: str, words: str) -> Spot | None:
        """The line of go.mod or go.work (`name`) that holds these words."""
        path = find_upwards(self.directory, name)
        text = _text(path) if path is not None else None
        at = text.find(words) if text is not None else -1
        return Spot(path, text.count("\n", 0, at) + 1, 1) if path is not None and text is not None and at >= 0 else None


def _names(folder: Path) -> list[str]:
    try:
        return sorted(os.listdir(folder))[: FILES_READ * 10]  # noqa: PTH208 - names are wanted, not paths
    except OSError:
        return []


def _go_texts(folder: Path) -> Iterator[tuple[str, str]]:
    names = [name for name in _names(folder) if name.endswith(".go") and not name.endswith("_test.go")]
    for name in names[:FILES_READ]:
        text = None if name.startswith((".", "_")) else _text(folder / name)
        if text is not None:
            yield name, text


def _text(path: Path) -> str | None:
    """The start of a regular file; None for anything else. The descriptor does not wait for a pipe's writer."""
    try:
        with open(path, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK)) as file:
            return file.read(BYTES_READ).decode("utf-8", "surrogateescape")
    except OSError:
        return None
