"""The options of `fn-tui [options] [WORKSPACE]`, as far as they must be known before there is a parser."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Final

# Those that take a value: they may stand before a subcommand too.
VALUED: Final = frozenset({"--compiler", "--settings", "--contract", "--theme", "--jobs"})
# Those that change what the screen looks like, or does, and nothing about whether there is one.
PLAIN: Final = frozenset({"--watch", "--no-mouse", "--ascii", "--no-color", "--no-colour"})


def leading(words: Sequence[str]) -> int:
    """How many words of a command line are options, with their values, before the first that is none."""
    index = 0
    while index < len(words) and words[index].startswith("-") and words[index] not in ("-", "--"):
        index += 2 if words[index] in VALUED else 1
    return min(index, len(words))


def split(words: Sequence[str]) -> tuple[list[str], str] | None:
    """The options of a command line that opens the screen, and the workspace; None where it may mean something else."""
    options: list[str] = []
    named: list[str] = []
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if not word.startswith("-"):
            named.append(word)
        elif word in VALUED and rest and not rest[0].startswith("-"):
            options += (word, rest.pop(0))
        elif word in PLAIN or (word.partition("=")[0] in VALUED and "=" in word):
            options.append(word)
        else:
            return None
    return (options, named[0] if named else ".") if len(named) < 2 else None
