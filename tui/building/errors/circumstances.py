"""Explanations that hang on the circumstances: the plan, the compiler, go.mod, and what the sources say.

Each takes a failure and gives its words, or None where the circumstances are others.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from tui.building.compilers import stands_in
from tui.building.errors.situation import Situation
from tui.building.errors.sources import Sources
from tui.building.events import Diagnostic
from tui.text import human_bytes, printable


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a failure means, and a command that mends it, where one command does."""

    words: str
    fix: str | None = None
    no_fix: bool = False  # the command that the compiler proposes does not help


@dataclass(frozen=True, slots=True)
class Failure:
    """A diagnostic whose text matched, and what else is known."""

    found: re.Match[str]
    diagnostic: Diagnostic
    situation: Situation
    sources: Sources


_IMPORTED: Final = re.compile(r"imports ([^\s:]+)")

Tell = Callable[[Failure], Explanation | None]


def duplicate_export(failure: Failure) -> Explanation:
    """Two directives with one name."""
    names = list(failure.sources.duplicate_exports)
    name = printable(names[0]) if names else "A name"
    return Explanation(f"{name} is exported twice, and a module has each name once: take one directive away.")


def crash(failure: Failure) -> Explanation:
    """A crash of the compiler itself."""
    words = (
        f"{failure.situation.compiler_words} itself crashed: a fault of the compiler, not of what your program does."
    )
    if failure.sources.duplicate_exports:
        return Explanation(f"{words} {duplicate_export(failure).words}")
    return Explanation(f"{words} A newer one may have it mended.")


def killed(failure: Failure) -> Explanation:
    """A guess, and what speaks for it."""
    free = failure.situation.free_memory
    told = f" (free now: {human_bytes(free)})" if free is not None else ""
    return Explanation(
        f"Something killed the compiler, most often the system for lack of memory{told}. If so, build fewer functions "
        "at once, or free some: big programs need 4 GB."
    )


def no_main(failure: Failure) -> Explanation:
    """What `func main` is for in this mode."""
    if failure.situation.reactor:
        return Explanation(
            "A package main needs `func main() {}` in reactor mode too: add it, empty. It is never called."
        )
    return Explanation(
        "Built as a command, the package needs `func main()`. A function that only exports hooks is a reactor: "
        "set `ws_persistent: true` or `reactor: true` in function.yaml."
    )


def newer_go(failure: Failure) -> Explanation:
    """go.mod's `go` line against the Go that is there."""
    wanted, there = failure.found[1], failure.found[2]
    taken = (
        "" if stands_in(failure.situation.compiler) else f" (and a {failure.situation.compiler_words} that takes it)"
    )
    return Explanation(
        f"go.mod asks for a newer Go than the one on PATH: it says {wanted}, this is {there}. Lower the `go` line if "
        f"no newer feature is used, or install that Go{taken}."
    )


def go_download(failure: Failure) -> Explanation:
    """A Go that is not here, asked for by go.mod's lines or by GOTOOLCHAIN."""
    wanted = failure.found[1]
    bare = wanted.removeprefix("go")
    for verb in ("toolchain", "go"):
        line = failure.sources.mod_line(verb)
        value = line[1].removeprefix("go") if line is not None else ""
        if value and bare in (value, f"{value}.0"):
            return Explanation(
                f"The `{verb}` line of go.mod asks for Go {bare}, which is not here, and it could not be fetched. "
                f"Lower or remove that line if nothing needs it, or install Go {bare}."
            )
    asked = os.environ.get("GOTOOLCHAIN", "")
    by = f"GOTOOLCHAIN={printable(asked)}" if bare in asked else "GOTOOLCHAIN, or a `go` or `toolchain` line,"
    return Explanation(
        f"{by} asks for Go {bare}, which is not here, and it could not be fetched. Unset it (`env -u GOTOOLCHAIN`), or "
        f"install Go {bare}."
    )


def symbol(failure: Failure) -> Explanation:
    """A declaration without a body."""
    missing = (failure.found[1] or failure.found[2] or failure.found[3] or "").strip()
    if not missing:
        return bodiless(failure)
    package, _, name = missing.rpartition(".")
    if failure.sources.assembly and failure.diagnostic.path is not None:
        files = ", ".join(map(printable, failure.sources.assembly))
        return Explanation(
            f"{printable(name)} is declared for assembly ({files}), and "
            f"{failure.situation.compiler_words} does not assemble that for WebAssembly: write it in Go."
        )
    if package and failure.diagnostic.path is None and "/" in package + "/":
        spot = failure.sources.import_of(package)
        if spot is not None:
            return no_such_std(failure)
    return Explanation(
        "A function is declared without a body and nothing provides it. A host call needs "
        "`//go:wasmimport env NAME` on the line above; otherwise give it a body."
    )


