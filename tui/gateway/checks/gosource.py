"""What one Go file says of its build: package, main, exports, imports. No Go toolchain: a scanner for the few forms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from tui.facts import Fact
from tui.gateway.checks.gocalls import GoReturn, GoUse, returns, uses
from tui.gateway.verdict import Place
from tui.wasm.module import FuncType

# Comments and literals: what must not be read as code. An unterminated one runs to the end of its line. Lines of
# comments come in one piece, and so do lists of literals: of generated tables there are hundreds of thousands.
_HIDDEN: Final = re.compile(
    r"""(//[^\n]*+(?:\s*+//[^\n]*+)*+)|/\*.*?(?:\*/|\Z)"""
    r"""|(?:(?:"(?:\\.|[^"\\\n]++)*+"?|`[^`]*+(?:`|\Z)|'(?:\\.|[^'\\\n]++)*+'?)[\s,]*+)++""",
    re.DOTALL,
)
_PACKAGE: Final = re.compile(r"^[ \t]*package[ \t]+(\w+)", re.MULTILINE)
_MAIN: Final = re.compile(r"^func[ \t]+main[ \t]*\([ \t]*\)", re.MULTILINE)
_FUNC: Final = re.compile(r"\s*func[ \t]+(\w+)[ \t]*\(([^()]*)\)[ \t]*(\([^()]*\)|[\w.*\[\]]+)?")
_HEAD: Final = re.compile(r"\s*func[ \t]+\w+[ \t]*(\([^{\n]*)")
# A directive in lines of comments: one of exports (name), or the one of imports (module, name).
_DIRECTIVE: Final = re.compile(
    r"^[ \t]*//(?:(go:wasmexport|export)[ \t]+(\S+)|go:wasmimport[ \t]+(\S+)[ \t]+(\S+))[^\n]*", re.MULTILINE
)
_DIRECTIVES: Final = 10_000  # of one file; the rest are left out
_DECLARATION: Final = 10_000  # characters below a directive in which its function is looked for
_STDIO: Final = re.compile(r"\bos\s*\.\s*Std(?:in|out)\b|\bfmt\s*\.\s*(?:Print|Scan)\w*\b")
_CONSTRAINT: Final = re.compile(r"^//go:build[ \t]+(.+)$", re.MULTILINE)
_TOKEN: Final = re.compile(r"&&|\|\||[!()]|[\w.]+")
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


class GoExport(Fact):
    """A function that the source exports. `legacy`: by `//export`, which works in both build modes."""

    name: str
    go_name: str
    legacy: bool
    place: Place
    type: FuncType | None  # None where a Go type has no counterpart that is known here
    signature: str = ""  # as the source has it, from its parameters to its body


class GoImport(Fact):
    """A host function that the source declares with `//go:wasmimport`."""

    module: str
    name: str
    go_name: str
    place: Place
    type: FuncType | None


class GoFile(Fact):
    """What one file contributes."""

    name: str
    package: str | None
    main: Place | None
    exports: tuple[GoExport, ...]
    imports: tuple[GoImport, ...]
    stdio: Place | None  # the first use of stdin or stdout
    uses: tuple[GoUse, ...] = ()  # of imported packages
    returns: tuple[GoReturn, ...] = ()  # calls whose result is returned


class _Blank(dict[int, int]):
    """Maps every character but a line break to a space, for `str.translate`."""

    def __missing__(self, character: int) -> int:
        return 0x20


_BLANK: Final = _Blank({0x0A: 0x0A})


def scan(name: str, text: str) -> GoFile:
    """Read one Go file. Never raises; what it does not understand it leaves out."""
    code = _HIDDEN.sub(lambda match: match[0].translate(_BLANK), text)
    exports, imports = [], []
    for place, directive in islice(_directives(name, text), _DIRECTIVES):
        go_name, type_ = _declaration(code, directive.end())
        word, exported, module, field = directive.groups()
        if exported is not None:
            signature = _signature(code, directive.end())
            exports.append(GoExport(exported, go_name, word == "export", place, type_, signature))
        else:
            imports.append(GoImport(module, field, go_name, place, type_))
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


def _directives(name: str, text: str) -> Iterator[tuple[Place, re.Match[str]]]:
    """The directives that stand in comments, with their places."""
    if "//export" not in text and "//go:wasm" not in text:
        return
    line, counted = 1, 0
    for hidden in _HIDDEN.finditer(text):
        if hidden[1] is None:
            continue
        for found in _DIRECTIVE.finditer(text, hidden.start(), hidden.end()):
            line += text.count("\n", counted, found.start())
            counted = found.start()
            yield Place(name, line), found


def _place(pattern: re.Pattern[str], name: str, code: str) -> Place | None:
    found = pattern.search(code)
    return Place(name, code.count("\n", 0, found.start()) + 1) if found else None


def _declaration(code: str, start: int) -> tuple[str, FuncType | None]:
    """Name and type of the function declared after a directive; "" and None where there is none."""
    found = _FUNC.match(code, start, start + _DECLARATION)
    if found is None:
        return "", None
    params, results = _values(found[2]), _values((found[3] or "").strip("()"))
    return found[1], None if params is None or results is None else FuncType(params, results)


def _signature(code: str, start: int) -> str:
    """Parameters and results of the function declared after a directive, blanks evened out; "" where there is none."""
    found = _HEAD.match(code, start, start + _DECLARATION)
    return " ".join(found[1].split()) if found is not None else ""


def constraint(text: str) -> tuple[int, str] | None:
    """The 1-based line of the `//go:build` line above the package clause, and what it says."""
    found = _CONSTRAINT.search(text)
    return (text.count("\n", 0, found.start()) + 1, found[0].strip()) if found is not None else None


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
