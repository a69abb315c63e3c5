"""The type of a function. Apart from all others, since running a module needs to know no more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class FuncType:
    """A function signature; value types by their text-format names. Of each list at most LONGEST are kept."""

    params: tuple[str, ...] = ()
    results: tuple[str, ...] = ()
    more_params: int = 0  # beyond those listed
    more_results: int = 0
    digest: str = ""  # of the type's bytes, where not all of it is listed: two that differ are never equal

    def __str__(self) -> str:
        """`(i32, i32) -> (i64)`; of a long list the first types and how many follow."""
        return f"({_listing(self.params, self.more_params)}) -> ({_listing(self.results, self.more_results)})"


LONGEST: Final = 1_000  # parameters, and results: no engine takes a function with more
SHOWN: Final = 50  # of a list of types, in words or JSON


def _listing(types: tuple[str, ...], more: int) -> str:
    more += max(len(types) - SHOWN, 0)
    shown = ", ".join(types[:SHOWN])
    return f"{shown}, and {more:,} more" if more else shown
