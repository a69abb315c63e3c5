"""What a verdict is about: one function's config, module and sources, gathered from its directory."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tui.facts import Fact
from tui.gateway.checks.gocalls import GoReturn, GoUse
from tui.gateway.checks.gosource import GoExport, GoImport, built, constraint, scan
from tui.gateway.verdict import Place
from tui.reading import read_start
from tui.wasm.module import Module
from tui.workspace.names import GO_NAME

if TYPE_CHECKING:
    from tui.gateway.checks.imports import ImportGroup
    from tui.wasm.decode.budget import Budget
    from tui.wasm.validate import Validation
    from tui.workspace.function import ConfigReading, FunctionConfig

MAX_FILES: Final = 500  # Go files of one package
MAX_FILE_BYTES: Final = 2_000_000  # a Go file; generated tables reach a megabyte
MAX_BYTES: Final = 20_000_000  # all Go files of one package
_GO_LINE: Final = re.compile(r"^[ \t]*go[ \t]+(\d+(?:\.\d+)*\S*)", re.MULTILINE)
_TOOLCHAIN_LINE: Final = re.compile(r"^[ \t]*toolchain[ \t]+(go\d\S*)", re.MULTILINE)
# `name_linux.go` is for another system; these are the systems that occur in real packages.
_OTHER_SYSTEM: Final = re.compile(
    r"_(?:aix|android|darwin|dragonfly|freebsd|illumos|ios|js|linux|netbsd|openbsd|plan9|solaris|windows"
    r"|386|amd64|arm|arm64|loong64|mips|mips64|mips64le|mipsle|ppc64|ppc64le|riscv64|s390x)\.go$"
)


class SourceFacts(Fact):
    """What the Go files of a function's package say. Paths in places are relative to the function directory."""

    go_mod: Path | None = None  # the go.mod in the directory or the nearest one above
    go_line: str | None = None  # its `go` line: "1.24"
    go_line_at: int | None = None  # 1-based
    files: tuple[str, ...] = ()  # names of the files that a build would take
    packages: tuple[str, ...] = ()  # package clauses found, in order
    main: Place | None = None
    exports: tuple[GoExport, ...] = ()
    imports: tuple[GoImport, ...] = ()
    stdio: Place | None = None  # the first use of stdin or stdout
    uses: tuple[GoUse, ...] = ()  # of imported packages
    returns: tuple[GoReturn, ...] = ()  # calls whose result is returned
    unread: tuple[tuple[str, str], ...] = ()  # file and why
    left_out: tuple[tuple[str, int, str], ...] = ()  # Go files that no build for WASI takes: name, line, what says so
    has_function_go: bool = True
    toolchain: str | None = None  # go.mod's `toolchain` line: "go1.24.3"
    toolchain_at: int | None = None  # 1-based
    go_mod_place: str = "go.mod"  # go.mod as seen from the function directory: "../../go.mod"


@dataclass(frozen=True, slots=True)
class Subject:
    """All that a verdict is made from. What is None is not there, or was not asked for."""

    directory: Path
    reading: ConfigReading | None = None
    module: Module | None = None
    module_error: str | None = None  # why function.wasm could not be read at all
    stale: str | None = None  # why the module is older than what it was built from
    sources: SourceFacts | None = None
    go_version: str | None = None  # the Go of the compiler in use: "1.23.9"
    wasm: bytes | None = field(default=None, repr=False)  # the module's bytes, for what only code bodies tell
    validation: Validation | None = None  # of the module's bodies, where the extra is installed and it was done
    failed: str | None = None  # why the last build failed, where the inputs are still those that it failed from
    imports: tuple[ImportGroup, ...] | None = None  # the module's, judged; None: not yet
    budget: Budget | None = field(default=None, repr=False)  # what may be spent on `wasm`; None: one of its own

    @property
    def config(self) -> FunctionConfig | None:
        """The config, where function.yaml is accepted."""
        return self.reading.config if self.reading is not None else None


