"""Rows that several panes make: titles, running text, facts with a name, what a cut list leaves out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tui.app.colours.roles import Line, Part
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import line_of, wrap
from tui.app.rows.table import Row

NAMES: Final = 20_000  # names that are shown and copied of what is not listed


def blank(key: str) -> Row:
    """An empty line."""
    return Row(key=f"blank:{key}", lines=((),), selectable=False)


def title(key: str, text: str, aside: str = "") -> Row:
    """A heading above a group of rows."""
    line = line_of(Part(text, "title"), Part(f"  {aside}" if aside else "", "muted"))
    return Row(key=f"title:{key}", lines=(line,), selectable=False)


def text_row(key: str, line: Line, width: int, lead: Line = ()) -> Row:
    """A row of running text that the cursor passes over."""
    return Row(key=key, lines=tuple(wrap(line, width, lead)), selectable=False)


def fact(key: str, name: str, value: Line, width: int, *, label: int = 12, row: Row | None = None) -> Row:
    """A row `name   value`, the value wrapped under itself. `row` gives what it copies and opens."""
    lead = (Part(name.ljust(label), "muted"), Part("" if len(name) < label else " "))
    return (row or Row(key=key))._replace(key=key, lines=tuple(wrap(value, width, lead)))


def more_row(key: str, rest: Sequence[str], glyphs: Glyphs, counted: int = 0) -> Row:
    """The row below a list that is cut: how many more there are; enter shows their names, y copies them.

    `counted` more are known by number only.
    """
    total = len(rest) + counted
    line = line_of(
        Part(f"    and {total:,} more   ", "muted"),
        Part(glyphs.key("open"), "key"),
        Part(" shows their names", "faint"),
    )
    names = "\n".join(rest[:NAMES])
    if total > min(len(rest), NAMES):
        names += f"\nand {total - min(len(rest), NAMES):,} more"
    return Row(key=f"more:{key}", lines=(line,), copy=names, what="the names", full=names)
