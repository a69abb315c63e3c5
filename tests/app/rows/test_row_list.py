from __future__ import annotations

from collections.abc import Sequence

import pytest
from textual.app import ComposeResult
from textual.geometry import Offset
from textual.selection import Selection

from tests.app.screens import StyledApp, key_bindings, press, shot_text
from tui.app.colours.roles import Part
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import outside
from tui.app.rows.painter import STRIPS_KEPT
from tui.app.rows.row_list import RowHighlighted, RowList, RowSelected
from tui.app.rows.table import Column, Row, heading

COLUMNS = (Column("name", minimum=6, middle=True), Column("size", align="right"), Column("what", drop=1))


def table_row(number: int, **more: object) -> Row:
    cells = ((Part(f"name-{number}"),), (Part(str(number * 100)),), (Part("something"),))
    return Row(key=str(number), cells=cells, **more)  # type: ignore[arg-type]


class ListApp(StyledApp):
    BINDINGS = key_bindings()

    def __init__(self, rows: Sequence[Row], glyphs: Glyphs | None = None) -> None:
        super().__init__()
        self.rows = rows
        self.seen: list[RowHighlighted | RowSelected] = []
        self.list = RowList(glyphs=glyphs, columns=COLUMNS)

    def compose(self) -> ComposeResult:
        yield self.list

    def on_mount(self) -> None:
        self.list.set_rows(self.rows)
        self.list.focus()

    def action_press(self, key: str) -> None:
        press(self, key)

    def on_row_highlighted(self, message: RowHighlighted) -> None:
        self.seen.append(message)

    def on_row_selected(self, message: RowSelected) -> None:
        self.seen.append(message)


async def test_vim_keys_and_arrows_move_the_cursor() -> None:
    app = ListApp([table_row(n) for n in range(100)])
    async with app.run_test(size=(60, 11)) as pilot:
        for keys, at in (
            ("j", 1),
            ("down", 2),
            ("k", 1),
            ("G", 99),
            ("k", 98),
            ("g", 0),
            ("ctrl+d", 5),
            ("ctrl+u", 0),
            ("pagedown", 10),
        ):
            await pilot.press(keys)
            assert app.list.cursor.place == at, keys
        await pilot.press("end", "pageup")
        assert app.list.cursor.place == 89
        await pilot.press("enter")
        assert isinstance(app.seen[-1], RowSelected)
        assert app.seen[-1].row.key == "89"


async def test_the_cursor_row_is_always_in_sight() -> None:
    app = ListApp([table_row(n) for n in range(100)])
    async with app.run_test(size=(60, 11)) as pilot:
        await pilot.press("pagedown", "pagedown", "pagedown", "j", "j")
        assert "▌ name-32" in shot_text(app)
        await pilot.press("G")
        assert "▌ name-99" in shot_text(app)


async def test_the_cursor_stays_on_its_row_when_rows_change() -> None:
    app = ListApp([table_row(n) for n in range(10)])
    async with app.run_test(size=(60, 11)) as pilot:
        await pilot.press("j", "j", "j")
        app.list.set_rows([table_row(n) for n in (20, 21, 1, 2, 3, 4)])
        assert app.list.row is not None
        assert app.list.row.key == "3"
        app.list.set_rows([table_row(n) for n in (20, 21)])
        assert app.list.row.key == "21"
        app.list.set_rows([])
        await pilot.press("j", "k", "G", "g", "enter", "ctrl+d", "left", "right")
        assert app.list.row is None


async def test_a_cursor_that_is_seen_stays_so_when_rows_come_above_it() -> None:
    app = ListApp([table_row(n) for n in range(100)])
    async with app.run_test(size=(60, 11)) as pilot:
        await pilot.press("G")
        app.list.set_rows([table_row(n) for n in (*range(200, 260), *range(100))])
        await pilot.pause()
        assert "▌ name-99" in shot_text(app)
        app.list.scroll_to(y=20, animate=False)  # away from it
        app.list.set_rows([table_row(n) for n in (*range(200, 280), *range(100))])
        await pilot.pause()
        assert app.list.scroll_offset.y == 20
        assert app.list.row is not None
        assert app.list.row.key == "99"


async def test_headings_are_passed_over() -> None:
    heading = Row(key="h", lines=((Part("HEADING", "title"),),), selectable=False)
    app = ListApp([heading, table_row(1), Row(key="h2", selectable=False), table_row(2)])
    async with app.run_test(size=(60, 11)) as pilot:
        assert app.list.cursor.place == 1
        await pilot.press("j")
        assert app.list.cursor.place == 3
        await pilot.press("j", "g")
        assert app.list.cursor.place == 1
        assert "HEADING" in shot_text(app)


async def test_branches_fold_with_keys_and_mouse() -> None:
    rows = [
        table_row(1, branch=True),
        table_row(2, level=1),
        table_row(3, level=1, branch=True),
        table_row(4, level=2),
        table_row(5),
    ]
    app = ListApp(rows)
    async with app.run_test(size=(60, 11)) as pilot:
        assert "▾ name-1" in shot_text(app)
        await pilot.press("left")
        assert [row.key for row in app.list.stack.shown] == ["1", "5"]
        assert "▸ name-1" in shot_text(app)
        await pilot.press("right", "j", "j", "j", "left")
        assert app.list.row is not None
        assert app.list.row.key == "3"
        await pilot.click(RowList, offset=(2, 0))
        assert [row.key for row in app.list.stack.shown] == ["1", "5"]


