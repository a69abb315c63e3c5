"""What a module takes and offers, and the types of it. Apart from the rest of the model, since running one needs to
know no more of it.
"""

from __future__ import annotations

from tui.facts import Fact

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final, Literal

    ExternKind = Literal["func", "table", "memory", "global", "tag"]

LONGEST: Final = 1_000  # parameters, and results: no engine takes a function with more
SHOWN: Final = 50  # of a list of types, in words or JSON


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
