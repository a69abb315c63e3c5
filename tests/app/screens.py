"""What a test sees on the screen."""

from __future__ import annotations

from typing import Any, cast

from rich.cells import cell_len
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widget import Widget

from tui.app.desk.record import FunctionRecord
from tui.app.keys.actions import ACTIONS
from tui.app.panes.panes import Pane
from tui.app.rows.row_list import RowList
from tui.app.shell.messages import ActionRequested, CopyRequested, EditRequested, FullTextRequested


def shot_text(app: App[Any]) -> str:
    """The screen's text, line by line, as the compositor would draw it now."""
    return "\n".join(strip.text.rstrip() for strip in app.screen._compositor.render_strips())


def focused_bindings() -> list[BindingType]:
    """The action table's keys, each doing what the widget in focus makes of it."""
    return [
        Binding(",".join(action.keys), "focused." + action.handler.removeprefix("action_"), action.label, show=False)
        for action in ACTIONS
    ]


class PaneApp(App[None]):
    """One pane alone on a screen, and what it asked for."""

    BINDINGS = focused_bindings()

    def __init__(self, pane: Pane, record: FunctionRecord | None) -> None:
        super().__init__()
        self.pane = pane
        self.record = record
        self.asked: list[Message] = []

    def compose(self) -> ComposeResult:
        yield cast("Widget", self.pane)

    def on_mount(self) -> None:
        self.pane.show(self.record)
        cast("Widget", self.pane).focus()

    def on_edit_requested(self, message: EditRequested) -> None:
        self.asked.append(message)

    def on_full_text_requested(self, message: FullTextRequested) -> None:
        self.asked.append(message)

    def on_action_requested(self, message: ActionRequested) -> None:
        self.asked.append(message)

    def on_copy_requested(self, message: CopyRequested) -> None:
        self.asked.append(message)


async def pane_text(pane: Pane, record: FunctionRecord | None, width: int = 76, height: int = 60) -> str:
    """What a pane shows of a record at a width (the scroll bar's cell not counted)."""
    app = PaneApp(pane, record)
    async with app.run_test(size=(width + 1, height)) as pilot:
        await pilot.pause()
        text = shot_text(app)
        assert all(cell_len(line) <= width + 1 for line in text.splitlines())
        return text


async def rows_copied(pane: Pane, record: FunctionRecord | None, width: int = 76) -> dict[str, str]:
    """What `y` copies on each row, by how the toast names it."""
    app = PaneApp(pane, record)
    copied = {}
    async with app.run_test(size=(width, 60)) as pilot:
        await pilot.pause()
        assert isinstance(pane, RowList)
        for _ in pane.stack.shown:
            target = pane.copy_target()
            if target is not None:
                copied[target.what] = target.text
            await pilot.press("j")
    return copied
