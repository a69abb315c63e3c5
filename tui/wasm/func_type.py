"""The type of a function. Apart from all others, since running a module needs to know no more."""

from __future__ import annotations

from itertools import groupby

from tui.facts import Fact

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final


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


LONGEST: Final = 1_000  # parameters, and results: no engine takes a function with more
SHOWN: Final = 50  # of a list of types, in words or JSON


def _listing(types: tuple[str, ...], more: int, times: str) -> str:
    more += max(len(types) - SHOWN, 0)
    shown = ",".join(_runs(types[:SHOWN], times) if times else types[:SHOWN])
    return f"{shown}, and {more:,} more" if more else shown


def _runs(types: tuple[str, ...], times: str) -> Iterator[str]:
    for one, run in groupby(types):
        count = len(list(run))
        yield from [f"{one}{times}{count}"] if count > 2 else [one] * count
