from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui.app.colours.roles import Part
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import plain, width_of
from tui.app.rows.stack import RowStack
from tui.app.rows.table import GAP, Column, Row, heading, lay_out, widest

COLUMNS = (Column("name", minimum=4, middle=True), Column("size", "right"), Column("what", minimum=3, drop=1))
CELL = st.text("ab漢é ", max_size=30).map(lambda text: (Part(text),))
ROWS = st.lists(st.tuples(CELL, CELL, CELL).map(lambda cells: Row("k", cells)), min_size=1, max_size=8)


@given(ROWS, st.integers(1, 90))
def test_rows_line_up_and_fit_where_they_can(rows: list[Row], width: int) -> None:
    needs = widest(COLUMNS, rows)
    layout = lay_out(COLUMNS, needs, width)
    widths = [width_of(layout.line(row.cells, "…")) for row in rows]
    assert len(set(widths)) == 1
    least = min(4, needs[0]) + needs[1] + GAP
    assert widths[0] <= max(width, least)


def test_what_gives_way_first_is_told_by_the_column() -> None:
    row = Row("k", ((Part("a-long-name"),), (Part("12 KB"),), (Part("something"),)))
    needs = widest(COLUMNS, (row,))
    assert plain(lay_out(COLUMNS, needs, 40).line(row.cells, "…")) == "a-long-name  12 KB  something"
    assert width_of(lay_out(COLUMNS, needs, 24).line(row.cells, "…")) <= 24
    assert plain(lay_out(COLUMNS, needs, 14).line(row.cells, "…")) == "a-l…ame  12 KB"


def test_a_heading_widens_no_column() -> None:
    row = Row("k", ((Part("a"),), (Part("1"),), (Part("b"),)))
    assert widest(COLUMNS, (row,)) == (1, 1, 1)
    assert widest(COLUMNS, (heading(COLUMNS), row)) == (4, 4, 4)


def test_numbers_stay_in_line_below_branches() -> None:
    stack = RowStack(Glyphs(), COLUMNS[:2])
    cells = ((Part("name"),), (Part("12"),))
    stack.fill([Row("a", cells, branch=True), Row("b", cells, level=1), Row("c", cells, level=2)])
    stack.lay_out(40)
    assert len({plain(stack.line(line)).index("12") for line in range(3)}) == 1


def test_folding_hides_what_lies_deeper() -> None:
    stack = RowStack(Glyphs())
    stack.fill([Row("a", level=0, branch=True), Row("b", level=1, branch=True), Row("c", level=2), Row("d", level=0)])
    stack.folded = {"b"}
    stack.lay_out(20)
    assert [row.key for row in stack.shown] == ["a", "b", "d"]
    stack.folded = {"a"}
    stack.lay_out(20)
    assert [row.key for row in stack.shown] == ["a", "d"]
    assert stack.parent(1) is None


def test_lines_know_their_rows() -> None:
    stack = RowStack(Glyphs())
    stack.fill([Row("a", lines=((), ())), Row("b"), Row("c", lines=((), (), ()))])
    stack.lay_out(20)
    assert stack.height == 6
    assert [stack.shown[stack.at(line)].key for line in range(8)] == list("aabccccc")
