"""What the wasm room hands on: a Module and its parts. All offsets and sizes are bytes from the file's start."""

from __future__ import annotations

from tui.facts import Fact

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Final, Literal

    from tui.wasm.mode import ExportMode

    ExternKind = Literal["func", "table", "memory", "global", "tag"]
    ModuleKind = Literal["core", "component", "not-wasm", "unknown"]
    FaultClass = Literal["malformed", "invalid", "limit"]

LONGEST: Final = 1_000  # parameters, and results: no engine takes a function with more
SHOWN: Final = 50  # of a list of types, in words or JSON
LIFECYCLE: Final = frozenset({"_start", "_initialize"})  # names of exports that tell the mode
NO_PRODUCERS: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {}


class FuncType(Fact):
    """A function signature; value types by their text-format names. Of each list at most LONGEST are kept."""

    params: tuple[str, ...] = ()
    results: tuple[str, ...] = ()
    more_params: int = 0  # beyond those listed
    more_results: int = 0
    digest: str = ""  # of the type's bytes, where not all of it is listed: two that differ are never equal

    def __str__(self) -> str:
        """`(i32,i32)->i64`, `(i32)->()`; of a long list the first types and how many follow."""
        return self.drawn("->")

    def drawn(self, arrow: str, times: str = "") -> str:
        """The same with another arrow; with a sign for it, what comes three times or more in a row as `i32×4`."""
        params = _listing(self.params, self.more_params, times)
        results = _listing(self.results, self.more_results, times)
        is_one = len(self.results) == 1 and not self.more_results
        return f"({params}){arrow}{results if is_one else f'({results})'}"


def _listing(types: tuple[str, ...], more: int, times: str) -> str:
    more += max(len(types) - SHOWN, 0)
    shown = ",".join(_runs(types[:SHOWN], times) if times else types[:SHOWN])
    return f"{shown}, and {more:,} more" if more else shown


def _runs(types: tuple[str, ...], times: str) -> Iterator[str]:
    from itertools import groupby

    for one, run in groupby(types):
        count = len(list(run))
        yield from [f"{one}{times}{count}"] if count > 2 else [one] * count


class Limits(Fact):
    """Limits of a memory (pages) or a table (elements)."""

    minimum: int
    maximum: int | None = None
    shared: bool = False
    is64: bool = False
    page_size: int = 65536  # bytes; memories only


class MemoryType(Fact):
    """A linear memory's type."""

    limits: Limits


class TableType(Fact):
    """A table's type."""

    element: str  # "funcref", "(ref null 3)"
    limits: Limits


class GlobalType(Fact):
    """A global's type."""

    value: str
    mutable: bool


class TagType(Fact):
    """An exception tag's type."""

    type: FuncType | None


ExternType = FuncType | MemoryType | TableType | GlobalType | TagType


class Import(Fact):
    """One import. `type` is None where the module does not say (an index out of range)."""

    module: str
    name: str
    kind: ExternKind
    type: ExternType | None


class Export(Fact):
    """One export. `type` is None where its index is out of range."""

    name: str
    kind: ExternKind
    index: int  # type: ignore[assignment]  # not the method of tuples
    type: ExternType | None


class Section(Fact):
    """One section. `offset` is that of its id byte, `header` the bytes of id and size, `size` the payload."""

    id: int
    name: str  # "type", "import", ...; a custom section's own name
    offset: int
    header: int
    size: int
    count: int | None  # type: ignore[assignment]  # declared entries; None where the section has no vector

    @property
    def start(self) -> int:
        """Offset of the payload's first byte."""
        return self.offset + self.header

    @property
    def end(self) -> int:
        """Offset just past the payload."""
        return self.offset + self.header + self.size


class DecodeNote(Fact):
    """An error or a warning with the offset that it is about.

    `fault` tells errors apart: "malformed" breaks the binary format, "invalid" breaks a validation rule that can be
    seen without a validator, "limit" is more than any engine takes.
    """

    offset: int
    message: str
    fault: FaultClass = "malformed"


class FunctionCounts(Fact):
    """How many functions a module has, and the bytes of their bodies (bodies with their size fields)."""

    imported: int = 0
    defined: int = 0
    code_bytes: int = 0


class DataSegment(Fact):
    """One data segment. `address` is None where it is passive or its offset is not a plain constant."""

    offset: int  # of its first content byte in the file
    size: int
    memory: int | None  # None: passive
    address: int | None


