"""Which rows stay when a pane is filtered: those that say the words, and the headings that stand over them. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from tui.app.rows.lines import plain
from tui.app.rows.pane_rows import blank
from tui.app.rows.table import Row
from tui.facts import Fact


class Narrowed(Fact):
    """What is left of a pane's rows, and of how many."""

    rows: list[Row]
    shown: int
    total: int
    folded: frozenset[str]  # branches that say the words themselves while nothing in them does


class _Block(Fact):
    """A row with what hangs from it (its warnings, its advice): they stay or go together."""

    rows: list[Row]

    @property
    def head(self) -> Row:
        return self.rows[0]


def narrow(rows: Sequence[Row], needle: str, opened: Collection[str] = ()) -> Narrowed:
    """The rows that say every word of `needle`, whatever the case of letters.

    What is in a branch counts by itself; a branch whose key is in `opened` brings along all that is in it.
    """
    words = needle.casefold().split()
    sieve = _Sieve(words, frozenset(opened))
    for block in _blocks(rows):
        sieve.add(block)
    return Narrowed(sieve.kept, sieve.shown, sieve.total, frozenset(sieve.bare))


def says(row: Row, words: Sequence[str]) -> bool:
    """Whether the row as it shows says all the words. What it masks or copies is not looked at."""
    shown = " ".join(plain(line) for line in (row.lines or row.cells)).casefold()
    return all(word in shown for word in words)


def _blocks(rows: Sequence[Row]) -> list[_Block]:
    blocks: list[_Block] = []
    for row in rows:
        above = blocks[-1].head if blocks else None
        hangs = above is not None and above.selectable and row.level == above.level
        if above is not None and hangs and row.key.startswith(f"{above.key}:"):
            blocks[-1].rows.append(row)
        else:
            blocks.append(_Block([row]))
    return blocks


class _Sieve:
    """Takes blocks in order, and keeps what is to show."""

    def __init__(self, words: Sequence[str], opened: frozenset[str]) -> None:
        self.words, self.opened = words, opened
        self.kept: list[Row] = []
        self.shown = self.total = 0
        self.bare: set[str] = set()  # branches that show, and nothing of what is in them
        self._headings: list[Row] = []  # seen and not yet shown: they come with the first row below them
        self._branch: list[Row] = []  # the branch that one is in, until it shows
        self._branch_key = ""
        self._whole = False  # all that is in the branch shows
        self._gap = False

    def add(self, block: _Block) -> None:
        """Keep the block, or drop it."""
        row = block.head
        if row.is_heading:
            self._heading(row)
            return
        self.total += 1
        found = any(says(one, self.words) for one in block.rows)
        self.shown += found
        if not row.level:
            self._branch, self._branch_key = ([] if found else block.rows) if row.branch else [], row.key
            self._whole = found and row.key in self.opened
        if found or (row.level and self._whole):
            self._keep(block)

    def _heading(self, row: Row) -> None:
        if row.level:
            return  # a count at the end of a branch
        self._branch, self._whole = [], False
        if row.key.startswith("blank:"):
            self._gap, self._headings = True, []
            return
        is_title = row.key.startswith("title:")
        self._headings = [] if is_title else [one for one in self._headings if one.key.startswith("title:")]
        self._headings.append(row)

    def _keep(self, block: _Block) -> None:
        row = block.head
        if self._gap and self.kept:
            self.kept.append(blank(f"filter:{len(self.kept)}"))
        self.kept += [*self._headings, *self._branch, *block.rows]
        self._gap, self._headings, self._branch = False, [], []
        if row.branch:
            self.bare.add(row.key)
        elif row.level:
            self.bare.discard(self._branch_key)
