"""Where in the sources a message belongs: paths made relative, the compiler's own tree told apart, symbols found."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tui.building.errors.undefined import Declaration, find_declaration, find_package_clause
from tui.building.events import Diagnostic
from tui.building.inputs.inputs import read_inputs

# Trees that a compiler was installed into, or keeps: TinyGo's merged GOROOT, a Go distribution, a toolchain module.
_TOOLCHAIN: Final = re.compile(
    r"/tinygo/goroot-[0-9a-f]|/golang\.org/toolchain@|/(?:usr|opt|snap|nix|lib|libexec|Cellar|sdk|site-packages|hostedtoolcache)/"
    r"(?:.*/)?(?:go|tinygo|golang)[^/]*/(?:.*/)?(?:src|lib|targets)/"
)
_VARIABLES: Final = ("$TINYGOROOT/", "$GOROOT/")
_SYMBOL: Final = re.compile(
    r"undefined symbol: (?P<undefined>.+)|could not find symbol (?P<missing>.+)"
    r"|entry symbol not defined.*: (?P<entry>\S+)$"
)


@dataclass(frozen=True, slots=True)
class Place:
    """A path as a person should see it."""

    path: str
    in_toolchain: bool


class Places:
    """Places of the function in one directory. Sources are read only when a symbol is looked for."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._real = os.path.realpath(directory)
        self._roots = [root.rstrip("/") + "/" for name in ("TINYGOROOT", "GOROOT") if (root := os.environ.get(name))]
        self._sources: list[Path] | None = None
        self._found: dict[str, Declaration | None] = {}

    def of(self, printed: str) -> Place:
        """A path as the compiler printed it: relative to the function where it lies there, else as it is."""
        path = printed.removeprefix("./")
        absolute = os.path.normpath(self._directory / path)
        if path.startswith("/"):
            for base in (str(self._directory), self._real):
                if absolute.startswith(base.rstrip("/") + "/"):
                    return Place(os.path.relpath(absolute, base), in_toolchain=False)
        elif not path.startswith(("..", "$")):
            return Place(path, in_toolchain=False)
        return Place(path, self._is_toolchain(path, absolute))

    def _is_toolchain(self, path: str, absolute: str) -> bool:
        if path.startswith(_VARIABLES) or "/tinygo/goroot-" in path:
            return True
        return absolute.startswith(tuple(self._roots)) or _TOOLCHAIN.search(absolute) is not None

    def place_symbol(self, diagnostic: Diagnostic) -> Diagnostic:
        """A linker's complaint with the place of the declaration that it means, where there is one."""
        named = _SYMBOL.search(diagnostic.message)
        if named is None:
            return diagnostic
        symbol = (named["undefined"] or named["missing"] or named["entry"]).strip()
        if symbol not in self._found:
            self._found[symbol] = self._look_for(symbol)
        found = self._found[symbol]
        if found is None:
            return diagnostic
        path = os.path.relpath(found.path, self._directory)
        return diagnostic._replace(path=path, line=found.line, column=found.column)

    def _look_for(self, symbol: str) -> Declaration | None:
        if symbol in {"main.main", "_start", "__main_void"}:
            return find_package_clause(self._go_files())
        return find_declaration(symbol, self._go_files())

    def _go_files(self) -> list[Path]:
        """The Go files that the function is built from, its own first."""
        if self._sources is None:
            files = [path for path in read_inputs(self._directory).files if path.suffix == ".go"]
            self._sources = sorted(files, key=lambda path: (path.parent != self._directory, path))
        return self._sources
