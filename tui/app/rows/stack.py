"""Rows as a stack of lines: which show, where each begins, what a line says. Pure: the widget draws it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from tui.app.colours.roles import Line, Part
from tui.app.rows.cursor import Direction
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.table import Column, Layout, Row, lay_out, widest

FOLD_MARK = 2  # cells of the fold mark, in lists that have branches


class RowStack:
    """The rows of a list, folded and laid out for a width."""

    def __init__(self, glyphs: Glyphs, columns: Sequence[Column] = ()) -> None:
        self.glyphs = glyphs
        self.columns: tuple[Column, ...] = tuple(columns)
        self.rows: list[Row] = []
        self.shown: list[Row] = []
        self.folded: set[str] = set()
        self.tops: list[int] = [0]  # the first line of each shown row, and the end
        self._needs: tuple[int, ...] = ()
        self._layout = Layout((), ())
        self._mark_width = 0
        self._deepest = 0  # level of the deepest row that stands in columns

    def fill(self, rows: Sequence[Row]) -> None:
        """Replace the rows. Call `lay_out` after."""
        self.rows = list(rows)
        self._mark_width = FOLD_MARK if any(row.branch for row in self.rows) else 0
        self._needs = widest(self.columns, self.rows)

    def lay_out(self, width: int) -> None:
        """Work out which rows show, how wide the columns are, and where each row begins."""
        hidden_below: int | None = None
        self.shown = []
        for row in self.rows:
            if hidden_below is not None and row.level > hidden_below:
                continue
            hidden_below = row.level if row.branch and row.key in self.folded else None
            self.shown.append(row)
        self.tops = [0, *accumulate(row.height for row in self.shown)]
        self._deepest = max((row.level for row in self.rows if row.cells), default=0)
        self._layout = lay_out(self.columns, self._needs, width - self._mark_width - 2 * self._deepest)

    def replace(self, row: Row) -> int | None:
        """Put `row` in the place of the shown row of its key, and return its index; None: lay out again."""
        self.rows = [row if old.key == row.key else old for old in self.rows]
        index = self.find(row.key)
        wider = any(new > old for new, old in zip(widest(self.columns, (row,)), self._needs, strict=True))
        if index is None or wider or self.shown[index].height != row.height:
            self._needs = widest(self.columns, self.rows)
            return None
        self.shown[index] = row
        return index

    @property
    def height(self) -> int:
        """How many lines all shown rows take."""
        return self.tops[-1]

    def find(self, key: str) -> int | None:
        """The index of the shown row of that key."""
        return next((index for index, row in enumerate(self.shown) if row.key == key), None)

    def at(self, line: int) -> int:
        """The index of the shown row that holds that line; the last one for lines past the end."""
        return min(bisect_right(self.tops, line) - 1, len(self.shown) - 1)

    @property
    def last(self) -> int:
        """The index of the last shown row."""
        return len(self.shown) - 1

    def top(self, index: int) -> int:
        """The first line of a shown row."""
        return self.tops[index]

    def after(self, index: int, step: Direction) -> int | None:
        """The next selectable row in that direction; None past the end."""
        index += step
        while 0 <= index < len(self.shown) and not self.shown[index].selectable:
            index += step
        return index if 0 <= index < len(self.shown) else None

    def nearest(self, index: int, step: Direction = 1) -> int:
        """The selectable row at `index`, or the next one in direction `step`, or else the other way."""
        index = max(min(index, len(self.shown) - 1), 0)
        if not self.shown or self.shown[index].selectable:
            return index
        for direction in (step, 1 if step < 0 else -1):
            found = self.after(index, 1 if direction > 0 else -1)
            if found is not None:
                return found
        return index

    def parent(self, index: int) -> int | None:
        """The index of the row that the row at `index` is folded under."""
        level = self.shown[index].level
        above = range(index - 1, -1, -1)
        return next((i for i in above if self.shown[i].level < level and self.shown[i].selectable), None)

    def line(self, line: int) -> Line:
        """What a line says, with fold mark and indentation."""
        index = self.at(line)
        row = self.shown[index]
        number = line - self.tops[index]
        wider = 2 * (self._deepest - row.level)
        body = row.lines[number] if row.lines else self._layout.line(row.cells, self.glyphs["ellipsis"], wider)
        # Running text keeps its whole width; only what stands in columns, or below a branch, makes room for the mark.
        indent = 2 * row.level + self._mark_width if row.cells or row.branch or row.level else 0
        if not indent:
            return body
        mark = self.glyphs["closed" if row.key in self.folded else "open"] if row.branch and not number else ""
        return (Part((" " * 2 * row.level + mark).ljust(indent), "muted"), *body)
