"""What the wasm room hands on: a Module and its parts. All offsets and sizes are bytes from the file's start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

ModuleKind = Literal["core", "component", "not-wasm", "unknown"]
ExternKind = Literal["func", "table", "memory", "global", "tag"]


class ExportMode(StrEnum):
    """Which WASI life-cycle hook a module exports, by kind and signature, not by name alone."""

    COMMAND = "command"  # _start () -> ()
    REACTOR = "reactor"  # _initialize () -> ()
    BOTH = "both"
    LIBRARY = "library"  # neither


@dataclass(frozen=True, slots=True)
class FuncType:
    """A function signature; value types by their text-format names."""

    params: tuple[str, ...] = ()
    results: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"({', '.join(self.params)}) -> ({', '.join(self.results)})"


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of a memory (pages) or a table (elements)."""

    minimum: int
    maximum: int | None = None
    shared: bool = False
    is64: bool = False
    page_size: int = 65536  # bytes; memories only


@dataclass(frozen=True, slots=True)
class MemoryType:
    """A linear memory's type."""

    limits: Limits


@dataclass(frozen=True, slots=True)
class TableType:
    """A table's type."""

    element: str  # "funcref", "(ref null 3)"
    limits: Limits


@dataclass(frozen=True, slots=True)
class GlobalType:
    """A global's type."""

    value: str
    mutable: bool


@dataclass(frozen=True, slots=True)
class TagType:
    """An exception tag's type."""

    type: FuncType | None


ExternType = FuncType | MemoryType | TableType | GlobalType | TagType


@dataclass(frozen=True, slots=True)
class Section:
    """One section. `offset` is that of its id byte, `header` the bytes of id and size, `size` the payload."""

    id: int
    name: str  # "type", "import", ...; a custom section's own name
    offset: int
    header: int
    size: int
    count: int | None  # declared entries; None where the section has no vector

    @property
    def start(self) -> int:
        """Offset of the payload's first byte."""
        return self.offset + self.header

    @property
    def end(self) -> int:
        """Offset just past the payload."""
        return self.offset + self.header + self.size


@dataclass(frozen=True, slots=True)
class Import:
    """One import. `type` is None where the module does not say (an index out of range)."""

    module: str
    name: str
    kind: ExternKind
    type: ExternType | None


@dataclass(frozen=True, slots=True)
class Export:
    """One export. `type` is None where its index is out of range."""

    name: str
    kind: ExternKind
    index: int
    type: ExternType | None


@dataclass(frozen=True, slots=True)
class DecodeNote:
    """An error or a warning with the offset that it is about."""

    offset: int
    message: str


@dataclass(frozen=True, slots=True)
class FunctionCounts:
    """How many functions a module has, and the bytes of their bodies (bodies with their size fields)."""

    imported: int = 0
    defined: int = 0
    code_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Module:
    """All that the summary of one .wasm file tells. Malformed input gives what was read up to `errors`."""

    size: int
    kind: ModuleKind
    mode: ExportMode = ExportMode.LIBRARY
    sections: tuple[Section, ...] = ()
    imports: tuple[Import, ...] = ()
    exports: tuple[Export, ...] = ()
    memories: tuple[MemoryType, ...] = ()  # defined and imported, in index order
    tables: tuple[TableType, ...] = ()
    start: int | None = None  # index of the start function
    producers: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    target_features: tuple[str, ...] = ()  # "+bulk-memory", ...
    toolchain: str | None = None  # "TinyGo 0.35.0", "Go 1.27"
    functions: FunctionCounts = FunctionCounts()
    errors: tuple[DecodeNote, ...] = ()
    warnings: tuple[DecodeNote, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether this is a structurally well-formed core module."""
        return self.kind == "core" and not self.errors

    def export(self, name: str) -> Export | None:
        """The export of that name, or None."""
        return next((e for e in self.exports if e.name == name), None)
