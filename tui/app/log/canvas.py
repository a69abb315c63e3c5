"""The rows of a log as strips of cells: only those in sight are ever styled."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import ClassVar, Final

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.reactive import Reactive
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip

from tui.app.colours.roles import Line, style_of
from tui.app.log.kinds import stretches
from tui.app.log.layout import LogLayout, pieces
from tui.app.log.search import LogPattern
from tui.app.log.style import CompilerColours, highlighted, line_strip
from tui.app.rows.cursor import Cursor, PlainTrack
from tui.app.rows.draw import cursor_strip, is_in_use, strip_of
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.selectable import with_selection
from tui.building.log import sgr
from tui.building.log.transcript import LineOrigin, Transcript, TranscriptLine

STRIPS_KEPT = 400
# What stands before a line of each origin, for all signs and for ASCII alone, and its role.
_STREAM_MARKS: Final[dict[LineOrigin, tuple[tuple[str, str], str]]] = {
    "stdout": (("  ", "  "), "muted"),
    "stderr": (("┃ ", "! "), "error"),
    "fn-tui": (("· ", ": "), "muted"),
}
_TIME_WIDTH = 10  # "  12.345s "


class LogCanvas(ScrollView, can_focus=True, inherit_bindings=False):
    """Draws the lines that a `LogLayout` puts into rows, with cursor, selection and matches."""

    ALLOW_SELECT: ClassVar[bool] = True

    virtual_size: Reactive[Size] = Reactive(Size(0, 0))  # see resize_rows

    def __init__(self, *, glyphs: Glyphs | None = None, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.transcript: Transcript | None = None
        self.rows: LogLayout | None = None
        self.wrap = False
        self.times = False
        self.cursor = Cursor(PlainTrack())  # its places are lines of the transcript
        self.selecting_from: int | None = None  # the other end of the selection by keys
        self.search = LogPattern("")
        self.glyphs = glyphs or Glyphs()
        self._strips: dict[int, Strip] = {}
        self._roles: dict[str, Style] = {}
        self._colours: CompilerColours | None = None
        self._notice: tuple[Line, ...] = ()
        self.none_shows: Line = ()  # what stands there while no line of the transcript does

    def say_instead(self, notice: Sequence[Line]) -> None:
        """What stands there while there is no transcript, line by line."""
        if tuple(notice) != self._notice:
            self._notice = tuple(notice)
            self.refresh()

    @property
    def gutter_width(self) -> int:
        """The cells left of the text: the cursor's bar, the time where it is shown, the stream's mark."""
        return 3 + (_TIME_WIDTH if self.times else 0)

    @property
    def text_width(self) -> int:
        """The cells that text has in a row."""
        return max(self.scrollable_content_region.width - self.gutter_width, 1)

    def notify_style_update(self) -> None:
        """Forget the strips of another theme."""
        self._strips.clear()
        self._roles.clear()
        self._colours = None
        super().notify_style_update()

    def draw_anew(self) -> None:
        """Forget what was drawn: another search, other options."""
        self._strips.clear()
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One row of the widget."""
        row = y + self.scroll_offset.y
        base = self.visual_style.rich_style
        place = self.rows.locate(row) if self.rows is not None else None
        if self.rows is None and y < len(self._notice):
            return strip_of(self, self._notice[y], self.size.width, self.visual_style, self.glyphs["ellipsis"])
        if self.rows is not None and not self.rows.rows and not self.rows.behind and not y:
            return strip_of(self, self.none_shows, self.size.width, self.visual_style, self.glyphs["ellipsis"])
        if self.rows is None or place is None or place[0] < self.rows.transcript.first:
            return Strip.blank(self.scrollable_content_region.width, base)
        index, part = place
        line = self.rows.transcript.line(index)
        start, end = self._cells(line, part)
        text = self._line_strip(line, base).crop(start, end).adjust_cell_length(self.text_width, base)
        left = 0 if self.wrap else start
        text = with_selection(self, text, row, left)
        text = text.apply_offsets(left, row)
        marked = self._is_marked(index)
        strip = Strip.join([self._gutter(line, part, base, marked=marked), text])
        return cursor_strip(self, strip) if marked else strip

    def _cells(self, line: TranscriptLine, part: int) -> tuple[int, int]:
        """The first cell of a line that its row shows, and the one after the last."""
        width = self.text_width
        if not self.wrap:
            left = self.scroll_offset.x
            return left, left + width
        ends = [0, *accumulate(cell_len(piece) for piece in pieces(sgr.display(line.text), width))]
        return (ends[part], ends[part + 1]) if part + 1 < len(ends) else (ends[-1], ends[-1])

    def _line_strip(self, line: TranscriptLine, base: Style) -> Strip:
        """The whole line, styled, matches marked; kept while it may be drawn again."""
        strip = self._strips.get(line.index)
        if strip is None:
            if len(self._strips) >= STRIPS_KEPT:
                self._strips.clear()
            if "\x1b" in line.text:  # the compiler's own colours
                self._colours = self._colours or CompilerColours.of(self)
                strip = line_strip(line.text, base, self._colours.style)
            else:
                strip = self._coloured(sgr.display(line.text), line, base)
            strip = highlighted(strip, self.search.spans(strip.text), Style(reverse=True))
            self._strips[line.index] = strip
        return strip

    def _coloured(self, shown: str, line: TranscriptLine, base: Style) -> Strip:
        """A line without colours of its own, each stretch of it in the colour of what it says."""
        segments, done = [], 0
        for start, end, role in stretches(shown, line.stream):
            segments += [Segment(shown[done:start], base), Segment(shown[start:end], base + self._role(role))]
            done = end
        segments.append(Segment(shown[done:], base))
        return Strip([segment for segment in segments if segment.text], cell_len(shown))

    def _gutter(self, line: TranscriptLine, part: int, base: Style, *, marked: bool) -> Strip:
        """The cursor's bar, the time, and the stream's mark (stderr and lines of ours have one, stdout none)."""
        mark, role = _STREAM_MARKS[line.stream]
        segments = [Segment(self.glyphs["cursor"] if marked else " ", base + self._role("accent"))]
        if self.times:
            time = f"{line.seconds:8.3f}s " if part == 0 else ""
            segments.append(Segment(time[-_TIME_WIDTH:].rjust(_TIME_WIDTH), base + self._role("muted")))
        segments.append(Segment(mark[self.glyphs.ascii], base + self._role(role)))
        return Strip(segments, self.gutter_width)

    def _role(self, role: str) -> Style:
        if role not in self._roles:
            self._roles[role] = self.app.stylesheet.parse_style(style_of(role)).rich_style
        return self._roles[role]

    def _is_marked(self, index: int) -> bool:
        if not is_in_use(self):
            return False
        here = self.cursor.place
        start = here if self.selecting_from is None else self.selecting_from
        return min(start, here) <= index <= max(start, here)

    # -- selection by mouse -------------------------------------------------------------------------------------------

    def selection_updated(self, selection: Selection | None) -> None:  # noqa: ARG002
        """Draw the selection."""
        self.refresh()

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The text under the mouse's selection: only the rows that it spans are put together."""
        if self.rows is None or not self.rows.rows:
            return None
        first = selection.start.y if selection.start is not None else 0
        last = min(selection.end.y if selection.end is not None else self.rows.rows, self.rows.rows - 1)
        texts = []
        for row in range(first, last + 1):
            start, end = selection.get_span(row) or (0, 0)
            text = self._row_text(row)
            texts.append(text[start:] if end == -1 else text[start:end])
        return "\n".join(texts), "\n"

    def _row_text(self, row: int) -> str:
        place = self.rows.locate(row) if self.rows is not None else None
        if self.rows is None or place is None:
            return ""
        text = sgr.display(self.rows.transcript.text(place[0]))
        if not self.wrap:
            return text
        found = pieces(text, self.text_width)
        return found[place[1]] if place[1] < len(found) else ""