class SegmentCounts(Fact):
    """Data and element segments as a whole."""

    data: int = 0
    data_bytes: int = 0  # contents only
    passive_data: int = 0
    elements: int = 0
    element_entries: int = 0


class SubSection(Fact):
    """A subsection of the name section: where its payload lies, and how many entries it declares."""

    id: int
    name: str  # "module", "function", ...
    offset: int
    size: int
    count: int | None  # type: ignore[assignment]  # not the method of tuples


class Headroom(Fact):
    """How near a module is to a limit that engines and browsers share."""

    what: str
    used: int
    limit: int

    @property
    def share(self) -> float:
        """Used part of the limit; above 1 the module is refused."""
        return self.used / self.limit


class Counts(Fact):
    """Entries of the index spaces, imported and defined, also those beyond what is listed."""

    types: int = 0
    imports: int = 0
    tables: int = 0
    memories: int = 0
    globals: int = 0
    tags: int = 0
    exports: int = 0
    customs: int = 0


class Module(Fact):
    """All that the summary of one .wasm file tells. Malformed input gives what was read up to `errors`."""

    size: int
    kind: ModuleKind
    mode: ExportMode = "library"
    sections: tuple[Section, ...] = ()
    imports: tuple[Import, ...] = ()
    exports: tuple[Export, ...] = ()
    memories: tuple[MemoryType, ...] = ()  # defined and imported, in index order
    tables: tuple[TableType, ...] = ()
    start: int | None = None  # index of the start function
    producers: Mapping[str, tuple[tuple[str, str], ...]] = NO_PRODUCERS  # by field; (name, version)
    target_features: tuple[str, ...] = ()  # "+bulk-memory", ...
    toolchain: str | None = None  # "TinyGo 0.35.0", "Go 1.27"
    functions: FunctionCounts = FunctionCounts()
    errors: tuple[DecodeNote, ...] = ()
    warnings: tuple[DecodeNote, ...] = ()
    offset: int = 0  # of this module in its file; not 0 inside a component
    globals: tuple[GlobalType, ...] = ()  # the first of them; imported ones lead
    tags: tuple[TagType, ...] = ()
    counts: Counts = Counts()
    segments: SegmentCounts = SegmentCounts()
    data_segments: Sequence[DataSegment] = ()  # the first of them
    data_runs: Sequence[int] = ()  # of many short segments, as `decode.data_runs` keeps them
    name: str | None = None  # the module's own name, from the name section
    name_parts: tuple[SubSection, ...] = ()
    dwarf_bytes: int = 0  # .debug_* sections with their headers
    build_id: str | None = None  # hexadecimal, or Go's own form
    source_map: str | None = None
    children: tuple[Module, ...] = ()  # core modules and components inside a component
    component_imports: tuple[tuple[str, str], ...] = ()  # (kind, name) of what a component imports
    component_exports: tuple[tuple[str, str], ...] = ()
    headroom: tuple[Headroom, ...] = ()  # limits that are used by more than half
    body_offsets: Sequence[int] = ()  # of each body's size field, and the end of the last one
    unread: frozenset[int] = frozenset()  # ids of sections not read to their end, or not met; `warnings` says why
    not_counted: frozenset[str] = frozenset()  # names of counts that are therefore not known
    usual_bodies: bool = False  # whether the locals of all bodies are few runs, each of few and of a type of 2.0

    @property
    def complete(self) -> bool:
        """Whether all was read: False where it is too large, or took too long."""
        return not self.unread

    @property
    def ok(self) -> bool:
        """Whether this is a well-formed core module, as far as decoding can tell."""
        return self.kind == "core" and not self.errors

    @property
    def malformed(self) -> bool:
        """Whether the binary format itself is broken, beyond what a validator would refuse."""
        return any(note.fault == "malformed" for note in self.errors)

    @property
    def shape(self) -> str:
        """What a core module is for a linker: "object" (relocatable), "shared" (dynamic), or "" for a whole one."""
        names = {section.name for section in self.sections if section.id == 0}
        if names & {"dylink", "dylink.0"}:
            return "shared"
        return "object" if "linking" in names else ""

    @property
    def stripped(self) -> bool | None:
        """Whether function names are missing: a trace then shows numbers only. None: not read far enough to tell."""
        if any(part.id == 1 and part.count for part in self.name_parts):
            return False
        return None if 0 in self.unread else True

    def export(self, name: str) -> Export | None:
        """The export of that name, or None."""
        return next((e for e in self.exports if e.name == name), None)
