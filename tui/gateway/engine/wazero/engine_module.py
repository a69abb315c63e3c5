"""A module as wazero has it after reading: what its own rules are about. Value types are their bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from tui.facts import Fact
from tui.wasm.decode.core.data_runs import DataRun


class FunctionType(Fact):
    """Parameters and results, a byte each."""

    params: bytes
    results: bytes


class ImportEntry(Fact):
    """One import: kind 0 to 3; for a function the index of its type, for a global its value type."""

    module: str
    name: str
    kind: int
    value: int


class ExportEntry(Fact):
    """One export: kind 0 to 3, and its number in the index space of that kind."""

    name: str
    kind: int
    number: int


class TableLimits(Fact):
    """A table: type of its elements, and how many it starts with."""

    element: int
    minimum: int


class Constant(Fact):
    """A constant expression of one instruction: its opcode and operand, 0 where it has none that matters."""

    opcode: int
    value: int


class Element(Fact):
    """An element segment of functions alone, or of entries (what, index): a function, a global, or nothing (null)."""

    active: bool
    element: int
    table: int
    offset: Constant | None
    functions: Sequence[int]  # where a byte tells of one, no more than that is held: there may be millions
    entries: list[tuple[str, int]]


class Segment(Fact):
    """A data segment: passive where it has no offset."""

    offset: Constant | None
    size: int


class Body(Fact):
    """A function's body: runs of locals (how many, of which type), and where its instructions lie in the file."""

    locals: list[tuple[int, int]]
    start: int
    end: int


@dataclass
class EngineModule:
    """What the sections hold. Imported things lead in `tables` and `globals`."""

    cap: int  # pages that the host lets a memory have
    types: list[FunctionType] = field(default_factory=list)
    imports: list[ImportEntry] = field(default_factory=list)
    imported_functions: list[int] = field(default_factory=list)  # type indices
    functions: list[int] = field(default_factory=list)  # type indices
    imported_tables: list[TableLimits] = field(default_factory=list)
    defined_tables: list[TableLimits] = field(default_factory=list)
    imported_memory: int | None = None  # pages at start
    defined_memory: int | None = None
    imported_globals: list[tuple[int, bool]] = field(default_factory=list)  # value type, mutable
    defined_globals: list[tuple[int, bool]] = field(default_factory=list)
    initial: list[Constant] = field(default_factory=list)  # of the defined globals
    exports: list[ExportEntry] = field(default_factory=list)
    start: int | None = None
    elements: list[Element] = field(default_factory=list)
    bodies: Sequence[Body] = ()
    has_code: bool = False
    most_locals: int = 0  # of those bodies that do not have few
    data_count: int = 0
    data: dict[int, Segment] = field(default_factory=dict)  # by number; without those that are known to fit
    runs: Mapping[int, DataRun] = field(default_factory=dict)  # that are known to stand in the file, by their start
    usual_bodies: Sequence[int] = ()  # where bodies lie, and the end of the last one, if all are known to be usual
    announced_data: int | None = None
    named: bool = False  # whether it has a name section

    @property
    def tables(self) -> list[TableLimits]:
        """Every table, imported ones first."""
        return [*self.imported_tables, *self.defined_tables]

    @property
    def globals(self) -> list[tuple[int, bool]]:
        """Every global, imported ones first."""
        return [*self.imported_globals, *self.defined_globals]

    @property
    def memory(self) -> int | None:
        """Pages of the memory at start; None without a memory."""
        return self.imported_memory if self.defined_memory is None else self.defined_memory

    def type_of(self, function: int) -> FunctionType | None:
        """The type of a function of the index space; None where there is none."""
        imported = len(self.imported_functions)
        if function >= imported + len(self.functions):
            return None
        index = self.imported_functions[function] if function < imported else self.functions[function - imported]
        return self.types[index] if index < len(self.types) else None

    def described(self, number: int) -> str:
        """A defined function as the engine's messages name it: `function[3] export["handle"]`."""
        index = len(self.imported_functions) + number
        names = sorted(quoted(export.name) for export in self.exports if export.kind == 0 and export.number == index)
        return f"function[{number}]" + (f" export[{','.join(names)}]" if names else "")


_ESCAPES: Final = {"\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v"}


def quoted(text: str) -> str:
    """A name in quotes as Go prints it with %q."""
    return '"' + "".join(map(_shown, text)) + '"'


def _shown(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    if character.isprintable() or character in _ESCAPES:
        return _ESCAPES.get(character, character)
    code = ord(character)
    if code < 0x80:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
