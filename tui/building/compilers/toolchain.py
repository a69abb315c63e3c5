"""Which compilers there are, whether they are fit for the job and for each other, and what to do where not."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tui.building.compilers.locate import NO_TINYGO, find_go, find_program
from tui.building.compilers.versions import (
    VersionError,
    distribution_version,
    go_version,
    numbers,
    tinygo_versions,
    version_line,
    wasm_opt_version,
)
from tui.building.plan.model import CompilerName

Version = tuple[int, int]

C_SHARED_SINCE: Final[Version] = (0, 35)  # -buildmode=c-shared and //go:wasmexport in TinyGo
GO_SINCE: Final[Version] = (1, 24)  # both modes for wasip1 in stock Go

# TinyGo from (up to the next row) -> the Go versions it takes, least and most.
_GO_FOR_TINYGO: Final[tuple[tuple[Version, Version, Version], ...]] = (
    ((0, 27), (1, 18), (1, 20)),
    ((0, 29), (1, 18), (1, 21)),
    ((0, 31), (1, 18), (1, 22)),
    ((0, 32), (1, 19), (1, 22)),
    ((0, 33), (1, 19), (1, 23)),
    ((0, 36), (1, 19), (1, 24)),
    ((0, 39), (1, 19), (1, 25)),
)
_TABLE_ENDS: Final[Version] = (0, 40)  # what this and later ones take is not known here


@dataclass(frozen=True, slots=True)
class Tool:
    """One program of the toolchain."""

    name: str
    path: str | None  # absolute; None: not found
    version: str | None  # "0.35.0", "1.27.3", "122"
    ok: bool  # there, and fit for what it would be used for
    message: str  # one sentence on its state
    advice: str | None = None  # what to do, where not ok


@dataclass(frozen=True, slots=True)
class Toolchain:
    """What a build could use on this machine now."""

    tinygo: Tool
    go: Tool
    wasm_opt: Tool
    c_shared: bool  # whether TinyGo can build reactors

    def can_build(self, compiler: CompilerName) -> bool:
        """Whether a build with this compiler has a chance."""
        return self.tinygo.ok and self.wasm_opt.ok if compiler == "tinygo" else self.go.ok

    @property
    def best(self) -> CompilerName | None:
        """TinyGo if it can build, else stock Go if it can, else None."""
        names: tuple[CompilerName, ...] = ("tinygo", "go")
        return next((name for name in names if self.can_build(name)), None)

    def obstacle(self, compiler: CompilerName) -> str | None:
        """Why a build with this compiler has no chance, in a sentence; None where it has one."""
        wanted = (self.tinygo, self.wasm_opt) if compiler == "tinygo" else (self.go,)
        return next((tool.message for tool in wanted if not tool.ok), None)

    @property
    def summary(self) -> str:
        """For a header: `TinyGo 0.35.0 · Go 1.23.9`."""
        shown = (("TinyGo", self.tinygo), ("Go", self.go))
        parts = [f"{name} {tool.version or '?'}" for name, tool in shown if tool.path is not None]
        return " · ".join(parts) or "no compiler"


def find_toolchain() -> Toolchain:
    """Look for the tools and ask for their versions. Blocks for milliseconds, seconds if a tool hangs: use a thread."""
    go = _go()
    tinygo, shared = _tinygo(go)
    return Toolchain(tinygo, go, _wasm_opt(tinygo), shared)


def accepted_go(tinygo: str) -> tuple[Version, Version] | None:
    """The least and most Go version that a TinyGo takes; None where that is not known."""
    version = numbers(tinygo)
    if version >= _TABLE_ENDS:
        return None
    rows = [row for row in _GO_FOR_TINYGO if row[0] <= version]
    return (rows[-1][1], rows[-1][2]) if rows else None


def _tinygo(go: Tool) -> tuple[Tool, bool]:
    """TinyGo, and whether it builds reactors. It brings no Go of its own: it runs the `go` on PATH."""
    path = find_program("tinygo")
    if path is None:
        return Tool("tinygo", None, None, ok=False, message=NO_TINYGO, advice="until then: --compiler go"), False
    try:
        line = version_line(path, "version", uses=find_program("go"))
    except VersionError as error:
        message = f"tinygo {error}"
        return Tool("tinygo", path, None, ok=False, message=message, advice="install TinyGo anew"), False
    versions = tinygo_versions(line)
    if versions is None:
        message = f"what calls itself tinygo is not TinyGo: {line}"
        return Tool("tinygo", path, None, ok=False, message=message, advice=_install_tinygo()), False
    version, reported = versions
    on_path = go.version if find_program("go") is not None else None
    message, advice = _pairing(version, on_path or reported)
    shared = numbers(version) >= C_SHARED_SINCE
    if advice is None and not shared:
        advice = "install TinyGo 0.35 or newer: https://tinygo.org/getting-started/install/"
        message += "; it cannot build reactors (ws_persistent, reactor), and knows no //go:wasmexport"
        return Tool("tinygo", path, version, ok=True, message=message, advice=advice), False
    return Tool("tinygo", path, version, ok=advice is None, message=message, advice=advice), shared


def _pairing(tinygo: str, go: str | None) -> tuple[str, str | None]:
    """How a TinyGo and its Go fit: a sentence, and advice where they do not."""
    if go is None:
        return f"TinyGo {tinygo} finds no go command", "install Go and put it on PATH: https://go.dev/dl/"
    accepted = accepted_go(tinygo)
    if accepted is None:
        return f"TinyGo {tinygo} with Go {go}; which Go versions it takes is not known to fn-tui", None
    least, most = accepted
    span = f"Go {_dotted(least)} to {_dotted(most)}"
    if least <= numbers(go) <= most:
        return f"TinyGo {tinygo} with Go {go} (it takes {span})", None
    # TinyGo's own sentence, as a build would end with it.
    through = f"go version {_dotted(least)} through {_dotted(most)}"
    message = f"TinyGo {tinygo} requires {through}, got go{_dotted(numbers(go))}"
    if numbers(go) > most:
        advice = f"put Go {_dotted(most)} first on PATH (https://go.dev/dl/), or install a newer TinyGo"
    else:
        advice = f"install Go {_dotted(most)}: https://go.dev/dl/"
    return message, advice


def _go() -> Tool:
    path = find_go()
    if path is None:
        advice = "pip install 'fn-tui[go]', or https://go.dev/dl/"
        return Tool("go", None, None, ok=False, message="go not found in PATH", advice=advice)
    try:
        version = distribution_version(path) or go_version(version_line(path, "version"))
    except VersionError as error:
        return Tool("go", path, None, ok=False, message=f"go {error}", advice="install Go anew: https://go.dev/dl/")
    if version is None:
        return Tool("go", path, None, ok=False, message="what calls itself go is not Go", advice="https://go.dev/dl/")
    if numbers(version) < GO_SINCE and not version.startswith("devel"):
        message = f"Go {version} cannot stand in for TinyGo: that takes Go 1.24 or newer"
        return Tool("go", path, version, ok=False, message=message, advice="pip install 'fn-tui[go]'")
    return Tool("go", path, version, ok=True, message=f"Go {version} can stand in for TinyGo (--compiler go)")


def _wasm_opt(tinygo: Tool) -> Tool:
    """wasm-opt where TinyGo looks for it: WASMOPT, its own folder, PATH."""
    named = os.environ.get("WASMOPT", "")
    if os.path.dirname(named) and not os.path.isabs(named):  # noqa: PTH117, PTH120
        message = f"WASMOPT is a relative path ({named}): each function's folder would have a program of its own"
        return Tool("wasm-opt", None, None, ok=False, message=message, advice="set WASMOPT to an absolute path")
    path = named or _beside(tinygo.path) or find_program("wasm-opt")
    if path is None:
        needed = tinygo.path is not None
        message = "wasm-opt not found" if needed else "wasm-opt not found; only TinyGo needs it"
        advice = "install binaryen, or set WASMOPT to the path of wasm-opt" if needed else None
        return Tool("wasm-opt", None, None, ok=not needed, message=message, advice=advice)
    try:
        version = wasm_opt_version(version_line(path, "--version"))
    except VersionError as error:
        source = "WASMOPT names a program that" if named else "wasm-opt"
        return Tool("wasm-opt", path, None, ok=False, message=f"{source} {error}", advice="install binaryen")
    if version is None:
        return Tool("wasm-opt", path, None, ok=False, message="it is not wasm-opt", advice="install binaryen")
    return Tool("wasm-opt", path, version, ok=True, message=f"wasm-opt {version}")


def _beside(tinygo: str | None) -> str | None:
    """wasm-opt as TinyGo's own releases ship it."""
    if tinygo is None:
        return None
    candidate = Path(tinygo).resolve().with_name("wasm-opt")
    return str(candidate) if os.access(candidate, os.X_OK) else None


def _install_tinygo() -> str:
    return "install TinyGo: https://tinygo.org/getting-started/install/; until then: --compiler go"


def _dotted(version: Version) -> str:
    return f"{version[0]}.{version[1]}"
