"""A dialog opens as it stays: its rows are as wide and as high in the first frame as in the last."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from textual.screen import Screen

from tests.app.screens import StyledApp
from tui.app.dialogs.choices.choice import Choice, ChoiceScreen, narrowed
from tui.app.dialogs.dialog import Dialog
from tui.app.dialogs.dialog_rows import DialogRows
from tui.app.dialogs.help import HelpScreen
from tui.app.dialogs.messages import MessagesScreen
from tui.app.keys.actions import ACTIONS
from tui.app.rows.glyphs import Glyphs

MANY = [Choice(f"key {number}", f"choice {number}", "what it does, in a sentence") for number in range(60)]
DIALOGS: dict[str, Callable[[], Dialog[Any]]] = {
    "many choices": lambda: ChoiceScreen("Many", MANY, Glyphs(), chosen="key 3"),
    "few choices": lambda: ChoiceScreen("Few", MANY[:2], Glyphs(), typing=False),
    "help": lambda: HelpScreen(ACTIONS, "list", Glyphs()),
    "messages": lambda: MessagesScreen((), Glyphs()),
}


@pytest.fixture
def boxes(monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    """After each layout: where a dialog and its rows are, and for which width these are laid out."""
    seen: list[tuple[object, ...]] = []
    lay_out = Screen._refresh_layout

    def watched(screen: Screen[Any], *given: Any, **named: Any) -> None:
        lay_out(screen, *given, **named)
        if isinstance(screen, Dialog) and screen.query(DialogRows):
            rows = screen.query_one(DialogRows)
            seen.append((screen.query_one("#dialog").region, rows.region, rows._laid_out_for, rows.virtual_size))

    monkeypatch.setattr(Screen, "_refresh_layout", watched)
    return seen


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (200, 60)])
@pytest.mark.parametrize("name", DIALOGS)
async def test_it_opens_as_it_stays(name: str, size: tuple[int, int], boxes: list[tuple[object, ...]]) -> None:
    app = StyledApp()
    async with app.run_test(size=size) as pilot:
        await app.push_screen(DIALOGS[name]())
        await pilot.pause()
        rows = app.screen.query_one(DialogRows)
        assert rows._laid_out_for == rows.row_width
        assert set(boxes) == {boxes[-1]}


@pytest.mark.parametrize("size", [(40, 12), (60, 40), (200, 60)])
@pytest.mark.parametrize("name", DIALOGS)
async def test_it_takes_another_size_in_one_step(
    name: str, size: tuple[int, int], boxes: list[tuple[object, ...]]
) -> None:
    app = StyledApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await app.push_screen(DIALOGS[name]())
        await pilot.pause()
        rows = app.screen.query_one(DialogRows)
        await pilot.resize_terminal(*size)
        await pilot.pause()
        assert rows._laid_out_for == rows.row_width
        assert rows.virtual_size.height == rows.stack.height
        assert rows.scroll_offset.y <= rows.max_scroll_y
        assert rows.show_vertical_scrollbar is (rows.stack.height > rows.size.height)


async def test_while_one_types_all_keeps_its_place_but_the_rows_and_their_bar() -> None:
    app = StyledApp()
    screen = ChoiceScreen("Some", MANY, Glyphs())
    async with app.run_test(size=(80, 24)) as pilot:
        await app.push_screen(screen)
        await pilot.pause()
        rows = screen.rows
        most, above = rows.size.height, screen._typed.region
        for needle in ("choice 59", "choice 5", "choice", "nothing", "choice 1", "4"):
            screen._typed.input.value = needle
            await pilot.pause()
            count = rows.stack.height
            assert count == max(len(narrowed(MANY, needle)), 1)
            assert (rows.size.height, screen._typed.region) == (most, above), needle
            assert rows.show_vertical_scrollbar is (count > most), needle
            assert rows.scroll_offset.y == 0
            await pilot.press("up")  # to the last one
            assert rows.scroll_offset.y == rows.max_scroll_y
