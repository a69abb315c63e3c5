"""The types of what a module takes and offers beside functions."""

from __future__ import annotations

from dataclasses import dataclass

from tui.wasm.func_type import FuncType


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
