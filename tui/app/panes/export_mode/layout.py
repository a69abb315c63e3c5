"""The export mode panel's drawing: badges, the trip as the gateway room draws it, and words, in the room there is.

The trip comes first; then, as lines are left, the remedy, the sentence, what hangs from the broken station, and what
the stations lean on. Pure: lines of parts, no widget.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import dropwhile
from typing import Final

from tui.app.colours.roles import Line, Part, chip
from tui.app.rows.glyphs import ACCIDENT, STEPS, Glyphs
from tui.app.rows.lines import fit, line_of, pad, width_of, wrap
from tui.gateway.checks.remedy import for_screen
from tui.gateway.life.picture import badge
from tui.gateway.life.picture_trip import boxes, column, helpers_beside_row, name_of, note, note_column, row, signature
from tui.gateway.verdict import Life, LifeStep
from tui.lines import canvas

_ROLES: Final[dict[str, str]] = {
    "present": "ok",
    "wrong": "error strong",
    "missing": "error strong",
    "unknown": "muted",
    "warning": "warn",
    "arrow": "accent",
    "box": "accent",
    "lit": "ok strong",
    "broken": "error strong",
    "muted": "muted",
    "label": "strong",
    "mode": "strong",
    "note": "error",
    "error": "error strong",
    "good": "ok",
    "remedy": "accent",
    "space": "",
}
_BADGES: Final[dict[str, str]] = {"present": "ok", "missing": "error", "wrong": "error", "warning": "warn"}
Trip = tuple[list[Line], list[Line], bool]  # the stations, what hangs from the broken one, whether helpers are in


def picture(life: Life, width: int, height: int, glyphs: Glyphs, aside: Line = ()) -> list[Line]:
    """The life in at most `height` lines of `width` cells; `aside` goes to the right end of the first line."""
    if height <= 1:
        return [_one_line(life, width, glyphs, aside)]
    trip = _trip(life, width, height, glyphs)
    if trip is None:
        words = [*_summary(life, width, glyphs, ""), *_remedy(life, width, glyphs)]
        return [_one_line(life, width, glyphs, aside), *words[: height - 1]]
    stations, hanging, helpers_in = trip
    first = _with_aside(_badges(life, width - width_of(aside[:1]) - bool(aside), glyphs), aside, width, glyphs)
    noted = life.steps[life.breaks_at].note if life.breaks_at is not None and hanging else ""
    summary, remedy = _summary(life, width, glyphs, noted), _remedy(life, width, glyphs)
    if summary and remedy and (joined := _joined(summary, remedy, width)):
        summary, remedy = [joined], []
    leaning = [] if helpers_in else _helpers(life, width, glyphs)
    blocks = _share(height - 1 - len(stations), (remedy, summary, hanging, leaning), glyphs, width)
    remedy, summary, hanging, leaning = blocks
    return [first, *stations, *hanging, *leaning, *summary, *remedy]


def _share(room: int, blocks: Sequence[list[Line]], glyphs: Glyphs, width: int) -> list[list[Line]]:
    """Give each block a line in their order, then all that each needs; what is cut off shows as an ellipsis."""
    given = [0] * len(blocks)
    for whole in (False, True):
        for index, block in enumerate(blocks):
            wanted = len(block) if whole else min(len(block), 1)
            more = min(max(wanted - given[index], 0), room)
            given[index] += more
            room -= more
    return [cut_off(block, lines, glyphs, width) for block, lines in zip(blocks, given, strict=True)]


def cut_off(block: list[Line], lines: int, glyphs: Glyphs, width: int) -> list[Line]:
    """The first lines of a block; the last of them runs on into what follows, and is cut."""
    if lines == 0 or lines >= len(block):
        return block[:lines]
    rest = (part for line in block[lines:] for part in (Part(" "), *dropwhile(_is_blank, line)))
    return [*block[: lines - 1], fit((*block[lines - 1], *rest), width, glyphs["ellipsis"])]


def _is_blank(part: Part) -> bool:
    return not part.text.strip()


# -- the stations


def _trip(life: Life, width: int, height: int, glyphs: Glyphs) -> Trip | None:
    """The stations in the richest layout that leaves room for the words; None where none fits."""
    signs = _signs(glyphs)
    noted = life.breaks_at is not None and bool(life.steps[life.breaks_at].note)
    layouts: tuple[tuple[Callable[[Life, int, canvas.Glyphs], tuple[canvas.Line, ...] | None], bool], ...] = (
        (boxes, True),
        (row, False),
        (column, False),
    )
    for draw, boxed in layouts:
        drawn = draw(life, width - 1, signs)
        # Boxes are worth it only where they push nothing out; rows may squeeze the words.
        words = 1 + bool(life.remedy) if not boxed else 1 + noted + bool(life.helpers)
        if drawn is None or 1 + len(drawn) + words > height:
            continue
        across = draw is not column
        hanging = note(life, note_column(life, drawn, boxed), width - 1, signs) if across else ()
        helpers_in = not life.helpers or (draw is row and helpers_beside_row(life, drawn))
        return [_line(line) for line in drawn], [_line(line) for line in hanging], helpers_in
    return None


def _signs(glyphs: Glyphs) -> canvas.Glyphs:
    return canvas.ASCII if glyphs.ascii else canvas.UNICODE


def _line(line: canvas.Line) -> Line:
    return tuple(Part(text, _ROLES[role]) for text, role in line)


# -- the words


def _badges(life: Life, width: int, glyphs: Glyphs) -> Line:
    """Expected, actual and the verdict; the least telling words go first where room is short."""
    verdict = (_verdict(life, glyphs),) if life.has_module else ()
    expected, actual = _expected(life), _actual(life, glyphs)
    reason = Part(f" ({life.reason})", "muted")
    for title, why, gap in (("Export mode   ", reason, "    "), ("", reason, "   "), ("", Part(""), "   ")):
        asked = (Part("expected ", "muted"), expected, why)
        line = line_of(" ", Part(title, "title"), *asked, gap, Part("actual ", "muted"), actual, gap, *verdict)
        if width_of(line) <= width:
            return line
    return fit(line_of(" ", *verdict, " ", actual, Part(" not ", "muted"), expected), width, glyphs["ellipsis"])


def _verdict(life: Life, glyphs: Glyphs) -> Part:
    text, role = badge(life, _signs(glyphs))
    return chip(text, _BADGES.get(role, "muted"))


def _expected(life: Life) -> Part:
    return chip(life.expected.upper() if life.expected is not None else "?", "accent")


def _actual(life: Life, glyphs: Glyphs) -> Part:
    if life.actual is None:
        return chip("not readable", "error") if life.has_module else chip(f"{glyphs.state('unbuilt')} unbuilt", "muted")
    agrees = {True: "ok", False: "error", None: "muted"}[life.matches]
    return chip(life.actual.upper(), agrees)


def _summary(life: Life, width: int, glyphs: Glyphs, noted: str) -> list[Line]:
    """The sentence, without what hangs from the broken station already."""
    text = life.summary
    if noted and noted in text:
        text = text[text.index(noted) + len(noted) :].lstrip(": ") or text
    return wrap((Part(glyphs.words(text), _summary_role(life)),), width, line_of(" "))


def _summary_role(life: Life) -> str:
    if life.arrives is None:
        return "muted"
    if not life.arrives:
        return "error strong"
    by_accident = any(step.accident for step in (*life.steps, *life.helpers))
    return "warn" if life.remedy or by_accident or not life.matches else "ok"


def _remedy(life: Life, width: int, glyphs: Glyphs) -> list[Line]:
    if not life.remedy:
        return []
    return wrap((Part(_to_do(life, glyphs), "accent"),), width, (Part(f" {glyphs['right']} ", "accent"),))


def _to_do(life: Life, glyphs: Glyphs) -> str:
    return glyphs.words(for_screen(life.remedy, glyphs.key("build")))


def _joined(summary: list[Line], remedy: list[Line], width: int) -> Line | None:
    """Sentence and remedy on one line, where they fit."""
    if len(summary) > 1 or len(remedy) > 1:
        return None
    line = (*summary[0], Part("  "), *remedy[0])
    return line if width_of(line) <= width else None


def _helpers(life: Life, width: int, glyphs: Glyphs) -> list[Line]:
    """What the stations lean on: allocator and memory."""
    signs = _signs(glyphs)
    parts: list[Part] = [Part(" leans on", "muted")]
    for helper in life.helpers:
        detail = glyphs.words(helper.note or helper.actual or signature(helper.expected, signs))
        parts += [
            Part("   "),
            *_station(helper, glyphs),
            Part(f" {detail}", "error" if helper.note else "muted"),
        ]
    return wrap(parts, width, ()) if width_of(parts) > width else [tuple(parts)]


def _station(step: LifeStep, glyphs: Glyphs) -> Line:
    sign = ACCIDENT if step.accident else STEPS[step.state]
    good = step.holds
    if step.lit:
        return (Part(glyphs["head"] + " ", _ROLES["lit"]), Part(name_of(step, _signs(glyphs)), _ROLES["lit"]))
    return (Part(glyphs.sign(sign) + " ", sign.role), Part(name_of(step, _signs(glyphs)), "" if good else "error"))


# -- one line


def _one_line(life: Life, width: int, glyphs: Glyphs, aside: Line) -> Line:
    """All of it in one line: verdict, modes, then where it ends, or the stations."""
    parts: list[Part] = [_verdict(life, glyphs)]
    if life.has_module:
        parts += [Part(" "), _actual(life, glyphs)]
    if life.matches is not True:
        parts += [Part(" expected ", "muted"), _expected(life)]
    parts.append(Part("  "))
    if life.arrives:
        parts += _stations_inline(life, glyphs)
    else:
        parts.append(Part(f"{glyphs.words(life.summary)}  " if life.has_module else "", "error"))
        parts.append(Part(f"{glyphs['right']} {_to_do(life, glyphs)}" if life.remedy else "", "accent"))
    return _with_aside(tuple(parts), aside, width, glyphs)


def _stations_inline(life: Life, glyphs: Glyphs) -> list[Part]:
    parts: list[Part] = []
    for index, step in enumerate(life.steps):
        parts.append(Part(f" {glyphs['head']} " if index else "", "accent"))
        parts += _station(step, glyphs)
    for helper in life.helpers:
        parts += [Part("  "), *_station(helper, glyphs)]
    return parts


def _with_aside(line: Line, aside: Line, width: int, glyphs: Glyphs) -> Line:
    """The line with the aside at its right end: whole where it fits, else its first part, the line giving way."""
    ellipsis = glyphs["ellipsis"]
    if not aside:
        return _cut(line, width, glyphs)
    needed = width_of(aside[:1])
    room = max(width - width_of(line) - 2, needed)
    tail = aside if width_of(aside) <= room else fit(aside, room, ellipsis) if room >= needed + 12 else aside[:1]
    head = _cut(line, max(width - width_of(tail) - 1, 0), glyphs)
    return (*pad(head, width - width_of(tail)), *tail)


def _cut(line: Line, width: int, glyphs: Glyphs) -> Line:
    """The line in so many cells; an arrow to a remedy of which nothing is left points nowhere and goes too."""
    ellipsis = glyphs["ellipsis"]
    *before, last = fit(line, width, ellipsis) or (Part(""),)
    if not before or last.text != glyphs["right"] + ellipsis:
        return (*before, last)
    return (*before[:-1], before[-1]._replace(text=before[-1].text.rstrip() + ellipsis))
