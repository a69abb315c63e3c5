"""A position in one section of a component, and the primitives that are read there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui.wasm.decode.budget import paced
from tui.wasm.decode.leb import Malformed, name, u32, vector_count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.wasm.decode.core.draft import Draft

DEEPEST: Final = 50  # types that are written inside one another


def invalid(at: int, words: str) -> Malformed:
    """The fault of what is well-formed and breaks a rule of validation."""
    return Malformed(at, words, "invalid")


class Cursor:
    """A position in one section of a component. Every reader raises Malformed or IndexError."""

    __slots__ = ("at", "depth", "draft", "end", "source")

    def __init__(self, draft: Draft, position: int, end: int) -> None:
        self.draft = draft
        self.source = draft.source
        self.at = position
        self.end = end
        self.depth = 0

    def peek(self) -> int:
        """The next byte, which stays."""
        if self.at >= self.end:
            raise IndexError
        return self.source[self.at]

    def byte(self) -> int:
        """The next byte."""
        found = self.peek()
        self.at += 1
        return found

    def one_of(self, what: str, allowed: frozenset[int] | range) -> int:
        """A byte that must be one of those."""
        found = self.byte()
        if found not in allowed:
            raise Malformed(self.at - 1, f"0x{found:02X} is not {what}")
        return found

    def flag(self, what: str) -> bool:
        """A byte that is 0 or 1."""
        return self.one_of(f"{what} (0 or 1)", range(2)) == 1

    def number(self) -> int:
        """An index, or any other number of 32 bits."""
        found, self.at = u32(self.source, self.at)
        return found

    def text(self) -> str:
        """A name."""
        found, self.at = name(self.source, self.at, self.end)
        return found

    def each(self, what: str) -> Iterator[int]:
        """The numbers of a vector's entries; the clock is looked at once in a batch of them."""
        count, self.at = vector_count(self.source, self.at, self.end, what)
        return paced(range(count), self.draft.tick)

    def enter(self) -> None:
        """Go into a type that is written inside another."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise Malformed(self.at, f"more than {DEEPEST} types inside one another", "limit")

    def leave(self) -> None:
        """Come out of it."""
        self.depth -= 1
