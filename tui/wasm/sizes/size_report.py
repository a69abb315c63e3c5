"""What the wasm room hands on about sizes: rows by package and function, retained sizes, differences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.facts import Fact

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tui.wasm.module import DecodeNote
    from tui.wasm.sizes.packages import SizeGroup


class FunctionSize(Fact):
    """One defined function. `size` is its body with the size field, in bytes."""

    index: int  # type: ignore[assignment]  # in the function index space, imports first
    symbol: str  # as the module has it, raw; `func[12]` where it has none
    name: str  # within its package
    size: int


class PackageSize(Fact):
    """One row: a Go package, or one of the rows that are none. Its functions are sorted, the largest first."""

    name: str
    group: SizeGroup
    size: int
    functions: tuple[FunctionSize, ...]


@dataclass(frozen=True, slots=True)
class SizeReport:
    """Own sizes. The rows' sizes sum to `code_bytes`, the code section with its header."""

    code_bytes: int
    rows: tuple[PackageSize, ...]
    retained_note: str | None  # why retained sizes mean nothing for this module; None where they do
    warnings: tuple[DecodeNote, ...] = ()
    inlined: str | None = None  # that nothing of the user's own package is left as a function

    def share(self, size: int) -> float:
        """Part of the code section that `size` bytes are, 0 to 1."""
        return size / self.code_bytes if self.code_bytes else 0.0


class Retained(Fact):
    """Bytes of code that would go away with a function, or with a whole row: own, and what only it leads to."""

    functions: Mapping[int, int]  # by function index
    rows: Mapping[str, int]  # by row name
    dominators: Mapping[int, int]  # immediate dominator; -1 stands for the module itself
    seconds: float  # CPU
    note: str | None = None  # what is missing: bodies that could not be walked
