"""Known failures in a plain sentence, with what to do about them. One table: adding one touches one place."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from tui.building.model import Diagnostic


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a failure means, and a command that mends it, where one command does."""

    words: str
    fix: str | None = None


Tell = Callable[[re.Match[str]], Explanation]

_NEWER_GO: Final = "go.mod asks for a newer Go than the one on PATH"
# Looked for in the message and its details, in this order; the first that is found tells.
_KNOWN: Final[tuple[tuple[str, str | Tell, str | None], ...]] = (
    (
        r"could not find wasm-opt|as wasm-opt|no usable wasm-opt|wasm-opt failed|wasm-opt: exit status",
        "TinyGo needs a working wasm-opt for its last step: install binaryen, or set WASMOPT to the program.",
        None,
    ),
    (
        r"requires go version (\S+) through (\S+), got go(\S+)",
        lambda found: Explanation(
            f"This TinyGo takes Go {found[1]} to {found[2]}; PATH has Go {found[3]}. Put an older Go first on PATH, "
            "or install a newer TinyGo."
        ),
        None,
    ),
    (
        r"go\.mod file not found|cannot find main module",
        "There is no go.mod in the function's folder or above it. `go mod init` makes one.",
        "go mod init function",
    ),
    (
        r"requires go >= (\S+) \(running go (\S+?)[;)]",
        lambda found: Explanation(
            f"{_NEWER_GO}: it says {found[1]}, this is {found[2]}. Lower the `go` line if no newer feature is used, "
            "or install that Go (and a TinyGo that takes it)."
        ),
        None,
    ),
    (
        r"could not find 'go' command|exec: \"go\": executable file not found",
        "TinyGo needs the go command, and PATH has none: install Go in a version that this TinyGo takes.",
        None,
    ),
    (
        r"unsupported GOOS/GOARCH pair wasip1/wasm",
        "The go on PATH is older than 1.21 and does not know WASI: put a newer one first on PATH.",
        None,
    ),
    (
        r"could not find wasi-libc",
        "This TinyGo was built without its C library: run `make wasi-libc` in its tree, or install a release.",
        None,
    ),
    (
        r"targets/.*\.json: no such file",
        "This TinyGo does not know the target: check its installation and TINYGOROOT.",
        None,
    ),
    (
        r"LLVM ERROR: out of memory|signal: killed|cannot allocate memory",
        "The compiler ran out of memory. Build fewer functions at once, or free some: big programs need 4 GB.",
        None,
    ),
    (
        r"no space left on device",
        "The disk is full: free some space where the function or its temporary folder lies.",
        None,
    ),
    (
        r"neither \$XDG_CACHE_HOME nor \$HOME are defined|GOCACHE is not defined",
        "The compiler needs a folder for its cache: set HOME or XDG_CACHE_HOME.",
        None,
    ),
    (
        r"undefined symbol: main\.main|function main is undeclared|entry symbol not defined",
        (
            "Built as a command, the package needs `func main()`. A function that only exports hooks is a reactor: "
            "set `ws_persistent: true` or `reactor: true` in function.yaml."
        ),
        None,
    ),
    (
        r"undefined symbol: os/signal\.|(?:package|symbol) (?:syscall|os/signal|net)\b",
        "The compiler has no such thing for WASI: this part of the standard library does not work there.",
        None,
    ),
    (
        r"undefined symbol: (\S+)|could not find symbol (\S+)",
        (
            "A function is declared without a body and nothing provides it. A host call needs "
            "`//go:wasmimport env NAME` on the line above; otherwise give it a body."
        ),
        None,
    ),
    (
        r"(?:no required module provides|cannot find module providing) package (\S+?)[;:]?(?: |$)",
        lambda found: Explanation(
            f"The import {found[1]} belongs to no module in go.mod.", f"go get {found[1].rstrip(';:')}"
        ),
        None,
    ),
    (
        r"missing go\.sum entry",
        "go.sum does not know a module that go.mod asks for.",
        "go mod tidy",
    ),
    (
        r"updates to go\.mod needed|inconsistent vendoring",
        "go.mod does not fit the imports any more.",
        "go mod tidy",
    ),
    (
        r"package \S+ is not in std|not declared by package|is not in GOROOT",
        (
            "The standard library that the compiler has for WASI has no such package or name. If it is a package of "
            "yours, its import path must begin with the module's. TinyGo's gaps: "
            "tinygo.org/docs/reference/lang-support/stdlib"
        ),
        None,
    ),
    (
        r"untyped int constant.*overflows|constant .* overflows (?:u?int|uintptr)\b",
        "int has 32 bits in WebAssembly: use int64 or uint64.",
        None,
    ),
    (
        r"expected main package to have name|is not a main package|-buildmode=\S+ requires exactly one main package",
        "A function is a main package: its files begin with `package main`.",
        None,
    ),
    (
        r"no Go files in |build constraints exclude all Go files",
        "The folder has no Go file that WASI can use: look for build constraints, or for a wrong folder.",
        None,
    ),
    (
        r"go:wasm(?:im|ex)port .*: unsupported (?:parameter|result) type",
        (
            "Host calls and exports take numbers and pointers only (int32, uint32, int64, float32, float64, "
            "unsafe.Pointer): pass text as pointer and length."
        ),
        None,
    ),
    (
        r"can only use //go:wasmimport on declarations",
        "A function with //go:wasmimport has no body: the host provides it.",
        None,
    ),
    (
        r"only \S*go:wasmexport|go:wasmexport .*(?:only|requires)|unknown //go:wasmexport",
        "`//go:wasmexport` needs TinyGo 0.35 or Go 1.24, and `go 1.24` in go.mod with stock Go.",
        None,
    ),
    (
        r"import cycle not allowed",
        "Packages import each other in a ring: move what both need into a third one.",
        None,
    ),
    (
        r"fatal: '.*' file not found",
        "A C header that the code includes is not there: TinyGo brings its own C library, not the machine's headers.",
        None,
    ),
    (
        r"dial tcp|no such host|TLS handshake timeout|connection refused|module lookup disabled by GOPROXY=off",
        "Modules could not be downloaded: no way to the network or the proxy. `go mod download`, once, online, helps.",
        "go mod download",
    ),
    (
        r"is a directory$",
        "function.wasm is a folder here: move it away, the compiler wants to write a file of that name.",
        None,
    ),
    (
        r"read-only file system|permission denied",
        "The compiler may not write there: check the owner and the mode of the folder.",
        None,
    ),
    (
        r"flag provided but not defined: -?-?buildmode",
        "This TinyGo is older than 0.35 and cannot build reactors: install a newer one.",
        None,
    ),
)
_PATTERNS: Final = tuple((re.compile(pattern), tell, fix) for pattern, tell, fix in _KNOWN)


def explain(diagnostic: Diagnostic) -> Explanation | None:
    """Plain words for a known failure; None for what speaks for itself."""
    text = "\n".join((diagnostic.message, *diagnostic.details))[:8_000]
    for pattern, tell, fix in _PATTERNS:
        found = pattern.search(text)
        if found is not None:
            return Explanation(tell, fix) if isinstance(tell, str) else tell(found)
    return None