def no_such_std(_failure: Failure) -> Explanation:
    """A part of the standard library that WASI has not."""
    return Explanation(
        "The compiler has no such thing for WASI: this part of the standard library does not work there."
    )


def std_lacks(failure: Failure) -> Explanation | None:
    """Something that is not there inside the standard library itself."""
    inside = any(each.startswith("in the compiler's own ") for each in failure.diagnostic.details)
    return no_such_std(failure) if inside or failure.diagnostic.in_toolchain else None


def undefined(failure: Failure) -> Explanation | None:
    """A name that a file declares which is no part of this build."""
    name = failure.found[1]
    out = failure.sources.declared_in_left_out(name)
    if out is None:
        return None
    file = printable(out.name)
    return Explanation(
        f"{file} declares {printable(name)}, but is not part of this build: {printable(out.why)} (line {out.line}; "
        f"built with {failure.situation.compiler_words})."
    )


def no_module(failure: Failure) -> Explanation:
    """An import path that no module in go.mod has; one of this very module needs a folder, not a download."""
    path = failure.found[1].rstrip(";:")
    missing = _missing_folder(path, failure.sources.module)
    return missing or Explanation(f"The import {printable(path)} belongs to no module in go.mod.", f"go get {path}")


def _missing_folder(path: str, module: str) -> Explanation | None:
    if not module or not (path == module or path.startswith(module + "/")):
        return None
    below = path[len(module) + 1 :]
    return Explanation(
        f"The import path is one of this module ({printable(module)}), which has no folder {printable(below)} with "
        "Go files: make it, or mend the path.",
        no_fix=True,
    )


def not_in_std(failure: Failure) -> Explanation:
    """An import path that leads nowhere."""
    module = failure.sources.module
    missing = _missing_folder(failure.found[1], module)
    if missing is not None:
        return missing
    return Explanation(
        "The standard library that the compiler has for WASI has no such package or name. If it is a package of "
        "yours, its import path must begin with the module's"
        + (f" ({printable(module)})" if module else "")
        + ". TinyGo's gaps: tinygo.org/docs/reference/lang-support/stdlib"
    )


def nothing_left(failure: Failure) -> Explanation | None:
    """Every file left out by constraints, and by which."""
    out = failure.sources.left_out
    if not out or len(out) < len(failure.sources.texts()):
        return None
    told = "; ".join(f"{printable(each.name)}:{each.line}: {printable(each.why)}" for each in out[:5])
    more = f"; and {len(out) - 5} more" if len(out) > 5 else ""
    compiler = failure.situation.compiler_words
    return Explanation(f"No Go file is left to build: {compiler} for WASI leaves all of them out ({told}{more}).")


def no_files(failure: Failure) -> Explanation:
    """A folder without a Go file that is built."""
    return nothing_left(failure) or Explanation(
        "The folder has no Go file that WASI can use: look for build constraints, or for a wrong folder."
    )


def excluded(failure: Failure) -> Explanation | None:
    """An imported package of which WASI has nothing."""
    chain = next((word for detail in failure.diagnostic.details if (word := _IMPORTED.match(detail))), None)
    package = chain[1] if chain is not None else ""
    if "syscall/js" in (package, failure.found[0]) or any("syscall/js" in each for each in failure.diagnostic.details):
        return Explanation("syscall/js is for browsers (GOOS=js): WASI has no JavaScript. Take the import out.")
    if any("runtime/cgo" in each for each in failure.diagnostic.details):
        return Explanation("It needs cgo, and stock Go has no C for WASI: take the import out, or use TinyGo.")
    if not package:
        return None
    return Explanation(f"{printable(package)} has no file for WASI: it is for other systems. Take the import out.")


def bodiless(failure: Failure) -> Explanation:
    """A declaration without a body, of which the compiler names no symbol."""
    if failure.sources.assembly:
        files = ", ".join(map(printable, failure.sources.assembly))
        return Explanation(
            f"A function is declared for assembly ({files}), and "
            f"{failure.situation.compiler_words} does not assemble that for WebAssembly: write it in Go."
        )
    return Explanation(
        "A function is declared without a body and nothing provides it. A host call needs "
        "`//go:wasmimport env NAME` on the line above; otherwise give it a body."
    )
