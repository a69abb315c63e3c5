"""What a module takes and offers. Apart from the rest of the model, since running one needs to know no more of it."""

from __future__ import annotations

from tui.facts import Fact

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from tui.wasm.extern_types import ExternType

    ExternKind = Literal["func", "table", "memory", "global", "tag"]


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
