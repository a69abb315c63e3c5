"""The sessions of the function that is shown, side by side, as many as there is width for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widget import Widget

from tui.app.colours.roles import Line, Part
from tui.app.desk.record import FunctionRecord
from tui.app.desk.running.talk import Talk
from tui.app.desk.running.talks import Talks
from tui.app.panes.content import PaneContent, Room
from tui.app.panes.record_pane import RecordPane
from tui.app.panes.run.talk_rows import head_line, talk_rows
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.pane_rows import text_row
from tui.app.rows.table import Row

LEAST: Final = 30  # cells of a session
MOST: Final = 4  # sessions side by side


class TalkContent(PaneContent):
    """One session."""

    def __init__(self, talks: Talks, glyphs: Glyphs) -> None:
        super().__init__(glyphs)
        self.talks = talks
        self.talk: Talk | None = None

    def drawn(self, record: FunctionRecord) -> tuple[object, ...]:
        """The session at this moment, and whether the input is for it."""
        view = self.talk.view() if self.talk is not None else None
        return (view, self.talks.active(record.path) is self.talk)

    def rows(self, record: FunctionRecord, room: Room) -> Sequence[Row]:
        """It, from its beginning as far as that is kept."""
        if self.talk is None:
            return [text_row("none", (Part("no session", "muted"),), room.width)]
        active = self.talks.active(record.path) is self.talk
        return list(talk_rows(self.talk.view(), self.glyphs, room.width, active=active))

    def pinned(self, record: FunctionRecord, room: Room) -> Line | None:
        """How it stands."""
        if self.talk is None:
            return None
        active = self.talks.active(record.path) is self.talk
        return head_line(self.talk.view(), self.glyphs, room.width, active=active)


class TalkColumns(Horizontal):
    """Lists of frames. Each follows its end while the cursor is there."""

    DEFAULT_CSS = """
    TalkColumns { height: 1fr; width: 1fr; }
    TalkColumns > RecordPane { width: 1fr; }
    """

    def __init__(self, talks: Talks, glyphs: Glyphs) -> None:
        super().__init__()
        self.talks = talks
        self.contents = [TalkContent(talks, glyphs) for _ in range(MOST)]
        self.lists = [RecordPane(content) for content in self.contents]

    def compose(self) -> ComposeResult:
        """As many lists as may stand side by side."""
        yield from self.lists

    def show(self, record: FunctionRecord) -> None:
        """Show the sessions around the one that the input is for."""
        talks, active = self.talks.of(record.path), self.talks.active(record.path)
        room = min(max(self.size.width // LEAST, 1), MOST, max(len(talks), 1))
        place = talks.index(active) if active in talks else 0
        first = min(max(place - room + 1, 0), max(len(talks) - room, 0))
        for number, (content, rows) in enumerate(zip(self.contents, self.lists, strict=True)):
            shown = talks[first + number] if number < room and first + number < len(talks) else None
            rows.display = shown is not None or (number == 0 and not talks)
            _show(content, rows, shown, record)

    def list_in_use(self, path: str) -> RecordPane:
        """The list of the session that the input is for."""
        active = self.talks.active(path)
        return next(
            (rows for content, rows in zip(self.contents, self.lists, strict=True) if content.talk is active),
            self.lists[0],
        )

    def talk_of(self, widget: Widget) -> Talk | None:
        """The session that a list shows; None for what is no such list."""
        found = (content.talk for content, rows in zip(self.contents, self.lists, strict=True) if rows is widget)
        return next(found, None)


def _show(content: TalkContent, rows: RecordPane, talk: Talk | None, record: FunctionRecord) -> None:
    another = content.talk is not talk
    at_end = another or rows.cursor.place >= rows.stack.nearest(rows.stack.last, -1)
    content.talk = talk
    before = rows.stack.height
    rows.show(record)
    if at_end and (another or rows.stack.height != before or rows.stack.last >= 0):
        rows.steps.go_last()
