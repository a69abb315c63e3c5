from __future__ import annotations

from textual.app import ComposeResult

from tests.app.records import ROOT
from tests.app.screens import StyledApp, shot_text
from tui.app.desk.store import Store
from tui.app.functions.function_list import FunctionList
from tui.app.rows.cursor import step_by
from tui.app.rows.glyphs import Glyphs
from tui.workspace.function import Function

PATHS = ("chat", "shop/functions/ledger", "shop/functions/order")


class ListApp(StyledApp):
    """The list alone."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self.functions = FunctionList(store, Glyphs())

    def compose(self) -> ComposeResult:
        yield self.functions

    def on_mount(self) -> None:
        self.functions.refill()


def filled() -> Store:
    store = Store()
    store.find(Function(path, ROOT / path, has_yaml=True, has_go=True) for path in PATHS)
    return store


async def test_at_its_natural_width_no_name_is_cut() -> None:
    app = ListApp(filled())
    async with app.run_test(size=(200, 10)) as pilot:
        width = app.functions.natural_width
        await pilot.resize_terminal(width - 2, 10)  # without the box's borders
        await pilot.pause()
        assert all(name in shot_text(app) for name in ("chat", "shop/functions", "ledger", "order"))
        app.functions.filter("chat")
        assert app.functions.natural_width == width


async def test_an_empty_list_wants_nothing() -> None:
    app = ListApp(Store())
    async with app.run_test(size=(30, 5)):
        assert app.functions.natural_width == 0


async def test_a_filter_gives_the_cursor_back_where_it_had_been() -> None:
    app = ListApp(filled())
    async with app.run_test(size=(60, 6)):
        functions = app.functions
        functions.go_to("shop/functions/order")
        functions.filter("chat")
        assert functions.path == "chat"
        functions.filter("pxq")
        assert functions.rows == []
        assert 'nothing matches "pxq"' in shot_text(app)
        functions.filter("")
        assert functions.path == "shop/functions/order"


async def test_what_was_chosen_in_the_filter_stays_chosen() -> None:
    app = ListApp(filled())
    async with app.run_test(size=(60, 6)):
        functions = app.functions
        functions.filter("shop")
        step_by(functions.steps, 1)
        functions.filter("")
        assert functions.path == "shop/functions/order"
        functions.filter("chat")
        functions.listing.settle()
        functions.filter("")
        assert functions.path == "chat"
