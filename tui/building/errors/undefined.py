"""A symbol that the linker misses -> the declaration in the sources that promised it. Go files are read as text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tui.reading import read_start

_BYTES_READ: Final = 4 << 20  # of one source file
_PACKAGE: Final = re.compile(r"^package[ \t]+(\w+)", re.MULTILINE)
_METHOD: Final = re.compile(r"^(?P<package>.*?)\.?\(\*?(?:.*[./])?(?P<type>[\w]+)(?:\[.*\])?\)\.(?P<name>\w+)$")


@dataclass(frozen=True, slots=True)
class Declaration:
    """A place in a Go file. Line and column 1-based, the column in bytes as Go counts."""

    path: Path
    line: int
    column: int


def find_declaration(symbol: str, files: Iterable[Path]) -> Declaration | None:
    """Where `symbol` (`main.missing`, `main.(*T).f`, `env.get_caller`) is declared without a body.

    A declaration without a body is what the linker has to fill; where there is none, one that names the symbol in a
    //go:wasmimport or //go:linkname line. None where the sources have neither.
    """
    method = _METHOD.match(symbol)
    package, name = (method["package"], method["name"]) if method else _split(symbol)
    receiver = method["type"] if method else None
    if not name.isidentifier():
        return None
    named: Declaration | None = None
    for path in files:
        text = _read(path)
        if text is None or name not in text:
            continue
        clause = _PACKAGE.search(text)
        of_package = clause is not None and package.rsplit("/", 1)[-1] in {clause[1], path.parent.name, ""}
        found = _without_body(text, name, receiver) if of_package else None
        if found is not None:
            return _at(path, text, found)
        directive = re.search(rf"^//go:(?:wasmimport|linkname|export)\b.*\b{name}\b.*$", text, re.MULTILINE)
        if named is None and directive is not None:
            named = _below(path, text, directive)
    return named


def find_package_clause(files: Iterable[Path]) -> Declaration | None:
    """The package clause of the first file: where a missing `func main` is best told."""
    for path in files:
        text = _read(path)
        clause = _PACKAGE.search(text) if text is not None else None
        if text is not None and clause is not None:
            return _at(path, text, clause.start())
    return None


def _split(symbol: str) -> tuple[str, str]:
    """`os/signal.signal_enable` -> ("os/signal", "signal_enable")."""
    package, _, name = symbol.rpartition(".")
    return package, name


def _without_body(text: str, name: str, receiver: str | None) -> int | None:
    """The offset of the name in `func name(...)` that has no body."""
    of = rf"\([^)\n]*\b{receiver}\b[^)\n]*\)[ \t]*" if receiver is not None else ""
    for found in re.finditer(rf"^func[ \t]+{of}(?P<name>{name})[ \t]*(?:\[[^\]\n]*\])?[ \t]*\(", text, re.MULTILINE):
        if not _has_body(text, found.end()):
            return found.start("name")
    return None


def _has_body(text: str, position: int) -> bool:
    """Whether a `{` follows the signature whose parameters begin at `position`, before its line ends."""
    depth = 1
    while position < len(text):
        character = text[position]
        position += 1
        if character == "(":
            depth += 1
        elif character == ")":
            depth -= 1
        elif character == "\n" and depth <= 0:
            return False
        elif character == "{" and depth <= 0 and not text.endswith(("interface", "struct"), 0, position - 1):
            return True
    return False


def _below(path: Path, text: str, directive: re.Match[str]) -> Declaration:
    """The function that stands below a directive, else the directive itself."""
    following = re.compile(r"(?:\s|//[^\n]*\n)*func[ \t]+(?:\([^)\n]*\)[ \t]*)?(?P<name>\w+)").match(
        text, directive.end()
    )
    return _at(path, text, following.start("name") if following is not None else directive.start())


def _at(path: Path, text: str, offset: int) -> Declaration:
    start = text.rfind("\n", 0, offset) + 1
    return Declaration(path, text.count("\n", 0, offset) + 1, len(text[start:offset].encode()) + 1)


def _read(path: Path) -> str | None:
    try:
        return read_start(path, _BYTES_READ).decode("utf-8", "replace")
    except OSError:
        return None
