"""From a symbol to its Go package. TinyGo keeps import paths in symbols; stock Go flattens them at link time."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

from tui.facts import Fact
from tui.wasm.sizes.rust_legacy import demangle_legacy
from tui.wasm.sizes.rust_v0 import demangle_v0
from tui.wasm.sizes.standard_library import FLATTENED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

SizeGroup = Literal["package", "dispatch", "c", "unnamed", "frame"]

DISPATCH_ROW: Final = "interface dispatch"
C_ROW: Final = "C and linker code"
UNNAMED_ROW: Final = "unnamed"
FRAME_ROW: Final = "section frame"
UNTOLD_ROW: Final = "not told apart"
LONGEST: Final = 20_000  # characters of a symbol in which more than one reading is looked for

_MERGED: Final = re.compile(r"(?:byn\$mgfn-shared\$)+")  # Binaryen's prefix of a body that several functions share
_DISPATCH_MARKS: Final = ("$invoke", "$typeassert")
_ODD_STARTS: Final = ("interface:", "byn$")
_ODD_ENDS: Final = (*_DISPATCH_MARKS, ".command_export")
_NO_PACKAGES: Final = ("llvm.", "struct{", "struct:")
_COMPILER_MADE: Final = ("type_.", "type:.", "go_itab_", "go:itab.")  # stock Go: equality and hash functions, tables
_C_SUFFIX: Final = re.compile(r"\.(?:\d+|llvm|cold|part|isra|constprop)\b")
_C_SUFFIX_STARTS: Final = frozenset("0123456789lcpi")
_CRATE: Final = re.compile(r"(?<![\w:])(?!(?:dyn|mut|const|fn|as|for|impl)\b)([A-Za-z_]\w*)(?=::|$|<)")
_HASH: Final = re.compile(r"::h[0-9a-f]{16}$")
_TOP: Final = (
    "com|org|net|io|in|dev|sh|ai|app|co|xyz|me|de|eu|uk|fr|ch|nl|se|run|cloud|tech|info|pm|rs|us|ru|cn|jp|kr|br|ca|au|"
    "gg|tv|fm|cc|im|is|it|la|to|page|software|tools|zone|site|one|internal|local|example|test|edu|gov"
)
# A flattened path that starts with a host: `github.com_user_repo_pkg.Func`. The host's dot is not the package's end.
_HOST: Final = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*?\.(?:" + _TOP + r")(?=_)")


_NO_PATHS: Final[Mapping[str, str]] = MappingProxyType({})


class Symbol(Fact):
    """What a symbol says: its group, and for Go code package (import path) and function within it."""

    group: SizeGroup
    package: str
    function: str


UNNAMED: Final = Symbol("unnamed", UNNAMED_ROW, "")


def _plain(symbol: str) -> str:
    """The symbol without what linkers and optimisers add."""
    merged = _MERGED.match(symbol) if symbol.startswith("byn$") else None
    return symbol[merged.end() if merged else 0 :].removesuffix(".command_export")


def _path_end(text: str) -> int:
    """Where the package ends: the first '.' after the last '/' in front of type arguments; -1 where there is none."""
    stop = text.find("[")
    if stop < 0:
        stop = len(text)
    return text.find(".", text.rfind("/", 0, stop) + 1, stop)


def _tinygo(symbol: str) -> Symbol:
    """Package of a symbol as TinyGo writes it: `pkg.F`, `(*pkg.T).m`, `pkg.F$1`, `pkg.F[args]`."""
    plain = symbol
    if symbol.startswith(_ODD_STARTS) or symbol.endswith(_ODD_ENDS):
        plain = _plain(symbol)
        if plain.startswith("interface:") or plain.endswith(_DISPATCH_MARKS):
            return Symbol("dispatch", DISPATCH_ROW, plain)
    inner = plain.lstrip("(*")
    end = _path_end(inner)
    if end <= 0 or inner.startswith(_NO_PACKAGES) or _has_c_suffix(inner, end):
        return Symbol("dispatch" if inner.startswith("struct") and end > 0 else "c", _other_row(inner, end), plain)
    return Symbol("package", inner[:end], plain[: len(plain) - len(inner)] + inner[end + 1 :])


def _has_c_suffix(inner: str, end: int) -> bool:
    """Whether what stands at `end` is what C compilers put behind a name; a look at a character spares most of it."""
    first = inner[end + 1 : end + 2]
    return (first in _C_SUFFIX_STARTS or not first.isascii()) and _C_SUFFIX.match(inner, end) is not None


def _other_row(inner: str, end: int) -> str:
    return DISPATCH_ROW if inner.startswith("struct") and end > 0 else C_ROW


def _restored(flat: str, is_host: bool) -> str:
    """The import path of a flattened one: from the standard library's list, or a host with slashes put back."""
    known = FLATTENED.get(flat)
    if known is not None:
        return known
    if flat.startswith("vendor_"):
        return f"vendor/{flat.removeprefix('vendor_').replace('_', '/')}"
    # A dot in the last element, as in gopkg.in/yaml.v3, is written %2e before all is flattened.
    return flat.replace("_2e", ".").replace("_", "/") if is_host else flat