def gather_sources(directory: Path) -> SourceFacts:
    """What the Go files in `directory` say. Never raises: what cannot be read is named in `unread`."""
    unread: list[tuple[str, str]] = []
    try:
        listed = sorted(entry.name for entry in directory.iterdir() if _is_source(entry.name))[:MAX_FILES]
    except OSError as error:
        return SourceFacts(unread=((".", error.strerror or str(error)),))
    texts = _texts(directory, [name for name in listed if _belongs(name)], unread)
    taken = {name: text for name, text in texts.items() if built(text)}
    files = [scan(name, text) for name, text in taken.items()]
    go_mod = _go_mod(directory, unread)
    return SourceFacts(
        go_mod=go_mod.path,
        go_line=go_mod.go,
        go_line_at=go_mod.go_at,
        toolchain=go_mod.toolchain,
        toolchain_at=go_mod.toolchain_at,
        left_out=tuple(
            _left_out(name, texts.get(name, "")) for name in listed if name not in taken and _known(name, unread)
        ),
        has_function_go=GO_NAME in listed,
        files=tuple(file.name for file in files),
        packages=tuple(dict.fromkeys(file.package for file in files if file.package is not None)),
        main=next((file.main for file in files if file.main is not None), None),
        exports=tuple(export for file in files for export in file.exports),
        imports=tuple(entry for file in files for entry in file.imports),
        stdio=next((file.stdio for file in files if file.stdio is not None), None),
        uses=tuple(use for file in files for use in file.uses),
        returns=tuple(one for file in files for one in file.returns),
        unread=tuple(unread),
        go_mod_place=_relative(directory, go_mod.path),
    )


def _is_source(name: str) -> bool:
    return name.endswith(".go") and not name.endswith("_test.go") and not name.startswith(("_", "."))


def _belongs(name: str) -> bool:
    """Whether a build of the package reads the file, by its name."""
    return _OTHER_SYSTEM.search(name) is None


def _known(name: str, unread: list[tuple[str, str]]) -> bool:
    return all(name != each for each, _ in unread)


def _left_out(name: str, text: str) -> tuple[str, int, str]:
    """A file that no build for WASI takes, and the line that says so; its name where that does."""
    line = constraint(text) if text else None
    return (name, *line) if line is not None else (name, 1, f"the name {name} is for another system")


def _texts(directory: Path, names: list[str], unread: list[tuple[str, str]]) -> dict[str, str]:
    """The text of each file, as long as there is room for it."""
    texts: dict[str, str] = {}
    left = MAX_BYTES
    for name in names:
        if left <= 0:
            unread.append((name, f"the package has more than {MAX_BYTES:,} bytes of Go files"))
            continue
        text = _text(directory / name, unread)
        if text is not None:
            texts[name] = text
            left -= len(text)
    return texts


def _text(path: Path, unread: list[tuple[str, str]]) -> str | None:
    try:
        source = read_start(path, MAX_FILE_BYTES + 1)
    except OSError as error:
        unread.append((path.name, error.strerror or str(error)))
        return None
    if len(source) > MAX_FILE_BYTES:
        unread.append((path.name, f"larger than {MAX_FILE_BYTES:,} bytes; the first are looked at"))
    return source[:MAX_FILE_BYTES].decode("utf-8", "replace")


class _GoMod(Fact):
    """The go.mod in force, and the lines of it that name a Go: value and 1-based line."""

    path: Path | None = None
    go: str | None = None
    go_at: int | None = None
    toolchain: str | None = None
    toolchain_at: int | None = None


def _go_mod(directory: Path, unread: list[tuple[str, str]]) -> _GoMod:
    """The nearest go.mod at or above the directory."""
    here = directory.absolute()
    for folder in (here, *here.parents):
        path = folder / "go.mod"
        if os.path.isfile(path):
            text = _text(path, unread) or ""
            return _GoMod(path, *_line(_GO_LINE, text), *_line(_TOOLCHAIN_LINE, text))
    return _GoMod()


def _line(pattern: re.Pattern[str], text: str) -> tuple[str | None, int | None]:
    found = pattern.search(text)
    return (found[1], text.count("\n", 0, found.start(1)) + 1) if found is not None else (None, None)


def _relative(directory: Path, go_mod: Path | None) -> str:
    """go.mod as seen from the function directory."""
    if go_mod is None:
        return "go.mod"
    here = directory.absolute()
    ups = [here, *here.parents].index(go_mod.parent)
    return "../" * ups + "go.mod"
