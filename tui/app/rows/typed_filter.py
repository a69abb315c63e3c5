"""A filter that is typed into the first line of a list, which says how many rows it leaves. No widget of its own."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Final, Literal

from tui.app.colours.roles import Line, Part
from tui.app.rows.filter import narrow
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import outside, width_of
from tui.app.rows.table import Row
from tui.facts import Fact

LONGEST: Final = 200  # characters of a filter
# What became of a key: not for the filter; taken by it; taken, and for whoever is further out too.
Fate = Literal["left", "taken", "shared"]


class Sifted(Fact):
    """The rows that a filter leaves, below a line for the filter itself."""

    rows: list[Row]
    folded: frozenset[str] | None  # branches to fold; None: as they are


class TypedFilter:
    """Its words, whether one types, and what it left of the rows last."""

    def __init__(self) -> None:
        self.needle = ""
        self.typing = False
        self.matches = (0, 0)  # rows that show, rows there are; while a filter is on

    @property
    def is_on(self) -> bool:
        """Whether the list's first line is the filter's."""
        return self.typing or bool(self.needle)

    @property
    def words(self) -> list[str]:
        """What rows must say."""
        return self.needle.split()

    # -- what changes it

    def clear(self) -> None:
        """Show all rows again."""
        self.needle, self.typing = "", False

    def type(self, text: str) -> None:
        """Add to the words."""
        self.needle = (self.needle + text)[:LONGEST]

    def end(self) -> None:
        """Typed enough; words that say nothing are no filter."""
        self.typing = False
        if not self.words:
            self.needle = ""

    def press(self, key: str, character: str | None) -> Fate:
        """Take a key in while one types. `character` is what it types, None where it types nothing."""
        if not self.typing:
            return "left"
        if key in ("enter", "tab", "shift+tab", "down"):
            self.end()
            return "shared" if key in ("tab", "shift+tab") else "taken"
        if key == "escape" or (key in ("backspace", "ctrl+h") and not self.needle):
            self.clear()
        elif key in ("backspace", "ctrl+h"):
            self.needle = self.needle[:-1]
        elif key in ("ctrl+u", "ctrl+w"):
            self.needle = "" if key == "ctrl+u" else self.needle.rstrip().rpartition(" ")[0]
        elif character is not None:
            self.type(character)
        else:
            return "left"
        return "taken"

    # -- what it leaves

    def sift(self, rows: Sequence[Row], opened: AbstractSet[str] = frozenset()) -> Sifted:
        """The rows that say all words. `opened`: branches of which all shows, where they show."""
        if not self.is_on:
            return Sifted(list(rows), None)
        found = narrow(rows, self.needle, opened)
        self.matches = (found.shown, found.total)
        left = found.rows if self.words else list(rows)
        if not left:
            left = [Row("nothing", lines=((Part("nothing here says that", "muted"),),), selectable=False)]
        folded = frozenset(found.folded) if self.words else None
        return Sifted([Row("filter", lines=((),), selectable=False), *left], folded)

    def line(self, glyphs: Glyphs, width: int) -> Line:
        """What is typed, how many rows it leaves, and how to go on where there is room."""
        shown, total = self.matches
        count = f"{shown:,} of {total:,}" if self.words else f"{total:,}"
        cursor = Part(" ", "reverse") if self.typing else Part("")
        typed = Part(glyphs.text(outside(self.needle).text), "strong")
        hint = "enter keeps, esc shows all"
        if not self.typing:  # then the table's keys hold
            hint = f"{glyphs.key('filter')} changes, {glyphs.key('back')} shows all"
        none = "warn" if self.words and not shown else "accent"
        line = (Part("/ ", "key"), typed, cursor, Part(f"   {count}", none), Part(f"   {hint}", "faint"))
        return line if width_of(line) <= width else line[:4]