def _go(symbol: str, paths: Mapping[str, str]) -> Symbol:
    """Package of a symbol as stock Go writes it: `encoding_json.__decodeState_.value`."""
    if symbol.startswith(_COMPILER_MADE):
        return Symbol("dispatch", DISPATCH_ROW, symbol)
    start = 7 if symbol.startswith("vendor_") else 0
    end = symbol.find(".")
    while 0 < end < LONGEST:
        if symbol[:end] in paths:
            return Symbol("package", paths[symbol[:end]], symbol[end + 1 :])
        end = symbol.find(".", end + 1)
    host = _HOST.match(symbol, start)
    end = symbol.find(".", host.end() if host else 0)
    if end <= 0:
        return Symbol("c", C_ROW, symbol)
    return Symbol("package", _restored(symbol[:end], host is not None), symbol[end + 1 :])


def _rust(symbol: str, by_rust: bool) -> Symbol | None:
    """Crate of a symbol as Rust writes it, mangled in either way, or plain where a tool has demangled it already."""
    if len(symbol) > LONGEST:
        return None
    path = demangle_legacy(symbol) or demangle_v0(symbol)
    if path is None and by_rust and "::" in symbol:
        path = _HASH.sub("", symbol)
    if path is None:
        return None
    crate = _CRATE.search(path)
    return Symbol("package", crate[1], path) if crate is not None else Symbol("c", C_ROW, path)


def placer(toolchain: str | None, paths: Mapping[str, str] = _NO_PATHS) -> Callable[[str], Symbol]:
    """What gives group, package and function of a symbol of what that toolchain made.

    `paths` are import paths by what stock Go writes for them (see `go_paths`).
    """
    made_by = (toolchain or "").partition(" ")[0]
    if made_by == "TinyGo":
        return _tinygo
    if made_by == "Go":
        return lambda symbol: _go(symbol, paths)
    return lambda symbol: _rust(symbol, made_by == "Rust") or _tinygo(symbol)


def row_finder(toolchain: str | None, paths: Mapping[str, str] = _NO_PATHS) -> Callable[[str], str]:
    """What gives the package of a symbol alone, as `placer` does, in a third of the time for what TinyGo made."""
    if (toolchain or "").partition(" ")[0] == "TinyGo":
        return _tinygo_rows()
    place = placer(toolchain, paths)
    return lambda symbol: place(symbol).package


def _tinygo_rows() -> Callable[[str], str]:
    """Most of what `_tinygo` looks at stands in front of the package's end, and is the same for many symbols."""
    rows: dict[str, str] = {}

    def row(symbol: str) -> str:
        end = symbol.find(".", symbol.rfind("/") + 1)
        if end < 0 or "[" in symbol or symbol.endswith(_ODD_ENDS) or _has_c_suffix(symbol, end):
            return _tinygo(symbol).package
        head = symbol[:end]
        found = rows.get(head)
        if found is None:
            rows[head] = found = _tinygo(symbol).package
        return found

    return row


def place(symbol: str | None, toolchain: str | None, paths: Mapping[str, str] = _NO_PATHS) -> Symbol:
    """Group, package and function of a symbol; None stands for a function without a name."""
    return placer(toolchain, paths)(symbol) if symbol else UNNAMED
