"""What a module takes and offers. Apart from the rest of the model, since running one needs to know no more of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from tui.wasm.extern_types import ExternType

ExternKind = Literal["func", "table", "memory", "global", "tag"]


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
