"""The picture of a function's life: which mode it has, which it should have, and where the trip would end.

`draw` gives lines of (text, role): the command line joins the texts, the screen paints them by role. Widths are in
terminal columns; no line is wider than asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from tui.gateway.life.picture_trip import (
    boxes,
    column,
    helpers_beside_row,
    mark,
    name_of,
    note,
    note_column,
    row,
    signature,
    typed,
)
from tui.gateway.verdict import Life, LifeStep
from tui.lines.canvas import (
    ASCII,
    UNICODE,
    Glyphs,
    Line,
    Role,
    Segment,
    cells,
    clip,
    clip_line,
    line_width,
    text_of,
    wrap,
)

if TYPE_CHECKING:
    from tui.wasm.mode import ExportMode

__all__ = ["MIN_WIDTH", "Style", "badge", "draw", "one_line", "text_of"]

Style = Literal["boxes", "row", "column", "line"]
MIN_WIDTH = 20


def draw(life: Life, width: int, style: Style = "row", ascii_only: bool = False) -> tuple[Line, ...]:
    """The picture in at most `width` columns.

    `boxes` takes 7 to 11 lines and falls back to `row` where it does not fit, `row` takes 4 to 8 and falls back to
    `column`; `line` is one line.
    """
    glyphs = ASCII if ascii_only else UNICODE
    width = max(width, MIN_WIDTH)
    if style == "line":
        return (one_line(life, width, glyphs),)
    lines = (_badge_line(life, width, glyphs), *_trip(life, width, glyphs, style), *_ending(life, width, glyphs))
    return tuple(clip_line(line, width, glyphs.ellipsis) for line in lines)


def _trip(life: Life, width: int, glyphs: Glyphs, style: Style) -> tuple[Line, ...]:
    """The stations in the first layout that fits, with what they lean on."""
    if style == "boxes" and (drawn := boxes(life, width, glyphs)) is not None:
        hanging = note(life, note_column(life, drawn, boxed=True), width, glyphs)
        return (*drawn, *hanging, *_helpers(life, width, glyphs))
    if style != "column" and (drawn := row(life, width, glyphs)) is not None:
        hanging = note(life, note_column(life, drawn, boxed=False), width, glyphs)
        extra = () if helpers_beside_row(life, drawn) else _helpers(life, width, glyphs)
        return (*drawn, *hanging, *extra)
    return (*column(life, width, glyphs), *_helpers(life, width, glyphs))


def badge(life: Life, glyphs: Glyphs = UNICODE) -> Segment:
    """The mark at the end of the first line: whether the module fits, in a word or two."""
    if not life.has_module:
        return f"{glyphs.unknown} unbuilt", "unknown"
    if life.breaks_at is not None:
        mismatch = life.matches is False
        return f"{glyphs.missing} " + ("mismatch" if mismatch else f"ends at {_end(life)}"), "missing"
    leaning = next((helper for helper in life.helpers if not helper.holds), None)
    if leaning is not None:
        return f"{glyphs.missing} {leaning.label} {leaning.state}", "missing"
    doubt = _doubt(life)
    return (f"{glyphs.warning} {doubt}", "warning") if doubt else (f"{glyphs.present} fits", "present")


def _doubt(life: Life) -> str:
    """What one should know of a trip that arrives; "" where there is nothing."""
    if life.expected is None:
        return "not compared"
    if life.matches is False:
        return _mismatch(life)
    return "by accident" if any(step.accident for step in (*life.steps, *life.helpers)) else ""


def _mismatch(life: Life) -> str:
    """Why the trip arrives in another mode than function.yaml asks for."""
    if life.actual == "both":
        return "both hooks"
    return "by its exports" if life.by_exports else "mismatch, works"


def _end(life: Life) -> str:
    return life.steps[life.breaks_at].label if life.breaks_at is not None else ""


def _mode(mode: ExportMode | None) -> str:
    return mode.upper() if mode is not None else "-"


def _actual(life: Life) -> str:
    return _mode(life.actual) if life.actual is not None else "not readable" if life.has_module else "-"


def _badge_line(life: Life, width: int, glyphs: Glyphs) -> Line:
    """Expected against actual and the badge; parts drop out from the least telling where the width asks for it."""
    tag, tag_role = badge(life, glyphs)
    agree: Role = "mode" if life.matches is None else "good" if life.matches else "error"
    reason = f" ({life.reason})"
    for title, why, gap in (("Export mode   ", reason, "    "), ("", reason, "   "), ("", "", "   "), ("", "", " ")):
        line: Line = (
            (" ", "space"),
            (title, "muted"),
            ("expected ", "muted"),
            (_mode(life.expected), "mode"),
            (why, "muted"),
            (gap, "space"),
            ("actual ", "muted"),
            (_actual(life), agree),
            (gap, "space"),
            (tag, tag_role),
        )
        if line_width(line) <= width:
            return tuple(segment for segment in line if segment[0])
    modes = _actual(life) if life.matches else f"{_actual(life)}, not {_mode(life.expected)}"
    return (" ", "space"), (tag, tag_role), (f"  {modes}", "muted")


def _helpers(life: Life, width: int, glyphs: Glyphs) -> tuple[Line, ...]:
    """What the stations lean on: on one line, or on a line each."""
    if not life.helpers:
        return ()
    full = _beside(
        life, width, glyphs, [one.note or one.actual or signature(one.expected, glyphs) for one in life.helpers]
    )
    short = full or _beside(life, width, glyphs, [one.note for one in life.helpers])
    return short or tuple(((" ", "space"), *_helper(helper, helper.note, glyphs)) for helper in life.helpers)


def _beside(life: Life, width: int, glyphs: Glyphs, details: list[str]) -> tuple[Line, ...]:
    """All helpers on one line, or nothing where they do not fit."""
    line: list[Segment] = [(" leans on", "muted")]
    for helper, detail in zip(life.helpers, details, strict=True):
        line += [("   ", "space"), *_helper(helper, detail, glyphs)]
    return (tuple(line),) if line_width(line) <= width else ()


def _helper(helper: LifeStep, detail: str, glyphs: Glyphs) -> Line:
    role: Role = "note" if helper.note else "muted"
    head: Line = (mark(helper, glyphs), (" ", "space"), (helper.label, "label"))
    return (*head, (f" {typed(detail, glyphs)}", role)) if detail else head


def _ending(life: Life, width: int, glyphs: Glyphs) -> tuple[Line, ...]:
    """The sentence and the remedy: on one line where they fit, else wrapped, the remedy on its own."""
    role: Role = "unknown" if life.arrives is None else "good" if life.arrives else "error"
    if life.arrives and life.remedy:
        role = "warning"
    remedy = f"{glyphs.to} {life.remedy}" if life.remedy else ""
    summary = typed(life.summary, glyphs)
    if cells(summary) + cells(remedy) + 5 <= width:
        line: Line = ((" ", "space"), (summary, role), ("   ", "space"), (remedy, "remedy"))
        return (line if remedy else line[:2],)
    return (*_paragraph(summary, role, width), *(_paragraph(remedy, "remedy", width) if remedy else ()))


def _paragraph(text: str, role: Role, width: int) -> tuple[Line, ...]:
    return tuple(((" ", "space"), (piece, role)) for piece in wrap(text, width - 2))


def one_line(life: Life, width: int, glyphs: Glyphs = UNICODE) -> Line:
    """The whole life in one line: badge, modes, stations with marks, and the sentence as far as it goes."""
    tag, tag_role = badge(life, glyphs)
    line: list[Segment] = [(tag, tag_role), ("  ", "space"), (_modes(life), "mode")]
    trip = _inline_trip(life, glyphs)
    if line_width(line) + 2 + line_width(trip) <= width:
        line += [("  ", "space"), *trip]
    room = width - line_width(line) - 2
    if room >= 12 and life.breaks_at is not None:
        line += [("  ", "space"), (clip(typed(life.summary, glyphs), room, glyphs.ellipsis), "note")]
    return clip_line(tuple(line), width, glyphs.ellipsis)


def _modes(life: Life) -> str:
    """Actual and expected mode in two or three words."""
    if not life.has_module:
        return f"to be {_mode(life.expected)}" if life.expected is not None else ""
    return _actual(life) if life.matches else f"{_actual(life)}, expected {_mode(life.expected)}"


def _inline_trip(life: Life, glyphs: Glyphs) -> Line:
    pieces: list[Segment] = []
    for index, step in enumerate(life.steps):
        if index:
            pieces.append((f" {glyphs.arrow[1]} ", "arrow"))
        pieces.append((name_of(step, glyphs), "label"))
        if life.has_module:
            pieces.append(mark(step, glyphs))
    return tuple(pieces)
