"""Rows that tell how one module differs from another: sizes with bars, imports and exports that changed. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from tui.app.colours.roles import Line, Part
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import line_of, outside
from tui.app.rows.pane_rows import blank, text_row
from tui.app.rows.table import Column, Row, heading
from tui.text import exact_bytes, human_bytes, offset, plural, signed_bytes, signed_percent
from tui.wasm.diff import ExternChange, ModuleDiff, SizeChange
from tui.wasm.module import DecodeNote

BAR: Final = 12  # cells of the largest change's bar
MOST: Final = 300  # rows of one group; the rest are counted
COLUMNS: Final = (
    Column("", minimum=14, middle=True),
    Column("before", "right", drop=3),
    Column("after", "right", drop=2),
    Column("change", "right"),
    Column("", "right", drop=4),
    Column("", drop=1),
)


def diff_rows(found: ModuleDiff, glyphs: Glyphs, width: int) -> list[Row]:
    """The summary, then each group that has changes, by weight."""
    rows = list(_summary(found, glyphs, width))
    for side, notes in (("before", found.old_errors), ("now", found.new_errors)):
        rows += _errors(side, notes, glyphs, width)
    groups: tuple[tuple[str, Sequence[SizeChange]], ...] = (
        ("Sections", found.sections),
        ("Packages", found.packages),
        ("Functions", found.functions),
    )
    for title, externs in (("Imports", found.imports), ("Exports", found.exports)):
        rows += _externs(title, externs, glyphs)
    # One scale for the bars of all groups: what is twice as long is twice as much.
    largest = max((abs(change.delta) for _, changes in groups for change in changes), default=0) or 1
    weighed = [row for title, changes in groups for row in _sizes(title, changes, largest, glyphs)]
    if weighed:
        # The titles of the columns, once, below the first group that has columns.
        weighed.insert(2, heading(COLUMNS)._replace(level=1))
    return [*rows, *weighed]


def _summary(found: ModuleDiff, glyphs: Glyphs, width: int) -> Iterator[Row]:
    if found.same:
        yield text_row(
            "same", (Part(f"{glyphs['ok']} ", "ok"), Part("no difference in anything that is compared")), width
        )
        return
    change = found.size
    percent = f"  {signed_percent(change.percent / 100)}" if change.percent is not None else ""
    sizes = f"{human_bytes(change.old or 0)} {glyphs['right']} {human_bytes(change.new or 0)}"
    delta = Part(f"   {glyphs.text(signed_bytes(change.delta))}{percent}", f"{_role(change.delta)} strong")
    yield Row("size", lines=(line_of(Part(sizes, "strong"), delta),), copy=f"{change.delta}", what="the difference")
    if found.mode[0] != found.mode[1]:
        yield text_row("mode", _turned("export mode", found.mode[0], found.mode[1], glyphs), width)
    if found.toolchain[0] != found.toolchain[1]:
        before, now = (outside(side or "unknown", limit=60).text for side in found.toolchain)
        yield text_row("toolchain", _turned("made by", before, now, glyphs), width)


def _turned(what: str, before: str, now: str, glyphs: Glyphs) -> Line:
    text = glyphs.text(f"{before} {glyphs['right']} {now}")
    return line_of(Part(f"{glyphs['warn']} ", "warn"), Part(f"{what}  ", "muted"), Part(text, "strong"))


def _errors(side: str, notes: Sequence[DecodeNote], glyphs: Glyphs, width: int) -> Iterator[Row]:
    for number, note in enumerate(notes[:5]):
        text = glyphs.text(outside(f"{side}: {offset(note.offset)}: {note.message}", limit=300).text)
        yield text_row(f"{side}:{number}", (Part(f"{glyphs['error']} {text}", "error"),), width)


def _role(delta: int) -> str:
    return "warn" if delta > 0 else "ok" if delta < 0 else "muted"


def _head(title: str, count: int) -> Iterator[Row]:
    yield blank(title)
    line = line_of(Part(title, "title"), Part(f"  {plural(count, 'change')}", "muted"))
    yield Row(f"group:{title}", lines=(line,), branch=True)


def _sizes(title: str, changes: Sequence[SizeChange], largest: int, glyphs: Glyphs) -> Iterator[Row]:
    if not changes:
        return
    yield from _head(title, len(changes))
    for number, change in enumerate(changes[:MOST]):
        yield _size(change, f"{title}:{number}", largest, glyphs)
    if len(changes) > MOST:
        rest = Part(f"and {len(changes) - MOST:,} more", "muted")
        yield Row(f"{title}:more", cells=((rest,),), level=1, selectable=False)


def _size(change: SizeChange, key: str, largest: int, glyphs: Glyphs) -> Row:
    name = glyphs.text(outside(change.name, limit=400).text)
    role = _role(change.delta)
    word = "new" if change.old is None else "gone" if change.new is None else ""
    percent = word or (signed_percent(change.percent / 100) if change.percent is not None else "")
    cells = (
        (Part(name),),
        (Part(human_bytes(change.old) if change.old is not None else "", "muted"),),
        (Part(human_bytes(change.new) if change.new is not None else "", "muted"),),
        (Part(glyphs.text(signed_bytes(change.delta)), role),),
        (Part(percent, role if word else "muted"),),
        (Part(glyphs.bar(share if (share := abs(change.delta) / largest) >= 0.01 else 0, BAR), role),),
    )
    whole = f"{change.package}\n{change.name}" if change.package else change.name
    sides = [exact_bytes(side) if side is not None else "not there" for side in (change.old, change.new)]
    full = f"{whole}\nbefore {sides[0]}, now {sides[1]}, {change.delta:+,} bytes"
    return Row(key, cells, level=1, copy=change.name, what="the name", full=full)


def _externs(title: str, changes: Sequence[ExternChange], glyphs: Glyphs) -> Iterator[Row]:
    if not changes:
        return
    yield from _head(title, len(changes))
    for number, change in enumerate(changes[:MOST]):
        sign, role = ("+", "ok") if change.old is None else ("-", "error") if change.new is None else ("~", "warn")
        sides = [side for side in (change.old, change.new) if side is not None]
        words = glyphs.words(outside(f" {glyphs['right']} ".join(sides), limit=300).text)
        name = glyphs.text(outside(change.name, limit=300).text)
        line = line_of(Part(f"{sign} ", f"{role} strong"), Part(name), Part(f"  {words}", "code"))
        full = f"{change.name}\n{change.kind}\nbefore: {change.old or 'not there'}\nnow: {change.new or 'not there'}"
        yield Row(f"{title}:{number}", lines=(line,), level=1, copy=change.name, what="the name", full=full)
    if len(changes) > MOST:
        rest = Part(f"and {len(changes) - MOST:,} more", "muted")
        yield Row(f"{title}:more", lines=((rest,),), level=1, selectable=False)
