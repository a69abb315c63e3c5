"""The state of one decoding: what the section readers fill, and the budget that they work within."""

from __future__ import annotations

from tui.wasm.decode.types import FUNC, function_type
from tui.wasm.module import DecodeNote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import MutableSequence, Sequence
    from typing import Final

    from tui.wasm.decode.budget import Budget
    from tui.wasm.decode.core.data_runs import DataRun
    from tui.wasm.decode.core.listed import Listed
    from tui.wasm.module import (
        DataSegment,
        Export,
        ExternType,
        FaultClass,
        FuncType,
        GlobalType,
        Import,
        MemoryType,
        Section,
        SubSection,
        TableType,
        TagType,
    )

NOTE_LIMIT: Final = 1000  # of errors, and of warnings; the rest are not kept
LISTED: Final = 10_000  # tables, memories, globals and tags that are kept; the rest are counted


class Draft:
    """What is known so far of the module at `start`..`end` of `source`. Readers fill it, `decode` freezes it."""

    __slots__ = (
        "biggest_body",
        "body_offsets",
        "broken",
        "build_id",
        "component_exports",
        "component_imports",
        "counts",
        "customs",
        "data_count",
        "data_runs",
        "data_segments",
        "declared_data",
        "dwarf_bytes",
        "element_entries",
        "elements",
        "end",
        "entry",
        "errors",
        "export_count",
        "export_names",
        "exports",
        "func_type_cache",
        "function_types",
        "globals",
        "import_count",
        "imported",
        "imports",
        "memories",
        "most_locals",
        "name",
        "name_parts",
        "passive_data",
        "producers",
        "sections",
        "seen",
        "segment_bytes",
        "source",
        "source_map",
        "start",
        "start_function",
        "tables",
        "tags",
        "target_features",
        "tick",
        "type_offsets",
        "unread",
        "usual_bodies",
        "warnings",
        "widest_params",
        "widest_results",
        "widest_struct",
    )  # fmt: skip

    def __init__(self, source: bytes, start: int, end: int, budget: Budget) -> None:
        self.source = source
        self.start = start
        self.end = end
        self.tick = budget.tick
        self.entry: int | None = None  # of the section that is being read, for messages
        self.sections: list[Section] = []
        self.customs = 0
        self.errors: list[DecodeNote] = []
        self.warnings: list[DecodeNote] = []
        self.broken: set[int] = set()  # ids of sections that could not be read to the end
        self.seen: set[int] = set()  # section ids met so far, customs apart
        self.unread: set[int] = set()  # ids of sections that the deadline cut
        self.type_offsets: MutableSequence[int] = []  # of each composite type in the index space
        self.func_type_cache: dict[int, FuncType | None] = {}
        self.widest_params = self.widest_results = self.widest_struct = 0
        self._start_externs()
        self._start_contents()

    def _start_externs(self) -> None:
        """What a module asks for, defines and offers."""
        self.imports: list[Import] = []
        self.import_count = 0
        self.imported: MutableSequence[int] = []  # type index of each imported function
        self.function_types: Sequence[int] = b""  # type index of each defined function
        self.tables: list[TableType] = []
        self.memories: list[MemoryType] = []
        self.globals: list[GlobalType] = []
        self.tags: list[TagType] = []
        self.counts = {"table": 0, "memory": 0, "global": 0, "tag": 0}  # also those that are not kept
        self.exports: list[Export] = []
        self.export_names: set[str] = set()
        self.export_count = 0
        self.start_function: int | None = None

    def _start_contents(self) -> None:
        """Its code, its segments, and what custom sections say of it."""
        self.elements = self.element_entries = 0
        self.declared_data: int | None = None
        self.body_offsets: Sequence[int] = ()
        self.biggest_body = self.most_locals = 0
        self.usual_bodies = False
        self.data_count = self.passive_data = self.segment_bytes = 0
        self.data_segments: list[DataSegment] | Listed = []  # the latter where there are many
        self.data_runs: list[DataRun] = []
        self.name: str | None = None
        self.name_parts: list[SubSection] = []
        self.producers: dict[str, tuple[tuple[str, str], ...]] = {}
        self.target_features: tuple[str, ...] = ()
        self.dwarf_bytes = 0
        self.build_id: str | None = None
        self.component_imports: list[tuple[str, str]] = []  # kind, name
        self.component_exports: list[tuple[str, str]] = []
        self.source_map: str | None = None

    def fail(self, offset: int, message: str, fault: FaultClass = "malformed") -> None:
        """Note an error."""
        if len(self.errors) < NOTE_LIMIT:
            self.errors.append(DecodeNote(offset, message, fault))

    def warn(self, offset: int, message: str) -> None:
        """Note a warning."""
        if len(self.warnings) < NOTE_LIMIT:
            self.warnings.append(DecodeNote(offset, message, "invalid"))

    def func_type(self, index: int) -> FuncType | None:
        """The function type at that type index, or None where there is none, or one of another kind."""
        if index in self.func_type_cache:
            return self.func_type_cache[index]
        found = None
        if index < len(self.type_offsets):
            position = self.type_offsets[index]
            if self.source[position] == FUNC:
                found, _ = function_type(self.source, position + 1, self.end, self.tick)
        self.func_type_cache[index] = found
        return found

    def function_type_index(self, function: int) -> int | None:
        """The type index of a function of the index space, imported ones first."""
        if function < len(self.imported):
            return self.imported[function]
        function -= len(self.imported)
        return self.function_types[function] if function < len(self.function_types) else None

    def is_known(self, kind: str) -> bool:
        """Whether all that makes up the index space of that kind was read: only then an index can be judged."""
        return self.unread.isdisjoint(_MAKERS[kind])

    def extern_type(self, kind: str, index: int) -> ExternType | None:
        """What an index of that kind stands for; None where it is out of range, not known, or not kept."""
        if self.unread and not self.is_known(kind):
            return None
        if kind == "func":
            type_index = self.function_type_index(index)
            if type_index in self.func_type_cache:
                return self.func_type_cache[type_index]
            return None if type_index is None else self.func_type(type_index)
        space: Sequence[ExternType] = getattr(self, SPACES[kind])
        return space[index] if index < len(space) else None

    def space_size(self, kind: str) -> int:
        """How many entries the index space of that kind has."""
        if kind == "func":
            return len(self.imported) + len(self.function_types)
        return self.counts[kind]


# kind -> ids of the sections that its index space is made of; "type" and "func" need the type section to be told
_MAKERS: Final = {
    "type": {1},
    "func": {1, 2, 3},
    "table": {2, 4},
    "memory": {2, 5},
    "global": {2, 6},
    "tag": {1, 2, 13},
}
SPACES: Final = {"table": "tables", "memory": "memories", "global": "globals", "tag": "tags"}
