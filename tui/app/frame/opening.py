"""The first frame of the next start, drawn at the end of this one: header, list and keys, as the screen will show them
while nobody has confirmed yet what is known.

It is kept as it looks, so that the next start can show it before it has loaded what draws (`terminal/early`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from tui.app.colours.roles import Line, Part
from tui.app.desk.compilers import compiler_words
from tui.app.desk.store import Store
from tui.app.frame.boxes import Boxes
from tui.app.frame.footer import FooterFacts, footer_actions, footer_line
from tui.app.frame.header import HeaderFacts, header_line
from tui.app.frame.layout import Layout, Wants, layout_of
from tui.app.frame.plain import ASCII, ROLES
from tui.app.frame.title_bar import TitleBar
from tui.app.functions.list_rows import NOTE_FROM, ROW_EXTRA, RowContext, name_width, row_of
from tui.app.functions.listing import Listing
from tui.app.functions.title import list_status
from tui.app.rows.draw import strip_of
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.scroll_bars import bar_of
from tui.facts import Fact
from tui.text import plural, printable

if TYPE_CHECKING:
    from textual.widget import Widget

    from tui.app.desk.workbench import Workbench
    from tui.app.functions.tree import Node
    from tui.app.options import ScreenOptions
    from tui.app.terminal.early.kept import Row, Size

_RENDITION: Final = re.compile("\x1b\\[([0-9;]*)m([^\x1b]*)")
MOST_BARE: Final = 100  # rows
_LEAD: Final = 3  # cells of a row before its name, besides what that is indented
_TAIL: Final = 20  # cells after it: nothing takes from it then
_MARGIN: Final = 2  # cells of a box beside what is in it; rows too: its two edges


class Scene(Fact):
    """What the next start will find."""

    options: ScreenOptions
    listing: Listing
    first: int  # the row that the cursor is on before the one of the last time is found
    widest: int
    glyphs: Glyphs
    boxes: Boxes

    @property
    def natural_width(self) -> int:
        """Cells of the list's box at which no row is cut."""
        return self.widest + ROW_EXTRA if self.widest else 0


def scene_of(bench: Workbench, boxes: Boxes, options: ScreenOptions) -> Scene:
    """What there is now, as it looks before anything of it is read. `options`: what the next start will be given."""
    store = Store()
    store.find(bench.store.function(path) for path in bench.store.paths)
    store.remember(bench.reader.lasting)
    listing = Listing(store, boxes.functions.listing.taste)
    listing.renew()
    first, last = listing.place, options.state.of(options.workspace).last
    if last is not None:
        listing.reveal(last)
    widest = max((name_width(node) for node in listing.tree.nodes.values()), default=0)
    return Scene(options, listing, first, widest, boxes.tools.glyphs, boxes)


def frame_of(scene: Scene, size: Size) -> list[Row]:
    """The frame on a terminal of that size."""
    columns, rows = size
    plan = layout_of(columns, rows, scene.boxes.sizes, Wants(list_width=scene.natural_width))
    ground = scene.boxes.screen
    strips: list[Strip] = []
    if plan.header:
        strips.append(_strip(scene.boxes.header, _header(scene, columns), columns))
    strips += _list_box(scene, plan, columns, rows - plan.header - plan.footer)
    if plan.footer:
        strips.append(_strip(scene.boxes.footer, _footer(scene, columns), columns))
    return [_pieces(ground, strip.adjust_cell_length(columns, ground.visual_style.rich_style)) for strip in strips]


def bare_rows(scene: Scene) -> list[Row]:
    """What stands in the same place at every size: the header's beginning, and that of each row, where those are no
    more than a screen has.
    """
    rows, boxes, glyphs = scene.listing.rows, scene.boxes, scene.glyphs
    counts = scene.listing.store.counts
    words = f"   {plural(counts.total, 'function')}  {glyphs.state('reading')} {counts.total:,} reading"
    parts = ((" fn-tui ", "title"), (glyphs.text(printable(scene.options.shown_workspace)), "strong"), (words, "muted"))
    header = [_pieces(boxes.screen, _strip(boxes.header, (Part(*part),), cell_len(part[0])))[0] for part in parts]
    return [[(look_of(boxes)[""], ""), *header], *(_bare_row(scene, row) for row in rows if len(rows) <= MOST_BARE)]


