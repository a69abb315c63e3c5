"""A log that follows its build while it runs, and holds where a person scrolled to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.timer import Timer

from tui.app.log.canvas import LogCanvas
from tui.app.log.layout import LogLayout
from tui.app.log.search import LogPattern
from tui.app.log.words import no_lines_shown
from tui.app.rows.cursor import Direction, PlainTrack
from tui.app.rows.glyphs import Glyphs
from tui.app.terminal.interpreter import spare_the_collector
from tui.app.terminal.textual_private import resize_rows
from tui.building.log.transcript import Transcript
from tui.facts import Fact

FLUSH_SECONDS = 1 / 15  # between two looks at what came, while a build runs
_COLUMNS_SHOWN = 4_000  # of a line that is not wrapped; all of it can be copied, saved, wrapped


class LogSetting(Fact):
    """Search and filter of one log; and where one was in which transcript."""

    search: LogPattern
    only: LogPattern
    transcript: Transcript | None
    follow: bool
    cursor: int  # a line
    cleared: int


class LogView(LogCanvas):
    """A transcript in rows. Reads new lines by itself; has a timer only while something may come."""

    DEFAULT_CSS = """
    LogView {
        height: 1fr;
        overflow-x: hidden;
        overflow-y: scroll;
        scrollbar-size-vertical: 1;
    }
    """

    class Changed(Message):
        """What the title says may have changed: lines came, follow or hold, a filter."""

    class Opened(Message):
        """A person clicked the line under the cursor."""

    def __init__(self, *, glyphs: Glyphs | None = None, id: str | None = None) -> None:  # noqa: A002
        super().__init__(glyphs=glyphs, id=id)
        self.follow = True
        self.only = LogPattern("")
        self.cleared = 0  # lines before this index were cleared away
        self._seen = 0  # lines that had come when the view was last at the end
        self._timer: Timer | None = None
        self._laid_out_for = 0
        self._held: int | None = None  # the row of the view that the cursor keeps, until its line is laid out
        self._page_seen = 0  # rows that showed before this size
        self._scrolling = False  # the view itself scrolls, not a person

    # -- what is shown ------------------------------------------------------------------------------------------------

    def look_at(self, transcript: Transcript | None) -> None:
        """Show this transcript from its end on, following it."""
        self.transcript = transcript
        self.follow, self.selecting_from, self.cleared = True, None, 0
        self.lay_out()

    def lay_out(self) -> None:
        """Work out anew which lines show in which rows. Keeps to the end, or the cursor in its row of the view;
        where its line does not show any more, it goes to the next one that does.
        """
        if self.follow:
            self._held = None
        elif self._held is None:  # else it is still on its way there
            self._held = self._cursor_row
        self._strips.clear()
        self._laid_out_for = self.text_width
        self._stop()
        if self.transcript is None:
            self.rows, self.cursor.track = None, PlainTrack()
            self._take_size()
            return
        self.rows = self.cursor.track = LogLayout(
            self.transcript,
            matches=self.only.matches if self.only.is_usable else None,
            width=self.text_width if self.wrap else None,
            start=self.cleared,
        )
        self.none_shows = no_lines_shown(self.only.text, self.cleared, self.transcript, self.glyphs)
        self.flush()
        if not self._settled:
            spare_the_collector()
            self._timer = self.set_interval(FLUSH_SECONDS, self.flush)

    @property
    def _cursor_row(self) -> int:
        """The row of the view that the cursor is in; outside of it the one beyond which it is."""
        top = self.rows.top(self.cursor.place) if self.rows is not None else 0
        return max(min(top - self.scroll_offset.y, self.page - 1), 0)

    def _hold(self, rows: LogLayout, row: int) -> None:
        """Bring the cursor to that row of the view, as soon as all that shows then is known."""
        here = self.cursor.place
        top = max(rows.top(here) - min(row, self.page - 1), 0)
        if self.follow or not rows.lines:
            return
        if rows.behind and not (rows.showing(here, here) and rows.rows >= top + self.page):
            return
        self._held = None
        self.cursor.place = rows.nearest(here)
        self._scroll(top)

    @property
    def _settled(self) -> bool:
        """Whether nothing more can come."""
        return self.rows is None or (self.rows.transcript.closed and not self.rows.behind)

    def flush(self) -> None:
        """Take in what came since the last time: once for any number of lines."""
        if self.rows is None:
            return
        was_settled, before = self._timer is None, self.rows.rows
        lost = self.rows.update()
        if lost or self.rows.rows != before or self.virtual_size.height != self.rows.rows:
            self._take_size()
            if self.follow:
                self._go_to_end()
            elif lost:
                self._scroll(max(self.scroll_offset.y - lost, 0))
            self.title_changed()
        if self._held is not None:
            self._hold(self.rows, self._held)
        if self._settled and not was_settled:
            self._stop()
            self.title_changed()

    def title_changed(self) -> None:
        """What the title says may be another now."""
        self.post_message(self.Changed())

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def _take_size(self) -> None:
        width = 0
        if self.rows is not None and not self.wrap:
            width = min(self.rows.transcript.longest, _COLUMNS_SHOWN) + self.gutter_width
        with self._own_scroll():
            resize_rows(self, Size(width, self.rows.rows if self.rows is not None else 0))
        self.refresh()

    def _go_to_end(self) -> None:
        if self.rows is None:
            return
        self._seen = self.rows.transcript.total
        if self.selecting_from is None:
            self.cursor.place = self.rows.last
        self._scroll(self.max_scroll_y)

    @property
    def new_lines(self) -> int:
        """Lines that came while the view was held elsewhere."""
        return self.transcript.total - self._seen if self.transcript is not None and not self.follow else 0

    # -- what a person set for one log, kept while they look at another -----------------------------------------------

    def setting(self) -> LogSetting:
        """What is set now."""
        return LogSetting(self.search, self.only, self.transcript, self.follow, self.cursor.place, self.cleared)

    def resume(self, transcript: Transcript | None, setting: LogSetting | None) -> None:
        """Show a transcript as it was left; from its end on, where it was not shown before."""
        self.search = setting.search if setting is not None else LogPattern("")
        self.only = setting.only if setting is not None else LogPattern("")
        self.look_at(transcript)
        if setting is None or transcript is None or setting.transcript is not transcript or setting.follow:
            return
        self.cleared = setting.cleared
        self.set_follow(False)
        self.lay_out()
        self.go(setting.cursor)

    # -- moving -------------------------------------------------------------------------------------------------------

    def set_follow(self, follow: bool) -> None:
        """Follow the end, or hold here."""
        if follow:
            self.follow, self.selecting_from = True, None
            self.flush()
            self._go_to_end()
        elif self.follow:
            self.follow = False
            self._seen = self.transcript.total if self.transcript is not None else 0
        self.refresh()
        self.title_changed()

    @property
    def page(self) -> int:
        """The rows that show at once."""
        return self.scrollable_content_region.height

    def go(self, line: int) -> None:
        """Put the cursor on a line, in sight. On the last line the view follows again."""
        rows = self.rows
        if rows is None or not rows.lines:
            return
        self._held = None
        self.cursor.place = target = rows.nearest(line)
        at_end = target == rows.last and self.selecting_from is None
        if at_end != self.follow:
            self.set_follow(at_end)
        top, end = rows.top(target), rows.top(target + 1)
        if top < self.scroll_offset.y:
            self._scroll(top)
        elif end > self.scroll_offset.y + self.page:
            self._scroll(min(end - self.page, top))
        self.refresh()

    def go_first(self) -> None:
        """To the first line that is kept."""
        self.go(0)

    def go_last(self) -> None:
        """To the end, and follow it."""
        self.set_follow(True)

    def nudge(self, step: Direction, lines: int = 1) -> None:  # noqa: ARG002
        """All lines can be stood on: the cursor stays on the last, which is followed."""
        if step > 0:
            self.go(self.cursor.place)

    def _scroll(self, row: int) -> None:
        with self._own_scroll():
            self.scroll_to(y=row, animate=False, force=True)

    @contextmanager
    def _own_scroll(self) -> Iterator[None]:
        was, self._scrolling = self._scrolling, True
        try:
            yield
        finally:
            self._scrolling = was

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """A person who scrolls up lets go of the end; scrolling down to it takes hold again."""
        super().watch_scroll_y(old_value, new_value)
        if self._scrolling or self.rows is None:
            return
        self._held = None
        at_end = new_value >= self.max_scroll_y
        if new_value < old_value and not at_end and self.follow:
            self.set_follow(False)
        elif at_end and new_value > old_value and not self.follow and self.selecting_from is None:
            self.set_follow(True)

    def on_resize(self, event: events.Resize) -> None:  # noqa: ARG002
        """Wrap anew for another width; stay at the end, or at the cursor, where that was in sight."""
        before, self._page_seen = self._page_seen, self.page
        if self.wrap and self._laid_out_for != self.text_width:
            self.lay_out()
        elif self.follow:
            self._go_to_end()
        elif self.rows is not None and 0 <= self.rows.top(self.cursor.place) - self.scroll_offset.y < before:
            self._scroll(max(self.rows.top(self.cursor.place) - self._cursor_row, 0))

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the line that was clicked; a click on the line under the cursor opens it."""
        offset = event.get_content_offset(self)
        if self.rows is None or offset is None:
            return
        place = self.rows.locate(offset.y + self.scroll_offset.y)
        if place is None:
            return
        if place[0] == self.cursor.place and event.chain > 1:
            self.post_message(self.Opened())
        self.cursor.place = place[0]
        self.refresh()
