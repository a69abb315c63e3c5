"""A function as one row of the list: sign, name, size or time, mode, and what is wrong where there is room. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rich.cells import cell_len

from tui.app.colours.roles import Line, Part
from tui.app.desk.record import FunctionRecord
from tui.app.functions.standing import first_trouble
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import cut, fit, pad, width_of
from tui.lines.states import STATES, State
from tui.text import human_bytes, printable
from tui.wasm.model import ExportMode

MODES: Final[dict[ExportMode, str]] = {
    ExportMode.COMMAND: "cmd",
    ExportMode.REACTOR: "rct",
    ExportMode.BOTH: "both",
    ExportMode.LIBRARY: "lib",
    ExportMode.UNKNOWN: "?",
}
NAME_LEAST: Final = 10
SIZE_WIDTH: Final = 7
MODE_WIDTH: Final = 5
# Cells of the list's box beside the name: borders, scroll bar, lead, a blank, size and mode.
ROW_EXTRA: Final = 2 + 1 + 3 + 1 + SIZE_WIDTH + MODE_WIDTH
HEAD_LEAST: Final = 3  # cells of a path before its last part, below which it is cut anywhere
NOTE_FROM: Final = 64  # cells from which the row says what is wrong
NAME_MOST: Final = 40  # cells of the name where the row has a note


@dataclass(frozen=True, slots=True)
class RowContext:
    """What a row needs besides its record. `now` is time.monotonic() of the drawing."""

    glyphs: Glyphs
    width: int
    now: float
    tick: int = 0
    cursor: bool = False
    name_width: int = NAME_MOST  # of the widest name shown


def function_row(record: FunctionRecord, state: State, context: RowContext) -> Line:
    """The row, no wider than the context's width."""
    sign = STATES[state]
    glyphs = context.glyphs
    glyph = glyphs.spinner(context.tick) if state == "building" else glyphs.sign(sign)
    lead = (_lead(record, context), Part(glyph, f"{sign.role} strong"), Part(" "))
    room = context.width - width_of(lead)
    if room < NAME_LEAST + SIZE_WIDTH:
        return fit((*lead, Part(_name(record, room, glyphs))), context.width, glyphs["ellipsis"])
    if context.width >= NOTE_FROM:
        return _long_row(record, state, context, lead, room)
    tail = _tail(record, state, context, room)
    # As if each row had size and mode, so that the same folders are cut in the same way in all of them.
    name = Part(_name(record, room - max(width_of(tail), SIZE_WIDTH + MODE_WIDTH) - 1, glyphs))
    return (*lead, *pad((name,), room - width_of(tail)), *tail)


def _lead(record: FunctionRecord, context: RowContext) -> Part:
    if record.marked:
        return Part(context.glyphs["marked"], "accent strong")
    return Part(context.glyphs["cursor"] if context.cursor else " ", "accent")


def _name(record: FunctionRecord, width: int, glyphs: Glyphs) -> str:
    path = record.function.directory.name if record.path == "." else record.path
    return cut_path(glyphs.text(printable(path)), max(width, 1), glyphs["ellipsis"])


def cut_path(path: str, width: int, ellipsis: str) -> str:
    """`path` in at most `width` cells: `shop/fu…/order`. The first and the last part tell most."""
    if cell_len(path) <= width:
        return path
    last = path[path.rfind("/") :] if "/" in path else ""
    room = width - cell_len(last) - cell_len(ellipsis)
    if not last or room < HEAD_LEAST:
        return cut(path, width, ellipsis, middle=True)
    return cut(path, room + cell_len(ellipsis), ellipsis) + last


def _tail(record: FunctionRecord, state: State, context: RowContext, room: int) -> Line:
    """Size and mode, or what happens now, right-aligned."""
    words = _happening(record, state, context)
    if words is not None:
        return (*fit((words,), max(room - NAME_LEAST, 1), context.glyphs["ellipsis"]), Part(" "))
    return (*pad((Part(_size(record), "muted"),), SIZE_WIDTH, "right"), *pad((_mode(record),), MODE_WIDTH, "right"))


def _long_row(record: FunctionRecord, state: State, context: RowContext, lead: Line, room: int) -> Line:
    """The row of a list that has the whole width: with the state's word and what is wrong."""
    glyphs = context.glyphs
    name_width = min(context.name_width, NAME_MOST, room // 2)
    name = pad((Part(_name(record, name_width, glyphs)),), name_width + 1)
    size = pad((Part(_size(record), "muted"),), SIZE_WIDTH, "right")
    mode = pad((_mode(record),), MODE_WIDTH, "right")
    happening = _happening(record, state, context)
    trouble = first_trouble(record) if happening is None or state in ("refused", "failed") else None
    note = (
        Part(glyphs.text(printable(trouble, 400)), "muted")
        if trouble
        else happening or Part(STATES[state].word, STATES[state].role if state != "ready" else "muted")
    )
    line = (*lead, *name, *size, *mode, Part("  "), note)
    return fit(line, context.width, glyphs["ellipsis"])


def _happening(record: FunctionRecord, state: State, context: RowContext) -> Part | None:
    """What stands in the place of size and mode: the build under way, or why there is no module to size."""
    progress = record.progress
    if state == "building":
        if progress.phase == "cancelling":
            return Part(_countdown(record, context.now), "warn")
        elapsed = max(context.now - progress.started, 0)
        return Part(f"{elapsed:.0f} s{progress.awaited(elapsed)}", "accent")
    if state == "queued":
        return Part(f"queued {progress.position}" if progress.position else "queued", "accent")
    if state in ("refused", "failed", "cancelled") or (state == "unbuilt" and record.modified is None):
        return Part(state, STATES[state].role)
    return None


def _countdown(record: FunctionRecord, now: float) -> str:
    """`SIGINT 2 s`: the signal that went out, and in how many seconds the next, harder one follows."""
    signal = record.progress.signal or "stopping"
    if record.progress.deadline is None:
        return signal
    return f"{signal} {max(record.progress.deadline - now, 0):.0f} s"


def _size(record: FunctionRecord) -> str:
    return human_bytes(record.module.size) if record.module is not None else ""


def _mode(record: FunctionRecord) -> Part:
    """The module's export mode; with a mark where the config asks for another."""
    if record.module is None or not record.module.ok:
        return Part("")
    word = MODES[record.module.mode]
    if record.life is not None and record.life.matches is False:
        return Part(word + "!", "error")
    return Part(word + " ", "muted")


def matches(path: str, query: str) -> bool:
    """Whether a filter lets a path through: each of its words is in it. Case counts only where the query has any."""
    if query == query.lower():
        path = path.lower()
    return all(word in path for word in query.split())


def filtered(paths: Sequence[str], query: str) -> list[str]:
    """The paths that the filter lets through, in their order."""
    return [path for path in paths if matches(path, query)] if query.strip() else list(paths)
