"""What one Go file says of its build: package, main, exports, imports. No Go toolchain: a scanner for the few forms."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from tui.gateway.checks.gocalls import GoReturn, GoUse, returns, uses
from tui.gateway.model import Place
from tui.wasm.model import FuncType

# Comments and literals: what must not be read as code. An unterminated one runs to the end of its line.
_HIDDEN: Final = re.compile(
    r"""//[^\n]*|/\*.*?(?:\*/|\Z)|"(?:\\.|[^"\\\n])*"?|`[^`]*(?:`|\Z)|'(?:\\.|[^'\\\n])*'?""", re.DOTALL
)
_PACKAGE: Final = re.compile(r"^[ \t]*package[ \t]+(\w+)", re.MULTILINE)
_MAIN: Final = re.compile(r"^func[ \t]+main[ \t]*\([ \t]*\)", re.MULTILINE)
_FUNC: Final = re.compile(r"\s*func[ \t]+(\w+)[ \t]*\(([^()]*)\)[ \t]*(\([^()]*\)|[\w.*\[\]]+)?")
_EXPORT: Final = re.compile(r"//(?:go:wasmexport|export)[ \t]+(\S+)")
_IMPORT: Final = re.compile(r"//go:wasmimport[ \t]+(\S+)[ \t]+(\S+)")
_STDIO: Final = re.compile(r"\bos\s*\.\s*Std(?:in|out)\b|\bfmt\s*\.\s*(?:Print|Scan)\w*\b")
_CONSTRAINT: Final = re.compile(r"^//go:build[ \t]+(.+)$", re.MULTILINE)
_TOKEN: Final = re.compile(r"\s*(&&|\|\||[!()]|[\w.]+)")
# The tags that hold for a wasi build, of TinyGo or of stock Go; releases (go1.21) hold as well.
_TAGS: Final = frozenset({"wasip1", "wasm", "wasi", "tinygo", "tinygo.wasm", "gc", "purego"})
_GO_VALUES: Final[dict[str, tuple[str, ...]]] = {
    **dict.fromkeys(("int32", "uint32", "int", "uint", "uintptr", "unsafe.Pointer", "bool", "rune"), ("i32",)),
    **dict.fromkeys(("int8", "uint8", "int16", "uint16", "byte"), ("i32",)),
    **dict.fromkeys(("int64", "uint64"), ("i64",)),
    "float32": ("f32",),
    "float64": ("f64",),
    "string": ("i32", "i32"),
}


@dataclass(frozen=True, slots=True)
class GoExport:
    """A function that the source exports. `legacy`: by `//export`, which works in both build modes."""

    name: str
    go_name: str
    legacy: bool
    place: Place
    type: FuncType | None  # None where a Go type has no counterpart that is known here


@dataclass(frozen=True, slots=True)
class GoImport:
    """A host function that the source declares with `//go:wasmimport`."""

    module: str
    name: str
    go_name: str
    place: Place
    type: FuncType | None


@dataclass(frozen=True, slots=True)
class GoFile:
    """What one file contributes."""

    name: str
    package: str | None
    main: Place | None
    exports: tuple[GoExport, ...]
    imports: tuple[GoImport, ...]
    stdio: Place | None  # the first use of stdin or stdout
    uses: tuple[GoUse, ...] = ()  # of imported packages
    returns: tuple[GoReturn, ...] = ()  # calls whose result is returned


def scan(name: str, text: str) -> GoFile:
    """Read one Go file. Never raises; what it does not understand it leaves out."""
    code = _HIDDEN.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    exports, imports = [], []
    for comment in _HIDDEN.finditer(text):
        exported, imported = _EXPORT.match(comment[0]), _IMPORT.match(comment[0])
        if exported is None and imported is None:
            continue
        place = Place(name, text.count("\n", 0, comment.start()) + 1)
        go_name, type_ = _declaration(code, comment.end())
        if exported is not None:
            exports.append(GoExport(exported[1], go_name, comment[0].startswith("//export"), place, type_))
        if imported is not None:
            imports.append(GoImport(imported[1], imported[2], go_name, place, type_))
    package = _PACKAGE.search(code)
    return GoFile(
        name,
        package[1] if package else None,
        _place(_MAIN, name, code),
        (*exports,),
        (*imports,),
        _place(_STDIO, name, code),
        uses(name, text, code),
        returns(name, code),
    )


def _place(pattern: re.Pattern[str], name: str, code: str) -> Place | None:
    found = pattern.search(code)
    return Place(name, code.count("\n", 0, found.start()) + 1) if found else None


def _declaration(code: str, start: int) -> tuple[str, FuncType | None]:
    """Name and type of the function declared after a directive; "" and None where there is none."""
    found = _FUNC.match(code, start)
    if found is None:
        return "", None
    params, results = _values(found[2]), _values((found[3] or "").strip("()"))
    return found[1], None if params is None or results is None else FuncType(params, results)


def _values(listing: str) -> tuple[str, ...] | None:
    """WebAssembly types of a Go parameter list (`ptr, length uint32`); None where one is not known."""
    pieces = [piece.split() for piece in listing.split(",") if piece.strip()]
    # `a, b uint32` names both; `uint32, uint64` names none: names are there when one piece has two words.
    if any(len(piece) > 1 for piece in pieces):
        current = ""
        for piece in reversed(pieces):
            current = " ".join(piece[1:]) or current
            piece[:] = [current]
    values: list[str] = []
    for piece in pieces:
        go_type = "".join(piece)
        found = ("i32",) if go_type.startswith("*") else _GO_VALUES.get(go_type)
        if found is None:
            return None
        values += found
    return tuple(values)


def built(text: str) -> bool:
    """Whether a build for wasi takes a file with that content, by its `//go:build` line."""
    found = _CONSTRAINT.search(text)
    package = _PACKAGE.search(text)
    if found is None or (package is not None and found.start() > package.start()):
        return True
    tokens = _TOKEN.findall(found[1])[:200]
    try:
        return _any_of(tokens)
    except IndexError:
        return True  # the compiler will say that the line is malformed


def _any_of(tokens: list[str]) -> bool:
    value = _all_of(tokens)
    while tokens and tokens[0] == "||":
        tokens.pop(0)
        value = _all_of(tokens) or value
    return value


def _all_of(tokens: list[str]) -> bool:
    value = _term(tokens)
    while tokens and tokens[0] == "&&":
        tokens.pop(0)
        value = _term(tokens) and value
    return value


def _term(tokens: list[str]) -> bool:
    word = tokens.pop(0)
    if word == "!":
        return not _term(tokens)
    if word == "(":
        value = _any_of(tokens)
        tokens.pop(0)
        return value
    return word in _TAGS or word.startswith("go1.")
