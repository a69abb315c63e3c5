"""Known failures in a plain sentence, with what to do about them. One table: adding one touches one place.

Words alone mislead: what a failure means hangs on the plan, the compiler, the sources and go.mod, so an entry may ask
them, and may decline (None): then the next one is tried.
"""

from __future__ import annotations

import re
from typing import Final

from tui.building.errors import circumstances as because
from tui.building.errors.circumstances import Explanation, Failure, Tell
from tui.building.errors.situation import Situation
from tui.building.errors.sources import Sources
from tui.building.events import Diagnostic
from tui.text import printable
from tui.workspace.names import module_command


def _plain(words: str, fix: str | None = None) -> Tell:
    return lambda _: Explanation(words, fix)


# --- the table: looked for in the message and its details, in this order; the first that tells, tells.

_KNOWN: Final[tuple[tuple[str, Tell], ...]] = (
    (
        r"duplicate export name|symbol \S+ redeclared|duplicate .*go:wasmexport|wasmexport.*(?:duplicate|redeclared)",
        because.duplicate_export,
    ),
    (r"\A(?:panic: |SIG[A-Z]+: |fatal error: (?!'))", because.crash),
    (
        r"could not find wasm-opt|as wasm-opt|no usable wasm-opt|fork/exec .*wasm-opt",
        _plain("TinyGo needs a working wasm-opt for its last step: install binaryen, or set WASMOPT to the program."),
    ),
    (
        r"wasm-opt failed|wasm-opt: exit status",
        _plain("wasm-opt, TinyGo's last step, refused the module that TinyGo made: its words are above."),
    ),
    (
        r"requires go version (\S+) through (\S+), got go(\S+)",
        lambda f: Explanation(
            f"This TinyGo takes Go {f.found[1]} to {f.found[2]}; PATH has Go {f.found[3]}. Put an older Go first on "
            "PATH, or install a newer TinyGo."
        ),
    ),
    (
        r"cannot compile with Go toolchain version go(\S+)(?: \(TinyGo was built using toolchain version go([^)\s]+))?",
        lambda f: Explanation(
            f"PATH has Go {f.found[1]}, newer than the Go that this TinyGo was built with"
            + (f" ({f.found[2]})" if f.found[2] else "")
            + ". Put an older Go first on PATH, or install a newer TinyGo."
        ),
    ),
    (
        r"go\.mod file not found|cannot find main module",
        lambda f: Explanation(
            "There is no go.mod in the function's folder or above it. `go mod init` makes one.",
            module_command(f.sources.directory.name),
        ),
    ),
    (r"requires go >= (\S+) \(running go (\S+?)[;)]", because.newer_go),
    (
        r"download (go1[\w.]*): golang\.org/toolchain",
        because.go_download,
    ),
    (
        r"could not find 'go' command|exec: \"go\": executable file not found",
        _plain("TinyGo needs the go command, and PATH has none: install Go in a version that this TinyGo takes."),
    ),
    (
        r"unsupported GOOS/GOARCH pair wasip1/wasm",
        _plain("The go on PATH is older than 1.21 and does not know WASI: put a newer one first on PATH."),
    ),
    (
        r"could not find wasi-libc",
        _plain("This TinyGo was built without its C library: run `make wasi-libc` in its tree, or install a release."),
    ),
    (
        r"targets/.*\.json: no such file",
        _plain("This TinyGo does not know the target: check its installation and TINYGOROOT."),
    ),
    (
        r"LLVM ERROR: out of memory|cannot allocate memory",
        _plain("The compiler ran out of memory. Build fewer functions at once, or free some: big programs need 4 GB."),
    ),
    (r"signal: killed", because.killed),
    (
        r"no space left on device",
        _plain("The disk is full: free some space where the function or its temporary folder lies."),
    ),
    (
        r"neither \$XDG_CACHE_HOME nor \$HOME are defined|GOCACHE is not defined",
        _plain("The compiler needs a folder for its cache: set HOME or XDG_CACHE_HOME."),
    ),
    (r"undefined symbol: main\.main|function main is undeclared|entry symbol not defined", because.no_main),
    (
        r"undefined symbol: (?:os/signal|syscall|net)\.|(?:package|symbol) (?:syscall|os/signal|net)\b",
        because.no_such_std,
    ),
    (
        r"undefined symbol: (\S+)|could not find symbol (\S+)|relocation target (\S+) not def|missing function body",
        because.symbol,
    ),
    (
        r"(?:no required module provides|cannot find module providing) package (\S+?)[;:]?(?: |$)",
        because.no_module,
    ),
    (r"missing go\.sum entry", _plain("go.sum does not know a module that go.mod asks for.", "go mod tidy")),
    (
        r"inconsistent vendoring",
        lambda f: Explanation(
            "The vendor folder does not fit go.mod: `go mod vendor` fills it anew (`go mod tidy` leaves it as it is).",
            "go work vendor" if "go work vendor" in "\n".join(f.diagnostic.details) else "go mod vendor",
        ),
    ),
    (r"updates to go\.mod needed", _plain("go.mod does not fit the imports any more.", "go mod tidy")),
    (
        r"cannot load module (\S+) listed in go\.work",
        lambda f: Explanation(
            f"go.work names {printable(f.found[1])}, and there is no module in that folder: mend or remove the line, "
            "or build with GOWORK=off."
        ),
    ),
    (
        r"use of internal package (\S+) not allowed",
        lambda f: Explanation(
            f"{printable(f.found[1])} is internal: only packages beside it may import it. Take the import out."
        ),
    ),
    (
        r"found packages (\w+) \(([^)]+)\) and (\w+) \(([^)]+)\)",
        lambda f: Explanation(
            f"The Go files of one folder are one package: {printable(f.found[2])} says {f.found[1]}, "
            f"{printable(f.found[4])} says {f.found[3]}. Begin both with `package main`, or move one."
        ),
    ),
    (r"exclude all Go files in \S*syscall/js|imports syscall/js: build constraints", because.excluded),
    (r"\Apackage \S+\Z", because.nothing_left),
    (r"imports \S+: build constraints exclude all Go files", because.excluded),
    (r"package (\S+) is not in (?:std|GOROOT)", because.not_in_std),
    (
        r"could not import C\b|import \"C\"|runtime/cgo",
        _plain(
            'cgo: TinyGo compiles C beside the Go files; stock Go has none for WASI. Take `import "C"` out, '
            "or build with TinyGo."
        ),
    ),
    (
        r"not declared by package|undefined: \w+\.\w+$",
        because.std_lacks,
    ),
    (r"\Aundefined: (\w+)$", because.undefined),
    (
        r"untyped int constant.*overflows|constant .* overflows (?:u?int|uintptr)\b",
        _plain("int has 32 bits in WebAssembly: use int64 or uint64."),
    ),
    (
        r"expected main package to have name|is not a main package|-buildmode=\S+ requires exactly one main package",
        _plain("A function is a main package: its files begin with `package main`."),
    ),
    (r"no Go files in |build constraints exclude all Go files", because.no_files),
    (
        r"go:wasm(?:im|ex)port\b.*: unsupported (?:parameter|result) type",
        _plain(
            "Host calls and exports take numbers and pointers only (int32, uint32, int64, float32, float64, "
            "unsafe.Pointer): pass text as pointer and length."
        ),
    ),
    (
        r"can only use //go:wasmimport on declarations",
        _plain("A function with //go:wasmimport has no body: the host provides it."),
    ),
    (
        r"expected one parameter to //go:wasm(im|ex)port",
        lambda f: Explanation(
            "//go:wasmimport takes a module and a name: `//go:wasmimport env get_secret`."
            if f.found[1] == "im"
            else "//go:wasmexport takes a name: `//go:wasmexport handle`."
        ),
    ),
    (
        r"go:wasmexport does not allow",
        _plain("That name belongs to the runtime: export the function under another."),
    ),
    (
        r"only \S*go:wasmexport|go:wasmexport .*(?:only|requires)|unknown //go:wasmexport",
        _plain("`//go:wasmexport` needs TinyGo 0.35 or Go 1.24, and `go 1.24` in go.mod with stock Go."),
    ),
    (
        r"import cycle not allowed",
        _plain("Packages import each other in a ring: move what both need into a third one."),
    ),
    (
        r"fatal: '.*' file not found",
        _plain(
            "A C header that the code includes is not there: TinyGo brings its own C library, "
            "not the machine's headers."
        ),
    ),
    (
        r"no matching files found",
        _plain("//go:embed names a file that is not there: its path is relative to the folder of the Go file."),
    ),
    (
        r"\binterp: |\Ainterp\b|unreachable executed|\binterp/",
        _plain(
            "TinyGo runs what initialises package variables while it compiles, and cannot run this: do it in main, "
            "or on the first call."
        ),
    ),
    (
        r"dial tcp|no such host|TLS handshake timeout|connection refused|module lookup disabled by GOPROXY=off",
        _plain(
            "Modules could not be downloaded: no way to the network or the proxy. "
            "`go mod download`, once, online, helps.",
            "go mod download",
        ),
    ),
    (
        r"is a directory$",
        _plain("function.wasm is a folder here: move it away, the compiler wants to write a file of that name."),
    ),
    (
        r"read-only file system|permission denied",
        _plain("The compiler may not write there: check the owner and the mode of the folder."),
    ),
    (
        r"flag provided but not defined: -?-?buildmode",
        _plain("This TinyGo is older than 0.35 and cannot build reactors: install a newer one."),
    ),
)


_PATTERNS: Final = tuple((re.compile(pattern, re.MULTILINE), tell) for pattern, tell in _KNOWN)


def explain(diagnostic: Diagnostic, situation: Situation, sources: Sources) -> Explanation | None:
    """Plain words for a known failure; None for what speaks for itself."""
    text = "\n".join((diagnostic.message, *diagnostic.details))[:8_000]
    for pattern, tell in _PATTERNS:
        found = pattern.search(text)
        if found is not None:
            told = tell(Failure(found, diagnostic, situation, sources))
            if told is not None:
                return told
    return None
