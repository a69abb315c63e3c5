from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from textual.app import ComposeResult

from tests.app.samples import COMMAND, make_record
from tests.app.screens import StyledApp, shot_text
from tui.app.desk.record import FunctionRecord
from tui.app.panes.content import PaneContent, Room
from tui.app.panes.pane import Drawn
from tui.app.panes.record_pane import RecordPane
from tui.app.rows.lines import line_of
from tui.app.rows.table import Row
from tui.gateway.verdict import Verdict


class SizeOnly(PaneContent):
    """Draws the module alone, and counts how often."""

    made = 0

    def drawn(self, record: FunctionRecord) -> tuple[object, ...]:
        return (record.module,)

    def rows(self, record: FunctionRecord, room: Room) -> Sequence[Row]:
        self.made += 1
        size = record.module.size if record.module is not None else 0
        return [Row(str(n), lines=(line_of(f"{record.path} {size} row {n}"[: room.width]),)) for n in range(5)]


class OneApp(StyledApp):
    def __init__(self) -> None:
        super().__init__()
        self.content = SizeOnly()
        self.pane = RecordPane(self.content)

    def compose(self) -> ComposeResult:
        yield self.pane


RECORD = make_record(COMMAND)


async def test_rows_are_made_only_where_something_drawn_is_another() -> None:
    app = OneApp()
    async with app.run_test(size=(60, 8)) as pilot:
        app.pane.show(RECORD)
        made = app.content.made
        app.pane.show(replace(RECORD, verdict=Verdict("ready")))
        assert app.content.made == made
        app.pane.show(replace(RECORD, module=COMMAND._replace(size=7)))
        await pilot.pause()
        assert app.content.made == made + 1
        assert "chat 7 row 0" in shot_text(app)


async def test_out_of_sight_rows_wait() -> None:
    app = OneApp()
    async with app.run_test(size=(60, 8)) as pilot:
        app.pane.show(RECORD)
        app.pane.display = False
        await pilot.pause()
        made = app.content.made
        for size in range(10):
            app.pane.show(make_record(COMMAND._replace(size=size)))
        assert app.content.made == made
        app.pane.display = True
        await pilot.pause()
        assert app.content.made == made + 1
        assert "chat 9 row 0" in shot_text(app)


async def test_the_cursor_keeps_its_row_and_starts_anew_for_another_function() -> None:
    app = OneApp()
    async with app.run_test(size=(60, 8)):
        app.pane.show(RECORD)
        app.pane.steps.go(3)
        app.pane.show(replace(RECORD, module=COMMAND._replace(size=7)))
        assert app.pane.row is not None
        assert app.pane.row.key == "3"
        app.pane.show(make_record(COMMAND, path="other"))
        assert app.pane.row.key == "0"
        app.pane.show(None)
        assert app.pane.copy_target() is None


def test_records_are_compared_by_identity() -> None:
    def differs(record: FunctionRecord | None) -> bool:
        return drawn.differs(record, (record.module, record.reading) if record is not None else None)

    drawn = Drawn()
    assert differs(RECORD)
    assert not differs(replace(RECORD, marked=True))
    assert differs(replace(RECORD, module=COMMAND._replace()))
    assert differs(None)
    assert not differs(None)
    assert drawn.path is None


async def test_the_active_pane_draws_though_its_show_event_is_lost() -> None:
    app = OneApp()
    async with app.run_test(size=(60, 8)) as pilot:
        app.pane.on_hide()
        app.pane.show(RECORD)
        assert app.content.made == 0
        app.pane.add_class("-active")
        app.pane.show(RECORD)
        await pilot.pause()
        assert app.content.made == 1
        assert "row 4" in shot_text(app)
