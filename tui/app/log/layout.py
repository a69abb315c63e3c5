"""Which line of a transcript stands in which row: cleared, filtered, wrapped. Pure: the widget draws it.

Unfiltered and unwrapped, a million new lines cost nothing. A filter or a wrap looks at each line once, in portions, so
that switching it on under 100,000 lines stalls nothing.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from time import perf_counter

from rich.cells import cell_len, chop_cells

from tui.app.rows.cursor import Direction
from tui.building.log import sgr
from tui.building.log.transcript import Transcript

PORTION_SECONDS = 0.035  # spent on one `update` at most, give or take a slice
_SLICE = 500  # lines between two looks at the clock

Matches = Callable[[str], object]


class LogLayout:
    """Rows of one transcript. `update` catches up with what came."""

    def __init__(
        self, transcript: Transcript, *, matches: Matches | None = None, width: int | None = None, start: int = 0
    ) -> None:
        """`matches` says which lines show; `width` wraps at so many cells; `start` hides the lines before it."""
        self.transcript = transcript
        self._matches = matches
        self._width = max(width, 1) if width is not None else None
        self._front = max(start, transcript.first)  # the first line that may show
        self._next = self._front  # the first line not looked at yet
        self._kept = array("q")  # with a filter: the lines that show
        self._ends = array("q")  # with a wrap: rows up to the end of each line that shows
        self._base = 0  # rows dropped so far, which `_ends` still counts

    @property
    def rows(self) -> int:
        """How many rows there are."""
        if self._width is not None:
            return self._ends[-1] - self._base if self._ends else 0
        return self.lines

    @property
    def lines(self) -> int:
        """How many lines show."""
        return len(self._kept) if self._matches is not None else self._next - self._front

    @property
    def behind(self) -> bool:
        """Whether there are lines that `update` has not looked at."""
        return self._next < self.transcript.total

    def update(self) -> int:
        """Look at a portion of the new lines and forget what the transcript dropped; returns the rows lost on top."""
        lost = self._forget()
        if self._matches is None and self._width is None:
            self._next = self.transcript.total
            return lost
        deadline = perf_counter() + PORTION_SECONDS
        while self.behind and perf_counter() < deadline:
            self._look(min(self._next + _SLICE, self.transcript.total))
        return lost

    def _look(self, stop: int) -> None:
        texts = self.transcript.texts(self._next, stop)
        rows = self._ends[-1] if self._ends else self._base
        for index, text in enumerate(texts, self._next):
            shown = sgr.display(text)
            if self._matches is not None:
                if not self._matches(shown):
                    continue
                self._kept.append(index)
            if self._width is not None:
                rows += _height(shown, self._width)
                self._ends.append(rows)
        self._next = stop

    def _forget(self) -> int:
        """Drop the lines that are no longer in memory; returns how many rows that were."""
        front = max(self._front, self.transcript.first)
        if front == self._front:
            return 0
        gone = bisect_left(self._kept, front) if self._matches is not None else min(front, self._next) - self._front
        self._front, self._next = front, max(self._next, front)
        if self._matches is not None:
            del self._kept[:gone]
        if self._width is None or gone == 0:
            return gone
        last = self._ends[gone - 1]
        lost, self._base = last - self._base, last
        del self._ends[:gone]
        return lost

    def locate(self, row: int) -> tuple[int, int] | None:
        """The line in `row` and which of its wrapped parts stands there; None outside."""
        if not 0 <= row < self.rows:
            return None
        place, part = row, 0
        if self._width is not None:
            place = bisect_right(self._ends, row + self._base)
            part = row + self._base - (self._ends[place - 1] if place else self._base)
        return (self._kept[place] if self._matches is not None else self._front + place), part

    # -- as a cursor walks it: its places are lines, its lines are rows

    @property
    def last(self) -> int:
        """The last line that shows; 0 where nothing does."""
        return self.nearest(self.transcript.total)

    def nearest(self, line: int, step: Direction = 1) -> int:  # noqa: ARG002 (the next one, else the last)
        """That line, else the next one that shows, else the last one; 0 where nothing shows."""
        found = self.step(line, 0)
        return found if found is not None else 0

    def after(self, line: int, step: Direction) -> int | None:
        """The next line that shows; None past the end."""
        found = self.step(line, step)
        return None if found == line else found

    def at(self, row: int) -> int:
        """The line in `row`; the last one past the end."""
        place = self.locate(max(min(row, self.rows - 1), 0))
        return place[0] if place is not None else 0

    def top(self, line: int) -> int:
        """The row where `line` begins, or where the next line that shows does; `rows` after the last."""
        place = (
            bisect_left(self._kept, line) if self._matches is not None else min(max(line - self._front, 0), self.lines)
        )
        if self._width is None or place == 0:
            return place
        return self._ends[place - 1] - self._base

    def step(self, line: int, by: int) -> int | None:
        """The line that shows `by` lines after `line` (or before), stopping at the ends; None where nothing shows."""
        if not self.lines:
            return None
        if self._matches is None:
            return min(max(line + by, self._front), self._next - 1)
        place = bisect_left(self._kept, line)
        if by > 0 and (place >= len(self._kept) or self._kept[place] != line):
            by -= 1  # the line itself does not show: the next one is one step already
        return self._kept[min(max(place + by, 0), len(self._kept) - 1)]

    def showing(self, first: int, last: int) -> list[int]:
        """The lines from `first` to `last` that show."""
        if self._matches is None:
            return list(range(max(first, self._front), min(last + 1, self._next)))
        return list(self._kept[bisect_left(self._kept, first) : bisect_right(self._kept, last)])


def _height(text: str, width: int) -> int:
    """The rows that a line takes; at least one."""
    return 1 if len(text) <= width and text.isascii() else len(pieces(text, width))


def pieces(text: str, width: int) -> list[str]:
    """The rows of a wrapped line: broken behind blanks, words that are longer than a row anywhere. Joined they are the
    line: a blank at the end of a row may be one cell more than the row has.
    """
    if cell_len(text) <= width:
        return [text]
    found: list[str] = []
    while text and cell_len(text) > width:
        end = _row_end(text, width)
        found.append(text[:end])
        text = text[end:]
    return [*found, text] if text else found


def _row_end(text: str, width: int) -> int:
    """How many characters of a text that is wider than a row stand in the row; at least one."""
    fits = width if text[: width + 1].isascii() else len(chop_cells(text[: width + 1], width)[0])
    fits = max(fits, 1)
    if text[fits : fits + 1] == " " and text[fits - 1] != " ":
        return fits + 1
    blank = text.rfind(" ", 0, fits)
    return blank + 1 if blank > 0 and text[:blank].strip() else fits
