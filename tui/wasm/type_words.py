"""The type of an import or export on one line, as a person reads it."""

from __future__ import annotations

from tui.wasm.insight import memory_words, table_words
from tui.wasm.module import FuncType, GlobalType, MemoryType, TableType, TagType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tui.wasm.module import ExternType


def type_words(found: ExternType | None) -> str:
    """E.g. `(i32,i32)->i64`, `2 pages (128 KiB), no maximum`, `mut i32`; `?` where the module does not say."""
    if isinstance(found, FuncType):
        return str(found)
    if isinstance(found, TagType):
        return "?" if found.type is None else f"({','.join(found.type.params)})"
    if isinstance(found, MemoryType):
        return memory_words(found.limits)
    if isinstance(found, TableType):
        return f"{found.element}, {table_words(found.limits)}"
    if isinstance(found, GlobalType):
        return f"mut {found.value}" if found.mutable else found.value
    return "?"
