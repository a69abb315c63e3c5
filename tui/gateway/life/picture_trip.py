"""The stations and the arrows between them, in four sizes: boxes, a row, a column, and within one line."""

from __future__ import annotations

from typing import Final

from tui.gateway.verdict import Life, LifeStep
from tui.lines.canvas import Glyphs, Line, Role, Segment, cells, center, clip, line_width, ljust, wrap
from tui.wasm.module import FuncType

_MARK_ROLES: Final[dict[str, Role]] = {
    "present": "present",
    "wrong": "wrong",
    "missing": "missing",
    "unknown": "unknown",
}
_NOTE: Final = "note"
_DOES, _TYPE = "does", "type"
MIN_NOTE: Final = 30  # columns below which a note is turned to the other side
_SHAFTS: Final = (3, 2, 1)  # lengths of an arrow's shaft, the longest that fits is taken


def mark(step: LifeStep, glyphs: Glyphs) -> Segment:
    """The glyph of a station's state, with its role."""
    if step.lit:
        return glyphs.arrow[1], "lit"
    if step.accident:
        return glyphs.warning, "warning"
    state = "missing" if step.export is None and step.state == "wrong" else step.state
    return getattr(glyphs, state), _MARK_ROLES[state]


def signature(type_: FuncType | None, glyphs: Glyphs) -> str:
    """A type in short: `(i32,i32)→i32`."""
    return type_.drawn(glyphs.to) if type_ is not None else ""


def typed(words: str, glyphs: Glyphs) -> str:
    """A sentence whose function types are drawn as `signature` draws them."""
    return words.replace(")->", f"){glyphs.to}")


def name_of(step: LifeStep, glyphs: Glyphs) -> str:
    """A station's name, with the loop mark where it repeats."""
    return f"{step.label} {glyphs.loop}" if step.repeats else step.label


def _reached(life: Life, index: int) -> bool:
    return life.breaks_at is None or index <= life.breaks_at


def _arrow(life: Life, index: int, shaft: int, glyphs: Glyphs) -> Segment:
    """The arrow that leads to the station of that index."""
    reached = _reached(life, index)
    stroke, head = glyphs.arrow if reached else glyphs.faint
    return stroke * shaft + head, "arrow" if reached else "muted"


def _name_role(life: Life, index: int) -> Role:
    if index == life.breaks_at:
        return "error"
    if life.steps[index].lit:
        return "lit"
    return "label" if _reached(life, index) else "muted"


def row(life: Life, width: int, glyphs: Glyphs) -> tuple[Line, ...] | None:
    """Names with arrows, glyphs under them, helpers to the right where they fit; None where the names do not fit."""
    names = [name_of(step, glyphs) for step in life.steps]
    for shaft in _SHAFTS:
        if 1 + sum(map(cells, names)) + (shaft + 3) * (len(names) - 1) <= width:
            return _row(life, shaft, width, glyphs)
    return None


def _row(life: Life, shaft: int, width: int, glyphs: Glyphs) -> tuple[Line, ...]:
    above: list[Segment] = [(" ", "space")]
    below: list[Segment] = [(" ", "space")]
    for index, step in enumerate(life.steps):
        name = name_of(step, glyphs)
        if index:
            above += [(" ", "space"), _arrow(life, index, shaft, glyphs), (" ", "space")]
            below.append((" " * (shaft + 3), "space"))
        above.append((name, _name_role(life, index)))
        glyph, role = mark(step, glyphs)
        below.append((center(glyph, cells(name)), role))
    if line_width(above) + sum(4 + cells(helper.label) for helper in life.helpers) > width:
        return tuple(above), tuple(below)
    for helper in life.helpers:
        glyph, role = mark(helper, glyphs)
        above += [("    ", "space"), (helper.label, "muted" if helper.state == "present" else "label")]
        below += [("    ", "space"), (center(glyph, cells(helper.label)), role)]
    return tuple(above), tuple(below)


def helpers_beside_row(life: Life, lines: tuple[Line, ...]) -> bool:
    """Whether a row shows all helpers already."""
    return all(any(text == helper.label for text, _ in lines[0]) for helper in life.helpers)


def boxes(life: Life, width: int, glyphs: Glyphs) -> tuple[Line, ...] | None:
    """A box a station: name and mark, what happens, signature; arrows between. None where they do not fit."""
    for rows in (_DOES, _TYPE), (_TYPE,), ():
        texts = [tuple(_under(step, row, glyphs) for row in rows) for step in life.steps]
        inner = [_inner_width(step, under, glyphs) for step, under in zip(life.steps, texts, strict=True)]
        for shaft in _SHAFTS:
            if 1 + sum(inner) + 4 * len(inner) + (shaft + 1) * (len(inner) - 1) <= width:
                return _boxes(life, [*zip(inner, texts, strict=True)], shaft, glyphs)
    return None


def _under(step: LifeStep, row: str, glyphs: Glyphs) -> Segment:
    """One of the texts below a station's name: what happens there, or the type that the module has."""
    if row == _DOES:
        return step.does, "muted"
    if step.actual_type is not None:
        return signature(step.actual_type, glyphs), "wrong"
    return signature(step.expected, glyphs), "muted"


