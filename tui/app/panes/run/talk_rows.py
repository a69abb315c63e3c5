"""One session as rows: frames both ways with what the function did for each, and how it ended. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from time import localtime, strftime
from typing import Final

from tui.app.colours.roles import Line, Part
from tui.app.desk.running.talk import Entry, TalkView
from tui.app.panes.run.trace_rows import call_rows
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import fit, line_of, outside, paragraph, width_of, wrap
from tui.app.rows.table import Row
from tui.text import human_bytes, plural

_ROLES: Final = {"opening": "accent", "compiling": "accent", "open": "ok strong", "closed": "muted"}
_ARROWS: Final = {"in": ("right", "accent"), "out": ("left", "ok")}
LINES: Final = 6  # of one frame
TIMES_FROM: Final = 48  # cells from which each frame has its time


def talk_rows(view: TalkView, glyphs: Glyphs, width: int, *, active: bool) -> Iterator[Row]:
    """A session."""
    yield Row("head", lines=(head_line(view, glyphs, width, active=active),), selectable=False)
    if view.hidden:
        words = f"{glyphs['ellipsis']} {view.hidden:,} before are not shown"
        yield Row("hidden", lines=((Part(words, "faint"),),), selectable=False)
    for entry in view.entries:
        yield from _entry_rows(entry, glyphs, width)


def head_line(view: TalkView, glyphs: Glyphs, width: int, *, active: bool) -> Line:
    """Which session it is, how it stands, and what went through it: as much as fits whole, a part of a figure tells
    nothing.
    """
    line = line_of(
        Part(f"{glyphs['on' if active else 'off']} session {view.number}", "title" if active else "muted"),
        Part(f"   {view.standing}", _ROLES[view.standing]),
    )
    told = (
        f"   {view.frames_in:,} {glyphs['right']}  {view.frames_out:,} {glyphs['left']}",
        f"   {view.waiting:,} waiting" if view.waiting else "",
        f"   {human_bytes(view.memory)}" if view.memory else "",
    )
    for words in told:
        longer = (*line, Part(words, "muted"))
        if width_of(longer) > width:
            break
        line = longer
    return fit(line, width, glyphs["ellipsis"])


def _entry_rows(entry: Entry, glyphs: Glyphs, width: int) -> Iterator[Row]:
    key = str(entry.number)
    if entry.way == "said":
        lead = (Part(f"{glyphs['error' if entry.bad else 'dot']} ", "error" if entry.bad else "muted"),)
        said = paragraph(glyphs.text(outside(entry.text).text), width, "error" if entry.bad else "muted", lead)
        yield Row(key, lines=tuple(said), copy=entry.text, what="the line", full=entry.text)
        return
    calls = [call for call in entry.calls if call.name != "ws_send"]
    lines = _frame_lines(entry, glyphs, width - 2)
    if not calls:  # a branch's mark takes two cells: times stand below each other all the same
        lines = [(Part("  "), *line) for line in lines]
    yield Row(key, lines=tuple(lines), branch=bool(calls), copy=entry.text, what="the frame", full=entry.text)
    yield from call_rows(calls, glyphs, width, key)
    if calls and entry.called > len(entry.calls):
        more = plural(entry.called - len(entry.calls), "call") + " more"
        yield Row(f"{key}:more", lines=((Part(more, "faint"),),), level=1, selectable=False)


def _frame_lines(entry: Entry, glyphs: Glyphs, width: int) -> list[Line]:
    arrow, role = _ARROWS[entry.way]
    clock = strftime("%H:%M:%S ", localtime(entry.at)) if width >= TIMES_FROM else ""
    lead = line_of(Part(clock, "faint"), Part(f"{glyphs[arrow]} ", f"{role} strong"))
    took = Part(f"   {entry.ms:.1f} ms" if entry.ms is not None else "", "faint")
    rest = entry.size - len(entry.text)
    more = Part(f"   {rest:,} bytes more" if rest > 0 else "", "faint")
    text = Part(glyphs.text(outside(entry.text, limit=width * LINES).text) or "(empty)", "" if entry.text else "faint")
    return wrap((text, took, more), width, lead)[:LINES]
