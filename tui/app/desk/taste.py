"""How a person wants the list of a workspace: what the screen asks for, and what is kept of it for the next time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal, get_args

from tui.facts import Fact

Sort = Literal["path", "state", "size", "build"]
SORTS: Final[tuple[Sort, ...]] = get_args(Sort)


class Taste(Fact):
    """How a person wants the list of a workspace."""

    sort: Sort = "path"
    flat: bool = False
    folded: frozenset[str] = frozenset()  # keys of folders


PLAIN: Final = Taste()


def taste_of(sort: str | None, flat: bool, folded: Iterable[str]) -> Taste:
    """What was remembered of it; an order that there is not is none."""
    return Taste(next((known for known in SORTS if known == sort), "path"), flat, frozenset(folded))
