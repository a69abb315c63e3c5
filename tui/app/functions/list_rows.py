"""A function or a folder as one row of the list: sign, name, size or time, mode; and what is wrong, given room. Pure.

Names go first: what stands behind them shows where there is room, all of it in columns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.cells import cell_len

from tui.app.colours.roles import Line, Part
from tui.app.desk.record import FunctionRecord
from tui.app.desk.standing import BUSY, TROUBLE, first_trouble
from tui.app.functions.listing import Listing
from tui.app.functions.tree import Node
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import cut, fit, pad, width_of
from tui.facts import Fact
from tui.lines.states import STATES, State
from tui.text import human_bytes, printable

if TYPE_CHECKING:
    from tui.wasm.mode import ExportMode

MODES: Final[dict[ExportMode, str]] = {
    "command": "cmd",
    "reactor": "rct",
    "both": "both",
    "library": "lib",
    "unknown": "?",
}
SIZE_WIDTH: Final = 7
MODE_WIDTH: Final = 5
INDENT: Final = 2  # cells a level
# Cells of the list's box beside indentation and name: borders, scroll bar, lead, a blank, size and mode.
ROW_EXTRA: Final = 2 + 1 + 3 + 1 + SIZE_WIDTH + MODE_WIDTH
HEAD_LEAST: Final = 3  # cells of a path before its last part, below which it is cut anywhere
NAME_LEAST: Final = 10  # cells of a name that nothing takes from it
NOTE_FROM: Final = 64  # cells from which the row says what is wrong
NAME_MOST: Final = 60  # cells of the name where the row has a note
# States as a folder's row tells them, what wants a person first; those of one sign together.
TOLD: Final[tuple[tuple[State, ...], ...]] = (
    TROUBLE,
    ("building",),
    ("queued",),
    ("warnings",),
    ("stale",),
    ("cancelled",),
    ("unbuilt",),
    ("reading",),
)


class RowContext(Fact):
    """What a row needs besides its record. `now` is time.monotonic() of the drawing."""

    glyphs: Glyphs
    width: int
    now: float
    tick: int = 0
    cursor: bool = False
    name_width: int = NAME_MOST  # of the widest name shown, its indentation with it
    folded: bool = False
    marked: int = 0  # of a folder: how many of its functions are marked
    hit: frozenset[int] = frozenset()  # letters of the path that a filter found


def name_width(node: Node) -> int:
    """Cells of the name and what it is indented."""
    label = node.label
    # Asked of thousands in a row, which would drive all that is drawn out of the cache of cell_len.
    return INDENT * node.level + (len(label) if label.isascii() else cell_len(label))


def row_of(node: Node, listing: Listing, context: RowContext) -> Line:
    """The row of a listing as it is now."""
    store = listing.store
    if node.is_folder:
        marked = len(store.marks & set(node.functions())) if store.marks else 0
        return folder_row(node, context._replace(folded=node.key in listing.folded, marked=marked))
    if node.key not in store:
        return ()  # it has just gone; the rows follow in the next frame
    if listing.sieve.is_on:
        context = context._replace(hit=listing.sieve.places(node.key))
    return function_row(node, store[node.key], store.state(node.key), context, store.last(node.key))


# -- a folder


def folder_row(node: Node, context: RowContext) -> Line:
    """The row of a folder: its fold mark, its name, and how many of what is in it are in which state."""
    glyphs = context.glyphs
    mark = glyphs["marked" if context.marked == node.count else "some"] if context.marked else None
    fold = Part(glyphs["closed" if context.folded else "open"], "muted")
    lead = (_lead(mark, context), _indent(node, context), fold, Part(" "))
    room = max(context.width - width_of(lead), 1)
    sums = _sums(node, context, room - min(cell_len(node.label), room // 2) - 1)
    name = _name(node, context, room - width_of(sums) - 1, "strong")
    if context.width >= NOTE_FROM:
        gap = max(min(context.name_width, room // 2) - width_of(name) - INDENT * node.level, 0) + 1
        return fit((*lead, *name, Part(" " * gap), *sums), context.width, glyphs["ellipsis"])
    return (*lead, *pad(name, room - width_of(sums)), *sums)


def sums_of(node: Node, glyphs: Glyphs) -> Line:
    """`12 ✗2 ▲1`: how many functions are in a folder, and in which states; what wants a person first."""
    counts = [Part(f"{node.count:,} ", "muted")]
    for states in TOLD:
        count, sign = sum(node.tally.get(state, 0) for state in states), STATES[states[0]]
        if count:
            counts.append(Part(f"{glyphs.sign(sign)}{count:,} ", sign.role))
    if len(counts) == 1:
        counts.append(Part(f"{glyphs.sign(STATES['ready'])} ", STATES["ready"].role))
    return tuple(counts)


def _sums(node: Node, context: RowContext, room: int) -> Line:
    """The sums in so many cells: the total goes first, then what wants a person least."""
    total, *counts = sums_of(node, context.glyphs)
    while counts:
        for line in ((total, *counts), tuple(counts)):
            if width_of(line) <= room:
                return line
        counts.pop()
    return ()


# -- a function


def function_row(
    node: Node, record: FunctionRecord, state: State, context: RowContext, last: State | None = None
) -> Line:
    """The row of a function, no wider than the context's width. `last`: what it was, while nobody knows what it is."""
    sign, glyphs = STATES[state], context.glyphs
    glyph = glyphs.spinner(context.tick) if state == "building" else glyphs.sign(sign)
    mark = glyphs["marked"] if record.marked else None
    if last is not None and state == "reading":
        return _last_row(node, last, context, mark)
    lead = (_lead(mark, context), _indent(node, context), Part(glyph, f"{sign.role} strong"), Part(" "))
    room = max(context.width - width_of(lead), 1)
    if context.width >= NOTE_FROM:
        return _long_row(node, record, state, context, lead)
    wanted = cell_len(glyphs.text(printable(node.label)))
    tail = _tail(record, state, context, room - max(min(wanted, room), min(NAME_LEAST, room)) - 1)
    name = _name(node, context, room - width_of(tail) - bool(tail))
    return fit((*lead, *pad(name, room - width_of(tail)), *tail), context.width, glyphs["ellipsis"])


