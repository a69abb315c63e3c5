"""TinyGo: the compiler that the deploy tool runs, and the default. Source: COMPILERS.md.

It brings no Go of its own: it runs the `go` on PATH, and takes only some versions of it. Its last step is wasm-opt.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final

from tui.building.compilers import go as stock_go
from tui.building.compilers.compiler import NOTHING, Compiler, Found, PhaseSign, Tool, Words
from tui.building.compilers.locate import find_program
from tui.building.compilers.versions import VersionError, known_line, numbers, version_line

Version = tuple[int, int]

C_SHARED_SINCE: Final[Version] = (0, 35)  # -buildmode=c-shared and //go:wasmexport

# TinyGo from (up to the next row) -> the Go versions it takes, least and most.
_TAKES: Final[tuple[tuple[Version, Version, Version], ...]] = (
    ((0, 27), (1, 18), (1, 20)),
    ((0, 29), (1, 18), (1, 21)),
    ((0, 31), (1, 18), (1, 22)),
    ((0, 32), (1, 19), (1, 22)),
    ((0, 33), (1, 19), (1, 23)),
    ((0, 36), (1, 19), (1, 24)),
    ((0, 39), (1, 19), (1, 25)),
    ((0, 41), (1, 19), (1, 26)),
    ((0, 42), (1, 25), (1, 27)),
)
_TABLE_ENDS: Final[Version] = (0, 43)  # what this and later ones take is not known here
_VERSION: Final = re.compile(r"tinygo version (\S+) (?:\S+) \(using go version (?:go)?(\S+)")
_WASM_OPT: Final = re.compile(r"wasm-opt version (\d+)")
_DOWNLOAD: Final = "https://tinygo.org/getting-started/install/"
_GO_DOWNLOAD: Final = "https://go.dev/dl/"


def find() -> str | None:
    """Where the deploy tool finds it: on PATH alone."""
    return find_program("tinygo")


def own_go() -> str | None:
    """The Go that TinyGo runs. It looks on PATH, and so do we: not the Go of the extra, which may be too new for it."""
    return find_program("go")


def tinygo_versions(line: str) -> tuple[str, str | None] | None:
    """(TinyGo's version, the version of the Go it uses) from `tinygo version`; None if the line is not TinyGo's."""
    found = _VERSION.match(line)
    if found is None:
        return None
    go = found.group(2).rstrip(")")
    return found.group(1), go if go[:1].isdigit() else None


def wasm_opt_version(line: str) -> str | None:
    """`122` from `wasm-opt version 122 (version_122)`."""
    found = _WASM_OPT.match(line)
    return found.group(1) if found is not None else None


def known_version(program: str) -> str | None:
    """The version as far as it is known without a start."""
    versions = tinygo_versions(known_line(program, own_go()))
    return versions[0] if versions is not None else None


def accepted_go(tinygo: str) -> tuple[Version, Version] | None:
    """The least and most Go version that a TinyGo takes; None where that is not known."""
    version = numbers(tinygo)
    if version >= _TABLE_ENDS:
        return None
    rows = [row for row in _TAKES if row[0] <= version]
    return (rows[-1][1], rows[-1][2]) if rows else None


def examine() -> Found:
    """TinyGo, its Go and its wasm-opt: whether they are there, and fit for each other."""
    found = _examine_itself()
    return Found(found.tool, (_wasm_opt(found.tool),), found.reactors, found.go_version)


def _examine_itself() -> Found:
    path = find()
    if path is None:
        missing = Tool("tinygo", None, None, ok=False, message=_MISSING, advice="until then: --compiler go")
        return Found(missing, reactors=False)
    go = own_go()
    try:
        line = version_line(path, "version", uses=go)
    except VersionError as error:
        advice = "install TinyGo anew"
        return Found(Tool("tinygo", path, None, ok=False, message=f"tinygo {error}", advice=advice), reactors=False)
    versions = tinygo_versions(line)
    if versions is None:
        message, advice = f"what calls itself tinygo is not TinyGo: {line}", _install()
        return Found(Tool("tinygo", path, None, ok=False, message=message, advice=advice), reactors=False)
    version, reported = versions
    used = (stock_go.told_version(go) if go is not None else None) or reported
    return _judged(path, version, used)


def _judged(path: str, version: str, go: str | None) -> Found:
    """A TinyGo of this version, with this Go."""
    message, advice = _pairing(version, go)
    reactors = numbers(version) >= C_SHARED_SINCE
    ok = advice is None
    if ok and not reactors:
        advice = f"install TinyGo 0.35 or newer: {_DOWNLOAD}"
        message += "; it cannot build reactors (ws_persistent, reactor), and knows no //go:wasmexport"
    tool = Tool("tinygo", path, version, ok=ok, message=message, advice=advice)
    return Found(tool, reactors=reactors, go_version=go)


def _pairing(tinygo: str, go: str | None) -> tuple[str, str | None]:
    """How a TinyGo and its Go fit: a sentence, and advice where they do not."""
    if go is None:
        return f"TinyGo {tinygo} finds no go command", f"install Go and put it on PATH: {_GO_DOWNLOAD}"
    accepted = accepted_go(tinygo)
    if accepted is None:
        return f"TinyGo {tinygo} with Go {go}; which Go versions it takes is not known to fn-tui", None
    least, most = accepted
    if least <= numbers(go) <= most:
        return f"TinyGo {tinygo} with Go {go} (it takes Go {_dotted(least)} to {_dotted(most)})", None
    # TinyGo's own sentence, as a build would end with it.
    through = f"go version {_dotted(least)} through {_dotted(most)}"
    message = f"TinyGo {tinygo} requires {through}, got go{_dotted(numbers(go))}"
    if numbers(go) > most:
        advice = f"put Go {_dotted(most)} first on PATH ({_GO_DOWNLOAD}), or install a newer TinyGo"
    else:
        advice = f"install Go {_dotted(most)}: {_GO_DOWNLOAD}"
    return message, advice


def _wasm_opt(tinygo: Tool) -> Tool:
    """wasm-opt where TinyGo looks for it: WASMOPT, its own folder, PATH."""
    named = os.environ.get("WASMOPT", "")
    if os.path.dirname(named) and not os.path.isabs(named):  # noqa: PTH117, PTH120
        message = f"WASMOPT is a relative path ({named}): each function's folder would have a program of its own"
        return Tool("wasm-opt", None, None, ok=False, message=message, advice="set WASMOPT to an absolute path")
    path = named or _beside(tinygo.path) or find_program("wasm-opt")
    if path is None and tinygo.path is None:
        message = "wasm-opt not found; only TinyGo needs it"
        return Tool("wasm-opt", None, None, ok=False, message=message, optional=True)
    if path is None:
        return Tool("wasm-opt", None, None, ok=False, message=_NO_WASM_OPT, advice=_GET_WASM_OPT)
    try:
        version = wasm_opt_version(version_line(path, "--version"))
    except VersionError as error:
        source = "WASMOPT names a program that" if named else "wasm-opt"
        return Tool("wasm-opt", path, None, ok=False, message=f"{source} {error}", advice="install binaryen")
    if version is None:
        return Tool("wasm-opt", path, None, ok=False, message="it is not wasm-opt", advice="install binaryen")
    return Tool("wasm-opt", path, version, ok=True, message=f"wasm-opt {version}")


def lacks() -> str | None:
    """That wasm-opt is nowhere that TinyGo looks, and what to do. TinyGo itself decides when it comes to that."""
    program = find()
    if program is None or os.environ.get("WASMOPT") or _beside(program) or find_program("wasm-opt"):
        return None
    return f"{_NO_WASM_OPT}, and TinyGo needs it for its last step: {_GET_WASM_OPT}"


def _beside(tinygo: str | None) -> str | None:
    """wasm-opt as TinyGo's own releases ship it."""
    if tinygo is None:
        return None
    candidate = Path(tinygo).resolve().with_name("wasm-opt")
    return str(candidate) if os.access(candidate, os.X_OK) else None


def _install() -> str:
    return f"install TinyGo: {_DOWNLOAD}; until then: --compiler go"


def _dotted(version: Version) -> str:
    return f"{version[0]}.{version[1]}"


_NO_WASM_OPT: Final = "wasm-opt not found"
_GET_WASM_OPT: Final = "install binaryen, or set WASMOPT to the path of wasm-opt"
_MISSING: Final = f"tinygo not found in PATH. Install it: {_DOWNLOAD}"

COMPILER: Final = Compiler(
    name="tinygo",
    words=Words(
        short="TinyGo",
        title="TinyGo",
        missing=_MISSING,
        instead="stock Go can stand in for it: fn-tui build --compiler go",
    ),
    stand_in=False,
    flags=("-target", "wasi"),
    env=NOTHING,
    env_defaults=NOTHING,
    tags={"tinygo": True, "gc": False, "cgo": True, "purego": True, "osusergo": True},
    find=find,
    known_version=known_version,
    examine=examine,
    lacks=lacks,
    phases=(
        PhaseSign("compiling", frozenset({"tinygo"})),
        PhaseSign("listing packages", frozenset({"go"}), "list", passing=True),
        PhaseSign("linking", frozenset({"wasm-ld", "ld.lld"}), files=frozenset({"main.o", "lto.tmp"})),
        PhaseSign("wasm-opt", frozenset({"wasm-opt"})),
    ),
)
