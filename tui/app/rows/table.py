"""Columns and rows of a list: how wide each column is, and which give way when there is no room. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from tui.app.colours.roles import Line, Part
from tui.app.messages import EditPlace
from tui.app.rows.lines import cut, fit, pad, width_of
from tui.facts import Fact

Cell = Line
GAP = 2  # cells between columns


class Column(Fact):
    """One column, as wide as its widest cell. Where room is short, flexible ones shrink and others are dropped."""

    title: str = ""
    align: Literal["left", "right"] = "left"
    minimum: int | None = None  # shrinks down to this many cells; None: never
    drop: int = 0  # dropped when room is short, the highest first; 0: never
    middle: bool = False  # cut in the middle: names whose end matters


class Row(NamedTuple):
    """One row of a list: cells that are laid out in its columns, or lines that are laid out already."""

    key: str  # the cursor finds its row by this when rows change
    cells: tuple[Cell, ...] = ()
    lines: tuple[Line, ...] = ()
    level: int = 0  # rows of a higher level below a folded row are hidden
    branch: bool = False  # can be folded
    selectable: bool = True
    head: bool = False  # stands over the rows below it: a filter keeps it where it keeps one of them
    copy: str = ""  # what is copied
    what: str = ""  # how the notice names it
    full: str = ""  # the whole of what the row shows cut
    edit: EditPlace | None = None

    @property
    def height(self) -> int:
        """How many lines the row takes."""
        return len(self.lines) or 1

    @property
    def is_heading(self) -> bool:
        """Whether it stands over the rows below it, and says nothing by itself."""
        return self.head or not self.selectable


class Layout(Fact):
    """Widths of the columns that are shown, by index."""

    widths: tuple[tuple[int, int], ...]  # (column index, cells)
    columns: tuple[Column, ...]

    def line(self, cells: Sequence[Cell], ellipsis: str, wider: int = 0) -> Line:
        """The cells as one line; the first column is `wider` by what the row is indented less than others."""
        parts: list[Part] = []
        for place, (index, room) in enumerate(self.widths):
            cell = cells[index] if index < len(cells) else ()
            width = room if place else room + wider
            if place:
                parts.append(Part(" " * GAP))
            parts.extend(pad(self._cut(cell, index, width, ellipsis), width, self.columns[index].align))
        return tuple(parts)

    def _cut(self, cell: Cell, index: int, width: int, ellipsis: str) -> Line:
        if self.columns[index].middle and len(cell) == 1 and width_of(cell) > width:
            return (Part(cut(cell[0].text, width, ellipsis, middle=True), cell[0].role),)
        return fit(cell, width, ellipsis)


def heading(columns: Sequence[Column]) -> Row:
    """A row of the columns' titles."""
    return Row(key="heading", cells=tuple((Part(column.title, "muted"),) for column in columns), selectable=False)


def widest(columns: Sequence[Column], rows: Sequence[Row]) -> tuple[int, ...]:
    """For each column the cells that its widest cell takes."""
    needs = [0] * len(columns)
    for row in rows:
        for index, cell in enumerate(row.cells):
            needs[index] = max(needs[index], width_of(cell))
    return tuple(needs)


def lay_out(columns: Sequence[Column], needs: Sequence[int], width: int) -> Layout:
    """Share `width` cells among the columns."""
    shown = [index for index, need in enumerate(needs) if need > 0]
    least = {
        index: needs[index] if (floor := columns[index].minimum) is None else min(floor, needs[index])
        for index in shown
    }

    def too_wide() -> bool:
        return sum(least[index] for index in shown) + GAP * (len(shown) - 1) > width

    while too_wide() and any(columns[index].drop for index in shown):
        shown.remove(max(shown, key=lambda index: columns[index].drop))
    given = _share(columns, needs, shown, width)
    return Layout(tuple((index, given[index]) for index in shown), tuple(columns))


def _share(columns: Sequence[Column], needs: Sequence[int], shown: Sequence[int], width: int) -> dict[int, int]:
    """Fixed columns get their need; the flexible ones fill up evenly until each has its own."""
    given = {index: needs[index] for index in shown if columns[index].minimum is None}
    left = width - sum(given.values()) - GAP * max(len(shown) - 1, 0)
    flexible = sorted((index for index in shown if index not in given), key=lambda index: needs[index])
    for position, index in enumerate(flexible):
        fair = left // (len(flexible) - position)
        given[index] = min(needs[index], max(fair, columns[index].minimum or 1, 1))
        left -= given[index]
    return given
