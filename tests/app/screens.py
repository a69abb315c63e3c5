"""What a test sees on the screen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message

from tests.settling import rows_of
from tui.app.colours.readable import readable
from tui.app.desk.record import FunctionRecord
from tui.app.keys.actions import ACTIONS
from tui.app.log.pane import LogPane
from tui.app.messages import ActionRequested, CopyRequested, EditRequested, FullTextRequested
from tui.app.panes.content import PaneContent
from tui.app.panes.record_pane import RecordPane
from tui.app.rows.row_list import RowList

if TYPE_CHECKING:
    from tui.app.panes.panes import AnyPane


def shot_text(app: App[Any]) -> str:
    """The screen's text, line by line, as the compositor would draw it now."""
    return "\n".join(strip.text.rstrip() for strip in rows_of(app))


def key_bindings() -> list[BindingType]:
    """The action table's keys, for an app that has `action_press`."""
    keys = sorted({key for action in ACTIONS for key in action.keys})
    return [Binding(key, f"press({key!r})", show=False) for key in keys]


def press(app: App[Any], key: str) -> None:
    """Do what the list or pane around the focus makes of a key of the table."""
    around = app.focused.ancestors_with_self if app.focused is not None else []
    place = next((node for node in around if isinstance(node, RowList | LogPane)), None)
    handlers = place.handlers() if place is not None else {}
    for action in ACTIONS:
        if key in action.keys and action.id in handlers:
            handlers[action.id]()
            return


class StyledApp(App[None]):
    """An app with the colours of ours."""

    def get_css_variables(self) -> dict[str, str]:
        return readable(super().get_css_variables(), sixteen=self.native_ansi_color)


class PaneApp(StyledApp):
    """One pane alone on a screen, and what it asked for."""

    BINDINGS = key_bindings()

    def __init__(self, pane: AnyPane | PaneContent, record: FunctionRecord | None) -> None:
        super().__init__()
        self.pane: AnyPane = RecordPane(pane) if isinstance(pane, PaneContent) else pane
        self.record = record
        self.asked: list[Message] = []

    @property
    def rows(self) -> RowList:
        """The pane, where it is a list of rows."""
        assert isinstance(self.pane, RowList)
        return self.pane

    def compose(self) -> ComposeResult:
        yield self.pane

    def action_press(self, key: str) -> None:
        press(self, key)

    def on_mount(self) -> None:
        self.pane.show(self.record)
        self.pane.focus()

    def on_edit_requested(self, message: EditRequested) -> None:
        self.asked.append(message)

    def on_full_text_requested(self, message: FullTextRequested) -> None:
        self.asked.append(message)

    def on_action_requested(self, message: ActionRequested) -> None:
        self.asked.append(message)

    def on_copy_requested(self, message: CopyRequested) -> None:
        self.asked.append(message)


async def pane_text(
    pane: AnyPane | PaneContent, record: FunctionRecord | None, width: int = 76, height: int = 60
) -> str:
    """What a pane shows of a record at a width (the scroll bar's cell not counted)."""
    app = PaneApp(pane, record)
    async with app.run_test(size=(width + 1, height)) as pilot:
        await pilot.pause()
        text = shot_text(app)
        assert all(cell_len(line) <= width + 1 for line in text.splitlines())
        return text


async def texts_in_turn(
    pane: AnyPane | PaneContent, records: Iterable[FunctionRecord], width: int = 76, height: int = 60
) -> list[str]:
    """What one pane shows of each record, one after another, as it does where a person goes through the list."""
    app = PaneApp(pane, None)
    texts = []
    async with app.run_test(size=(width + 1, height)) as pilot:
        for record in records:
            app.pane.show(record)
            await pilot.pause()
            texts.append(shot_text(app))
            assert all(cell_len(line) <= width + 1 for line in texts[-1].splitlines())
    return texts


async def rows_copied(pane: AnyPane | PaneContent, record: FunctionRecord | None, width: int = 76) -> dict[str, str]:
    """What `y` copies on each row, by how the notice names it."""
    app = PaneApp(pane, record)
    copied = {}
    async with app.run_test(size=(width, 60)) as pilot:
        await pilot.pause()
        for _ in app.rows.stack.shown:
            target = app.pane.copy_target()
            if target is not None:
                copied[target.what] = target.text
            await pilot.press("j")
    return copied
