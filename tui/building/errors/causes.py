"""Where a message without a place comes from, and what it means: the sources, go.mod and the plan are asked."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tui.building.errors.explanations import explain
from tui.building.errors.places import Places
from tui.building.errors.situation import Situation
from tui.building.errors.sources import Sources, Spot
from tui.building.events import Diagnostic

_IMPORTS: Final = re.compile(r"imports ([^\s:]+)")
_CHAIN: Final = re.compile(r"package (\S+)")
_FOUND_PACKAGES: Final = re.compile(r"found packages (\w+) \(([^)]+)\) and (\w+) \(([^)]+)\) in ")
_GO_WANTED: Final = re.compile(r"(?:download go|requires go >= )(\d[\w.]*)")
_OF_PACKAGE: Final = re.compile(r"undefined symbol: ([\w./-]+)\.\w+$")
_IN_WORK: Final = re.compile(r"cannot load module (\S+) listed in go\.work")
_MODULE: Final = re.compile(r"go: (?:module )?([\w.-]+\.[\w.-]+/[^\s@:]+)(?:@\S+)?: ")
_VERSIONED: Final = re.compile(r"([\w.-]+\.[\w.-]+/[^\s@:]+)@\S+: ")
_CRASHED: Final = re.compile(r"panic: |fatal error: |SIG[A-Z]+: ")


class Causes:
    """Places and explanations for the diagnostics of one failed build."""

    def __init__(self, directory: Path, situation: Situation) -> None:
        self.situation = situation
        self.sources = Sources(directory, situation.compiler)
        self.places = Places(directory)
        self._directory = directory

    def explained(self, diagnostic: Diagnostic) -> Diagnostic:
        """The diagnostic with plain words and a fix, where it is of a known kind."""
        known = explain(diagnostic, self.situation, self.sources)
        if known is None:
            return diagnostic
        fix = None if known.no_fix else diagnostic.fix or known.fix
        return diagnostic._replace(explanation=known.words, fix=fix)

    def placed(self, diagnostic: Diagnostic, raw: str) -> Diagnostic:
        """The diagnostic with the place in the person's files that it is about. `raw`: the line as printed."""
        if diagnostic.in_toolchain:
            return self._at_import(diagnostic)
        if diagnostic.path is not None:
            return self._other_duplicate(diagnostic)
        diagnostic = self.places.place_symbol(diagnostic)
        for find in _FINDERS:
            if diagnostic.path is not None:
                break
            diagnostic = find(self, diagnostic, raw)
        return diagnostic

    def _at(self, diagnostic: Diagnostic, spot: Spot | None, *details: str) -> Diagnostic:
        if spot is None:
            return diagnostic
        path = self._name(spot.path)
        return diagnostic._replace(
            path=path, line=spot.line, column=spot.column, details=(*diagnostic.details, *details)
        )

    def _name(self, path: Path) -> str:
        return os.path.relpath(path, self._directory)

    def _at_import(self, diagnostic: Diagnostic) -> Diagnostic:
        """An error inside the standard library: the person's import of it is what they can change."""
        spot = self.sources.import_of(diagnostic.package) if diagnostic.package else None
        if spot is None:
            return diagnostic
        inside = f"in the compiler's own {diagnostic.path}:{diagnostic.line}:{diagnostic.column or 1}"
        return self._at(diagnostic, spot, inside)._replace(in_toolchain=False)

    def _other_duplicate(self, diagnostic: Diagnostic) -> Diagnostic:
        """Stock Go names one of two exports of a name; the other is a detail."""
        named = re.search(r"symbol \S+ redeclared|duplicate.*export", diagnostic.message)
        return self._duplicate(diagnostic) if named is not None else diagnostic

    def _duplicate(self, diagnostic: Diagnostic) -> Diagnostic:
        for name, spots in self.sources.duplicate_exports.items():
            first = f"{name} is exported at {self._name(spots[0].path)}:{spots[0].line} already"
            return self._at(diagnostic, spots[1], first)
        return diagnostic

    def _duplicate_export(self, diagnostic: Diagnostic, _raw: str) -> Diagnostic:
        is_one = "duplicate export name" in diagnostic.message or _CRASHED.match(diagnostic.message)
        return self._duplicate(diagnostic) if is_one else diagnostic

    def _std_symbol(self, diagnostic: Diagnostic, _raw: str) -> Diagnostic:
        """A symbol of a package that the function imports: the import line."""
        named = _OF_PACKAGE.search(diagnostic.message)
        return self._at(diagnostic, self.sources.import_of(named[1])) if named is not None else diagnostic

    def _import_chain(self, diagnostic: Diagnostic, raw: str) -> Diagnostic:
        """`package a`, `imports b`, ...: the first import line, and the place of each."""
        if _CHAIN.fullmatch(raw) is None:
            return diagnostic
        folder: Path | None = self._directory
        first: Spot | None = None
        details: list[str] = []
        for detail in diagnostic.details:
            found = _IMPORTS.match(detail)
            spot = self.sources.import_of(found[1], folder) if found is not None and folder is not None else None
            details.append(f"{detail} ({self._name(spot.path)}:{spot.line})" if spot is not None else detail)
            first = first or spot
            folder = self.sources.folder_of(found[1]) if found is not None else None
        return self._at(diagnostic._replace(details=tuple(details)), first)

    def _nothing_left(self, diagnostic: Diagnostic, raw: str) -> Diagnostic:
        """`package a` and not a word more, or `build constraints exclude all Go files in ...`."""
        alone = _CHAIN.fullmatch(raw) is not None and not diagnostic.details
        if not alone and "constraints exclude all Go files" not in raw and "no Go files in" not in raw:
            return diagnostic
        out = self.sources.left_out
        return self._at(diagnostic, Spot(self._directory / out[0].name, out[0].line, 1)) if out else diagnostic

    def _mixed_packages(self, diagnostic: Diagnostic, _raw: str) -> Diagnostic:
        found = _FOUND_PACKAGES.search(diagnostic.message)
        if found is None:
            return diagnostic
        file = found[4] if found[1] == "main" else found[2]
        return self._at(diagnostic, self.sources.package_clause(file))

    def _undeclared_main(self, diagnostic: Diagnostic, _raw: str) -> Diagnostic:
        if "function main is undeclared" not in diagnostic.message:
            return diagnostic
        return self._at(diagnostic, self.sources.main_package())

    def _go_version(self, diagnostic: Diagnostic, _raw: str) -> Diagnostic:
        """A Go that go.mod asks for: by its toolchain line, or by its go line."""
        wanted = _GO_WANTED.search(diagnostic.message)
        if wanted is None:
            return diagnostic
        version = wanted[1]
        for verb in ("toolchain", "go"):
            line = self.sources.mod_line(verb)
            if line is not None and same_go(line[1].removeprefix("go"), version):
                return self._at(diagnostic, line[0])
        return diagnostic

    def _module_line(self, diagnostic: Diagnostic, _raw: str) -> Diagnostic:
        """A module that go.mod or go.work names."""
        in_work = _IN_WORK.search(diagnostic.message)
        if in_work is not None:
            return self._at(diagnostic, self.sources.line_in("go.work", in_work[1]))
        module = _MODULE.match(diagnostic.message)
        if module is None and "inconsistent vendoring" in diagnostic.message:
            module = next((found for each in diagnostic.details if (found := _VERSIONED.match(each))), None)
        return self._at(diagnostic, self.sources.line_in("go.mod", module[1])) if module is not None else diagnostic


def same_go(line: str, version: str) -> bool:
    """Whether a `go` line means that version: `1.99` asks for 1.99.0."""
    return version in (line, f"{line}.0")


_FINDERS: Final[tuple[Callable[[Causes, Diagnostic, str], Diagnostic], ...]] = (
    Causes._duplicate_export,
    Causes._std_symbol,
    Causes._import_chain,
    Causes._nothing_left,
    Causes._mixed_packages,
    Causes._undeclared_main,
    Causes._go_version,
    Causes._module_line,
)