def _inner_width(step: LifeStep, under: tuple[Segment, ...], glyphs: Glyphs) -> int:
    glyph, _ = mark(step, glyphs)
    return max(cells(glyph) + 1 + cells(name_of(step, glyphs)), *(cells(text) for text, _ in under), 4)


def _boxes(life: Life, inner: list[tuple[int, tuple[Segment, ...]]], shaft: int, glyphs: Glyphs) -> tuple[Line, ...]:
    height = 3 + len(inner[0][1]) if inner else 0
    rows: list[list[Segment]] = [[(" ", "space")] for _ in range(height)]
    for index, (width, under) in enumerate(inner):
        if index:
            arrow = _arrow(life, index, shaft, glyphs)
            for number, line in enumerate(rows):
                line.append(arrow if number == 1 else (" " * cells(arrow[0]), "space"))
        for line, piece in zip(rows, _box(life, index, (width, under), glyphs), strict=True):
            line.extend(piece)
    return tuple(tuple(line) for line in rows)


def _box(life: Life, index: int, content: tuple[int, tuple[Segment, ...]], glyphs: Glyphs) -> tuple[list[Segment], ...]:
    """The rows of one box, top border to bottom border."""
    (width, under), step = content, life.steps[index]
    ends = index == life.breaks_at
    top_left, top_right, bottom_left, bottom_right, flat, side, tee = tuple(
        glyphs.heavy if ends else glyphs.host if step.export is None else glyphs.box
    )
    border: Role = "broken" if ends else "lit" if step.lit else "box" if _reached(life, index) else "muted"
    glyph, role = mark(step, glyphs)
    name = ljust(name_of(step, glyphs), width - cells(glyph) - 1)
    bottom = flat * 2 + tee + flat * (width - 1) if ends and step.note else flat * (width + 2)
    return (
        [(top_left + flat * (width + 2) + top_right, border)],
        [(side + " ", border), (glyph, role), (" ", "space"), (name, _name_role(life, index)), (" " + side, border)],
        *([(side + " ", border), (ljust(text, width), kind), (" " + side, border)] for text, kind in under),
        [(bottom_left + bottom + bottom_right, border)],
    )


def note_column(life: Life, lines: tuple[Line, ...], boxed: bool) -> int:
    """The column under which the note of the broken station hangs."""
    if life.breaks_at is None:
        return 1
    name_line = lines[1] if boxed else lines[0]
    column = 0
    for text, role in name_line:
        if role == ("broken" if boxed else "error"):
            return column + 3 if boxed else column + cells(text) // 2
        column += cells(text)
    return 1


def note(life: Life, column: int, width: int, glyphs: Glyphs) -> tuple[Line, ...]:
    """The words at the station where the trip ends, hanging from it."""
    if life.breaks_at is None or not life.steps[life.breaks_at].note:
        return ()
    text = typed(life.steps[life.breaks_at].note, glyphs)
    right = width - column - cells(glyphs.elbow) - 1
    if right < min(cells(text), MIN_NOTE) and column > right:
        return _note_at_left(text, column, glyphs)
    margin: Segment = (" " * (column + cells(glyphs.elbow) + 1), "space")
    first, *rest = wrap(text, max(right, MIN_NOTE // 2))
    hook: Line = ((" " * column, "space"), (glyphs.elbow + " ", "broken"), (first, _NOTE))
    return (hook, *((margin, (piece, _NOTE)) for piece in rest))


def _note_at_left(text: str, column: int, glyphs: Glyphs) -> tuple[Line, ...]:
    """A note whose words stand to the left of the place where it hangs."""
    room = column - cells(glyphs.left_elbow)
    first, *rest = wrap(text, room)
    margin = max(room - max(cells(piece) for piece in (first, *rest)), 0)
    gap: Segment = (" " * margin, "space")
    hook: Line = (gap, (ljust(first, room - margin), _NOTE), (" " + glyphs.left_elbow, "broken"))
    return (hook, *((gap, (piece, _NOTE)) for piece in rest))


def column(life: Life, width: int, glyphs: Glyphs) -> tuple[Line, ...]:
    """A line a station, the trip running down: for widths in which the names do not fit side by side."""
    lines: list[Line] = []
    last = len(life.steps) - 1
    for index, step in enumerate(life.steps):
        reached = _reached(life, index)
        stem = glyphs.tree[0 if index == 0 else (2 if index == last else 1) if reached else (4 if index == last else 3)]
        head: Line = ((f" {stem} ", "arrow" if reached else "muted"), mark(step, glyphs), (" ", "space"))
        room = max(width - line_width(head), 1)
        name = clip(name_of(step, glyphs), room, glyphs.ellipsis)
        aside = typed(step.note, glyphs) if index == life.breaks_at else signature(step.expected, glyphs)
        role: Role = "note" if index == life.breaks_at else "muted"
        tail = clip(aside, max(room - cells(name) - 2, 0), glyphs.ellipsis)
        lines.append((*head, (name, _name_role(life, index)), ("  ", "space"), (tail, role)))
    return tuple(lines)
