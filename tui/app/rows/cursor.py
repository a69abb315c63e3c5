"""One cursor for every list: a place among rows that stand on lines. The list that owns it scrolls and draws."""

from __future__ import annotations

from functools import partial
from typing import Literal, Protocol

from tui.app.keys.handlers import Handlers

Direction = Literal[1, -1]


class Track(Protocol):
    """Rows in order, each on one line or more. Places and lines are counted from 0; a cursor stands on some places."""

    @property
    def last(self) -> int:
        """The last place; whatever it is where there is none, nothing stands on it."""

    def after(self, place: int, step: Direction) -> int | None:
        """The next place in that direction that can be stood on; None past the end."""

    def nearest(self, place: int, step: Direction = 1) -> int:
        """That place, else the next one in that direction that can be stood on, else the next the other way."""

    def top(self, place: int) -> int:
        """The line on which the row of that place begins."""

    def at(self, line: int) -> int:
        """The place of the row on that line; the last one for lines past the end."""


class PlainTrack:
    """Rows of one line each, all of which can be stood on."""

    def __init__(self, count: int = 0) -> None:
        self.count = count

    @property
    def last(self) -> int:
        """The last place."""
        return self.count - 1

    def after(self, place: int, step: Direction) -> int | None:
        """The next place; None past the end."""
        return place + step if 0 <= place + step < self.count else None

    def nearest(self, place: int, step: Direction = 1) -> int:  # noqa: ARG002 (all can be stood on)
        """That place, within the bounds."""
        return max(min(place, self.count - 1), 0)

    def top(self, place: int) -> int:
        """One line each."""
        return place

    def at(self, line: int) -> int:
        """One line each."""
        return max(min(line, self.count - 1), 0)


class Cursor:
    """A place on a track. What moves it asks here where that leads, and lets the list go there."""

    def __init__(self, track: Track, place: int = 0) -> None:
        self.track = track
        self.place = place

    def stepped(self, step: Direction) -> int | None:
        """One row on; None past the end."""
        return self.track.after(self.place, step)

    def leapt(self, lines: int, step: Direction) -> int:
        """So many lines on, by one row at least."""
        place = self.track.at(max(self.track.top(self.place) + step * lines, 0))
        if place != self.place:
            return self.track.nearest(place, step)
        further = self.track.after(place, step)
        return place if further is None else further


class Walked(Protocol):
    """A list whose cursor keys move."""

    @property
    def cursor(self) -> Cursor:
        """Its cursor."""

    @property
    def page(self) -> int:
        """The lines of it that show at once."""

    def go(self, place: int) -> None:
        """Put the cursor there because a person asked for it, and bring it into sight."""

    def nudge(self, step: Direction, lines: int = 1) -> None:
        """There is no further row: scroll so far, where there is something to scroll to."""

    def go_first(self) -> None:
        """To the top."""

    def go_last(self) -> None:
        """To the bottom."""


def walk(rows: Walked) -> Handlers:
    """The actions that move a cursor, for any list."""
    return {
        "cursor-down": partial(step_by, rows, 1),
        "cursor-up": partial(step_by, rows, -1),
        "cursor-top": rows.go_first,
        "cursor-bottom": rows.go_last,
        "half-page-down": partial(leap_half, rows, 1),
        "half-page-up": partial(leap_half, rows, -1),
    }


def step_by(rows: Walked, step: Direction) -> None:
    """One row on; past the last one, scroll."""
    place = rows.cursor.stepped(step)
    if place is None:
        rows.nudge(step)
    else:
        rows.go(place)


def leap_half(rows: Walked, step: Direction) -> None:
    """Half a page on."""
    _leap(rows, step, rows.page // 2)


def leap_page(rows: Walked, step: Direction) -> None:
    """A page on, one line less."""
    _leap(rows, step, rows.page - 1)


def _leap(rows: Walked, step: Direction, lines: int) -> None:
    """So many lines on; where there is nothing to stand on, what shows moves."""
    if rows.cursor.track.after(-1, 1) is None:
        rows.nudge(step, lines)
    else:
        rows.go(rows.cursor.leapt(lines, step))
