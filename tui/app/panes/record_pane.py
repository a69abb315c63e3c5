"""The widget of all panes that tell of one function in rows: made anew only where what they draw is another."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence

from textual import events
from textual.worker import Worker

from tui.app.beside import run_beside
from tui.app.colours.roles import Part
from tui.app.desk.record import FunctionRecord
from tui.app.keys.handlers import Handlers
from tui.app.messages import CopyRequested, EditRequested, FullTextRequested
from tui.app.panes.content import PaneContent, Room
from tui.app.panes.filtering import PaneFilter
from tui.app.panes.pane import NO_FUNCTION, Drawn
from tui.app.panes.sight import Sight
from tui.app.rows.pane_rows import text_row
from tui.app.rows.row_list import RowList, RowSelected
from tui.app.rows.table import Row


class RecordPane(RowList):
    """Has a content, which makes the rows, and a filter, which narrows them."""

    standing = ""

    def __init__(self, content: PaneContent, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(glyphs=content.glyphs, columns=content.COLUMNS, id=id)
        self.content = content
        self.filter = PaneFilter(self, self.renew_in_sight)
        self._drawn = Drawn()
        self._absence = ""  # why none shows, where that is the filter's doing
        self._sight = Sight(self)
        self._late: bool | None = None  # rows to make once in sight, True: of another function than before
        self._made_for = -1  # lines of height that the rows were made for
        self._work: Worker[None] | None = None

    # -- what is shown

    @property
    def rows_wanted(self) -> int | None:
        """Its lines; all that there are, where it draws by the height."""
        return None if self.content.BY_HEIGHT or self._fill is None else self.stack.height

    @property
    def record(self) -> FunctionRecord | None:
        """The record shown."""
        return self._drawn.record

    def show(self, record: FunctionRecord | None) -> None:
        """Show a function; costs nothing where what this pane draws is the same, and little while out of sight."""
        before = self._drawn.path
        parts = self.content.drawn(record) if record is not None else None
        if self._drawn.differs(record, parts):
            another = before != self._drawn.path
            if another:
                self.filter.clear()
                self.content.another()
            self._late = another or bool(self._late)
        if self._late is not None and self._sight.is_on and self.size.width:
            self.renew(another=self._late)  # a pane that has no width yet is filled when it has one

    def say_absent(self, words: str) -> None:
        """Say why no function shows; "" where none is there."""
        if words != self._absence:
            self._absence = words
            if self.record is None and self._sight.is_on:
                self.renew()

    def room(self) -> Room:
        """What rows are made for now."""
        here = self.row.key if self.row is not None and self.has_focus else None
        return Room(self.row_width, self.size.height, bool(self.filter.typed.needle), here)

    def renew(self, *, another: bool = False) -> None:
        """Make the rows again; the cursor keeps its row unless they are about another function."""
        self._late = None
        self.content.seen(self)
        self.fill(self._rows_for, keep_cursor=not another)

    def _rows_for(self, width: int) -> Sequence[Row]:
        self._made_for = self.size.height
        if self.record is None:
            self.steps.pinned = None
            return [text_row("none", (Part(self._absence or NO_FUNCTION, "muted"),), width)]
        rows = self.content.rows(self.record, self.room())
        sifted = self.filter.typed.sift(rows, self.content.opened)
        branches = {row.key for row in rows if row.branch}
        self.stack.folded = set(sifted.folded) if sifted.folded is not None else branches - self.content.opened
        filtered = self.filter.typed.line(self.glyphs, width) if self.filter.typed.is_on else None
        self.steps.pinned = filtered or self.content.pinned(self.record, self.room())
        return sifted.rows

    def on_show(self) -> None:
        """Make the rows that were put off while out of sight."""
        self._sight.shown = True
        if self._late is not None or self._fill is None:
            self.renew(another=bool(self._late))

    def on_hide(self) -> None:
        """Put work off until in sight again."""
        self._sight.shown = False
        if self._work is not None:
            self._work.cancel()
        self.content.unseen()

    def work(self, work: Callable[[], Coroutine[None, None, None]]) -> None:
        """Run this in place of what was run before, until out of sight."""
        self._work = run_beside(self, "content", work)

    def say(self, text: str) -> None:
        """A short sentence in the corner."""
        self.notify(text, timeout=3, markup=False)

    # -- what is asked here

    def handlers(self) -> Handlers:
        """The list's, the filter's, and those of the content alone."""
        return {**super().handlers(), **self.filter.handlers(), **self.content.handlers(self)}

    def copy_target(self) -> CopyRequested | None:
        """What `y` copies: what the cursor is on."""
        row = self.row
        if row is not None and row.copy:
            return CopyRequested(row.copy, row.what or "the line")
        return self.content.copied(self.record) if self.record is not None else None

    def on_row_selected(self, message: RowSelected) -> None:
        """Enter: fold a branch, open the editor, or show the whole text, whichever the row has."""
        message.stop()
        row = message.row
        if row.branch:
            self.toggle_fold(row)
        elif row.edit is not None:
            self.post_message(EditRequested(row.edit))
        elif row.full or row.copy:
            self.post_message(FullTextRequested(row.what or "the whole text", row.full or row.copy))

    def toggle_fold(self, row: Row) -> None:
        """Fold or unfold; what a person opened stays open for the next function too."""
        self.content.opened ^= {row.key}
        self.renew()

    # -- the filter

    def renew_in_sight(self) -> None:
        """Make the rows again where somebody sees them."""
        if self._sight.is_on:
            self.renew()

    def on_key(self, event: events.Key) -> None:
        """Into the filter, while one types."""
        self.take_key(event)

    def take_key(self, event: events.Key) -> None:
        """The same, of a key that was on its way to another widget."""
        self.filter.key(event)

    def on_paste(self, event: events.Paste) -> None:
        """Into the filter, while one types."""
        self.filter.paste(event)

    # -- what follows the cursor, the focus, the size

    def on_focus(self) -> None:
        """What follows the cursor shows."""
        self.on_row_highlighted()

    def on_blur(self) -> None:
        """What follows the cursor hides; who leaves the filter has typed enough."""
        self.filter.end()
        self.on_row_highlighted()

    def on_row_highlighted(self) -> None:
        """What follows the cursor moves."""
        row = self.content.lit(self.record, self.room()) if self.record is not None else None
        if row is not None and self.stack.find(row.key) is not None:
            self.update_row(row)

    def on_resize(self) -> None:
        """Rows that were put off are made now; rows that depend on the height are made for that of now."""
        if self._late is not None and self._sight.is_on:
            self.renew(another=self._late)
            return
        known = self.content.BY_HEIGHT and self._sight.shown and 0 <= self._made_for != self.size.height
        if known and self._laid_out_for == self.row_width:
            self.renew()

    def on_click(self, event: events.Click) -> None:
        """A click inside a row that cannot be selected itself may mean another one."""
        found = self.steps.under(event)
        if found is None:
            return
        index, inside = found
        key = self.content.key_at(self.stack.shown[index], inside.x, inside.y)
        if key is not None:
            self.steps.go_to_key(key)