async def test_a_click_moves_and_a_second_one_opens() -> None:
    app = ListApp([table_row(n) for n in range(5)])
    async with app.run_test(size=(60, 11)) as pilot:
        await pilot.click(RowList, offset=(5, 3))
        assert app.list.cursor.place == 3
        await pilot.click(RowList, offset=(5, 3))
        assert isinstance(app.seen[-1], RowSelected)
        await pilot.click(RowList, offset=(5, 9))
        assert app.list.cursor.place == 3


async def test_columns_give_way_where_room_is_short() -> None:
    app = ListApp([table_row(n) for n in (1, 1000000)])
    async with app.run_test(size=(80, 5)) as pilot:
        assert "name-1000000  100000000  something" in shot_text(app)
        await pilot.resize_terminal(30, 5)
        assert "something" not in shot_text(app)
        assert "name-1000000  100000000" in shot_text(app)
        await pilot.resize_terminal(22, 5)
        assert "name…000  100000000" in shot_text(app)


async def test_rows_are_laid_out_anew_for_another_width() -> None:
    app = ListApp([])
    async with app.run_test(size=(80, 5)) as pilot:
        app.list.fill(lambda width: [Row(key="w", lines=((Part(f"width {width}"),),))])
        await pilot.pause()
        assert "width 77" in shot_text(app)
        await pilot.resize_terminal(40, 5)
        await pilot.pause()
        assert "width 37" in shot_text(app)


async def test_in_another_height_what_was_seen_is_seen_and_headings_above_the_first_row_come_back() -> None:
    app = ListApp([heading(COLUMNS), heading(COLUMNS), *(table_row(n) for n in range(12))])
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.resize_terminal(60, 2)
        await pilot.pause()
        assert app.list.scroll_offset.y == 1  # the cursor's row alone
        await pilot.resize_terminal(60, 8)
        await pilot.pause()
        assert app.list.scroll_offset.y == 0
        app.list.scroll_to(y=5, animate=False)  # by the wheel
        await pilot.resize_terminal(60, 10)
        await pilot.pause()
        assert app.list.scroll_offset.y == 4, "who scrolled away is taken back"  # as far as there is more


async def test_titles_stand_above_their_columns() -> None:
    app = ListApp([heading(COLUMNS), table_row(1)])
    async with app.run_test(size=(60, 5)):
        assert shot_text(app).splitlines()[0] == "  name    size  what"


async def test_one_row_changes_alone() -> None:
    app = ListApp([table_row(n) for n in range(5)])
    async with app.run_test(size=(60, 11)) as pilot:
        app.list.update_row(Row(key="2", cells=((Part("name-X"),), (Part("7"),), (Part("short"),))))
        await pilot.pause()
        assert "name-X" in shot_text(app)
        app.list.update_row(Row(key="2", cells=((Part("a much longer name"),), (Part("7"),), (Part("s"),))))
        await pilot.pause()
        assert "a much longer name" in shot_text(app)
        app.list.update_row(Row(key="nobody"))
        assert len(app.list.stack.shown) == 5


HOSTILE = (
    "[/x][red]",
    "\x1b[2J\x1b]0;t\x07",
    "a\u202eb\u200b\u200d",
    "漢字かな" * 20,
    "👩‍👩‍👧" * 9,
    "\udc80",
    "\n\r\t",
    "x" * 100_000,
)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("width", [1, 4, 20, 60])
async def test_hostile_text_is_shown_harmlessly(text: str, width: int) -> None:
    cells = ((outside(text),), (outside(text),), (outside(text, "error"),))
    app = ListApp([Row(key=text, cells=cells), Row(key="l", lines=((outside(text),),))])
    async with app.run_test(size=(width, 5)) as pilot:
        await pilot.pause()
        shown = shot_text(app)
        assert not any(c in shown for c in "\x1b\x07\u202e\u200b\u200d\udc80\r\t")
        assert all(len(line) <= width for line in shown.splitlines())


async def test_ascii_shows_nothing_else() -> None:
    app = ListApp([table_row(n, branch=True) for n in (1, 10**20)], Glyphs(ascii=True))
    async with app.run_test(size=(20, 5)):
        assert app.list.has_focus
        assert "> v name-1" in shot_text(app).replace("+", "")
        assert all(line.text.isascii() for line in (app.list.render_line(y) for y in range(5)))


async def test_the_cursor_stands_out_in_the_terminals_own_colours_too() -> None:
    app = ListApp([table_row(n) for n in range(3)])
    async with app.run_test(size=(60, 5)) as pilot:
        for theme, shown in (("textual-dark", False), ("ansi-dark", True)):
            app.theme = theme
            await pilot.pause()
            here, other = (next(iter(app.list.render_line(y)._segments)).style for y in (0, 1))
            assert here is not None
            assert other is not None
            assert (here.bgcolor == other.bgcolor) is shown
            assert bool(here.reverse) is shown
            assert app.list.render_line(0).text.startswith("▌")


async def test_text_can_be_selected() -> None:
    app = ListApp([table_row(n) for n in range(3)])
    async with app.run_test(size=(60, 5)):
        taken = app.list.get_selection(Selection(Offset(2, 0), Offset(8, 1)))
        assert taken is not None
        assert taken[0].splitlines() == ["name-0    0  something", "  name-1"]


async def test_ten_thousand_rows_are_drawn_by_the_line() -> None:
    app = ListApp([table_row(n) for n in range(10_000)])
    async with app.run_test(size=(60, 11)) as pilot:
        await pilot.press("G")
        painter = app.list.painter
        assert len(painter.strips) < 50
        # Whoever looks at all of them keeps the last screens, not all.
        assert [painter.line(line, 60, marked=False).text.split()[0] for line in (0, 4_999)] == ["name-0", "name-4999"]
        for line in range(5_000):
            painter.line(line, 60, marked=False)
        assert len(painter.strips) <= STRIPS_KEPT
