"""The types of what a module takes and offers beside functions."""

from __future__ import annotations

from tui.facts import Fact
from tui.wasm.func_type import FuncType


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