def _bare_row(scene: Scene, node: Node) -> Row:
    width = name_width(node) + _LEAD
    context = RowContext(scene.glyphs, min(width + _TAIL, NOTE_FROM - 1), 0.0, name_width=scene.widest)
    line = row_of(node, scene.listing, context)
    functions = scene.boxes.functions
    return _pieces(scene.boxes.screen, _strip(functions, line, context.width).crop(0, min(width, context.width)))


def look_of(boxes: Boxes) -> dict[str, str]:
    """How what any workspace's first frame has is drawn."""
    drawn = {role: _pieces(boxes.screen, _strip(boxes.functions, (Part("x", role),), 1)) for role in ROLES}
    return {role: row[0][0] for role, row in drawn.items()} | ({ASCII: ""} if boxes.tools.glyphs.ascii else {})


def _header(scene: Scene, columns: int) -> Line:
    words, role = compiler_words(scene.options.compiler, None, scene.glyphs.key("compiler"))
    counts = scene.listing.store.counts
    facts = HeaderFacts(scene.options.shown_workspace, counts, compiler=words, compiler_role=role)
    return header_line(facts, scene.glyphs, columns)


def _footer(scene: Scene, columns: int) -> Line:
    footer = scene.boxes.footer
    facts = FooterFacts(busy=False, comparable=False, leads_back=False)
    return footer_line(footer_actions(footer.all_actions, "list", facts), scene.glyphs, columns)[0]


def _list_box(scene: Scene, plan: Layout, columns: int, rows: int) -> Iterator[Strip]:
    """The box of the list, with the keys in it."""
    boxes, glyphs = scene.boxes, scene.glyphs
    width = columns if plan.single else plan.list_width
    edge = boxes.list_title.visual_style + boxes.list_title.app.stylesheet.parse_style("$border")
    title = TitleBar(glyphs, boxes.list_title.tabs, "list")
    title.show(status=list_status(scene.listing, width - _MARGIN, glyphs))
    yield strip_of(boxes.list_title, title.line(width), width, edge, glyphs["ellipsis"])
    side = Strip([Segment(_SIDES[glyphs.ascii], edge.rich_style)])
    for strip in _rows(scene, width - _MARGIN, rows - _MARGIN):
        yield Strip.join([side, strip, side])
    left, line, right = _FEET[glyphs.ascii]
    yield Strip([Segment(f"{left}{line * (width - _MARGIN)}{right}", edge.rich_style)])


# As Textual draws `border: round` and `border: ascii`.
_SIDES: Final = ("│", "|")
_FEET: Final = ("╰─╯", "+-+")


def _rows(scene: Scene, width: int, rows: int) -> Iterator[Strip]:
    """The rows of the list that show first, the cursor's among them."""
    listing, functions = scene.listing, scene.boxes.functions
    first = min(scene.first, max(rows - 1, 0))
    top = max(min(listing.place - first, len(listing.rows) - rows), 0, listing.place - rows + 1)
    bar = bar_of(functions, rows, len(listing.rows), top) if len(listing.rows) > rows else []
    width -= bool(bar)
    for line in range(rows):
        place = top + line
        here = place == listing.place
        context = RowContext(scene.glyphs, width, 0.0, cursor=here, name_width=scene.widest)
        parts = row_of(listing.rows[place], listing, context) if place < len(listing.rows) else ()
        strip = _strip(functions, parts, width, cursor=here and bool(parts))
        yield Strip.join([strip, bar[line]]) if bar else strip


def _strip(widget: Widget, line: Line, width: int, *, cursor: bool = False) -> Strip:
    return strip_of(widget, line, width, widget.visual_style, "…", cursor=cursor)


def _pieces(ground: Widget, strip: Strip) -> Row:
    """A row as it reaches the terminal: styles as numbers, and texts."""
    for line_filter in ground.get_line_filters():
        strip = strip.apply_filter(line_filter, ground.background_colors[1])
    drawn = strip.render(ground.app.console)
    found: list[tuple[str, str]] = []
    start = drawn.find("\x1b")
    if start:
        found.append(("", drawn if start < 0 else drawn[:start]))
    for style, text in _RENDITION.findall(drawn):
        if text:
            found.append(("" if style == "0" else style, text))
    return found