def _last_row(node: Node, last: State, context: RowContext, mark: str | None) -> Line:
    """A function that is not read yet: what it was, dim and with a question mark."""
    glyphs = context.glyphs
    lead = (_lead(mark, context), _indent(node, context), Part(glyphs.sign(STATES[last]), "faint"), Part(" "))
    room = max(context.width - width_of(lead), 1)
    words = (Part(unconfirmed(last), "faint"), Part(" "))
    tail = words if room - width_of(words) > NAME_LEAST else ()
    name = _name(node, context, room - width_of(tail) - bool(tail))
    return fit((*lead, *pad(name, room - width_of(tail)), *tail), context.width, glyphs["ellipsis"])


def unconfirmed(state: State) -> str:
    """`ready?`: a state that was, and that nobody has confirmed yet."""
    return f"{STATES[state].word}?"


def _lead(mark: str | None, context: RowContext) -> Part:
    if mark is not None:
        return Part(mark, "accent strong")
    return Part(context.glyphs["cursor"] if context.cursor else " ", "accent")


def _indent(node: Node, context: RowContext) -> Part:
    """Two cells a level; of a deep tree in a narrow list never more than a third."""
    return Part(" " * min(INDENT * node.level, context.width // 3))


def _tail(record: FunctionRecord, state: State, context: RowContext, room: int) -> Line:
    """Size and mode, or what happens now, right-aligned in so many cells, or as much of it as fits."""
    words = _happening(record, state, context, room - 1)
    if words is not None:
        return (words, Part(" ")) if words.text else ()
    if state in BUSY:
        return ()
    size, mode = Part(_size(record), "muted"), pad((_mode(record),), MODE_WIDTH, "right")
    if not size.text or room < MODE_WIDTH:
        return ()
    tested = _tested(record, context.glyphs)
    wholes = ((*tested, size, *mode), (*tested, *mode), (size, *mode), mode)
    return next((line for line in wholes if width_of(line) <= room), mode)


def _long_row(node: Node, record: FunctionRecord, state: State, context: RowContext, lead: Line) -> Line:
    """The row of a list that has the whole width: with the state's word and what is wrong."""
    glyphs, room = context.glyphs, context.width - width_of(lead)
    width = max(min(context.name_width, NAME_MOST, room // 2) - width_of(lead[1:2]), 1)
    name = pad(_name(node, context, width), width + 1)
    size = pad((Part(_size(record), "muted"),), SIZE_WIDTH, "right")
    mode = pad((_mode(record),), MODE_WIDTH, "right")
    happening = _happening(record, state, context)
    trouble = first_trouble(record) if happening is None or state in ("refused", "failed") else None
    note = (
        Part(glyphs.text(printable(" ".join(trouble.split()), 400)), "muted")
        if trouble
        else happening or Part(STATES[state].word, STATES[state].role if state != "ready" else "muted")
    )
    line = (*lead, *name, *size, *mode, Part("  "), *_tested(record, glyphs), note)
    return fit(line, context.width, glyphs["ellipsis"])


def _happening(record: FunctionRecord, state: State, context: RowContext, room: int = 40) -> Part | None:
    """What stands in the place of size and mode: the build under way, or why there is no module to size.

    The longest of its words that fit in so many cells; none where none does.
    """
    progress, words, role = record.progress, [str(state)], STATES[state].role
    if state == "building":
        if progress.phase == "cancelling":
            words, role = [_countdown(record, context.now), record.progress.signal or "stopping"], "warn"
        else:
            elapsed = max(context.now - progress.started, 0) if progress.phase != "idle" else _took(record)
            words = [f"{elapsed:.0f} s{progress.awaited(elapsed)}", f"{elapsed:.0f} s"]
    elif state == "queued":
        words = [f"queued {progress.position}", f"{progress.position}"] if progress.position else ["queued"]
    elif state not in ("refused", "failed", "cancelled") and not (state == "unbuilt" and record.modified is None):
        return None
    return Part(next((word for word in words if cell_len(word) <= room), ""), role)


def _took(record: FunctionRecord) -> float:
    """Seconds of the build that has just ended: what it made is being read."""
    return record.last.seconds if record.last is not None else 0.0


def _countdown(record: FunctionRecord, now: float) -> str:
    """`SIGINT 2 s`: the signal that went out, and in how many seconds the next, harder one follows."""
    signal = record.progress.signal or "stopping"
    if record.progress.deadline is None:
        return signal
    return f"{signal} {max(record.progress.deadline - now, 0):.0f} s"


def _tested(record: FunctionRecord, glyphs: Glyphs) -> Line:
    """`✓3`, or `✗1` of those that did not come as expected: what became of the kept calls."""
    if record.tested is None:
        return ()
    passed, total = record.tested
    failed = total - passed
    return (Part(f"{glyphs['error']}{failed}  ", "error") if failed else Part(f"{glyphs['ok']}{passed}  ", "ok"),)


def _size(record: FunctionRecord) -> str:
    size = record.told.size
    return human_bytes(size) if size is not None else ""


def _mode(record: FunctionRecord) -> Part:
    """The module's export mode; with a mark where the config asks for another."""
    told = record.told
    if told.mode is None:
        return Part("")
    word = MODES[told.mode]
    if told.matches is False:
        return Part(word + "!", "error")
    return Part(word + " ", "muted")


# -- names


def _name(node: Node, context: RowContext, width: int, role: str = "") -> Line:
    """The row's name: the folders in it dim, what a filter found of it lit."""
    glyphs, label = context.glyphs, node.label
    text = glyphs.text(printable(label))
    if cell_len(text) > max(width, 1):
        return (Part(cut_path(text, max(width, 1), glyphs["ellipsis"]), role),)
    start = len(node.path) - len(label)  # of the label in the path, whose letters the filter found
    folders = label.rfind("/") + 1
    parts: list[Part] = []
    for at, letter in enumerate(label):
        look = "muted" if at < folders else role
        if start + at in context.hit:
            look = f"{look} found".strip()
        if parts and parts[-1].role == look:
            parts[-1] = Part(parts[-1].text + letter, look)
        else:
            parts.append(Part(letter, look))
    return tuple(Part(glyphs.text(printable(part.text)), part.role) for part in parts)


def cut_path(path: str, width: int, ellipsis: str) -> str:
    """`path` in at most `width` cells: `shop/fu…/order`. The first and the last part tell most."""
    if cell_len(path) <= width:
        return path
    last = path[path.rfind("/") :] if "/" in path else ""
    room = width - cell_len(last) - cell_len(ellipsis)
    if not last or room < HEAD_LEAST:
        return cut(path, width, ellipsis, middle=True)
    return cut(path, room + cell_len(ellipsis), ellipsis) + last
