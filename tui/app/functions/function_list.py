"""The list of functions: one widget that draws the rows in sight, however many there are."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from typing import ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.reactive import Reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.app.colours.roles import Part
from tui.app.desk.store import Store
from tui.app.desk.taste import PLAIN, Taste
from tui.app.functions.asking import Asked
from tui.app.functions.list_rows import ROW_EXTRA, RowContext, name_width, row_of
from tui.app.functions.listing import Listing
from tui.app.functions.marking import Marks
from tui.app.functions.messages import FunctionHighlighted, ListArranged
from tui.app.functions.steps import ListSteps
from tui.app.functions.tree import Node
from tui.app.keys.handlers import Handlers
from tui.app.rows.cursor import Direction, leap_page, walk
from tui.app.rows.draw import is_in_use, strip_of
from tui.app.rows.glyphs import Glyphs
from tui.text import printable


class FunctionList(ScrollView, can_focus=True, inherit_bindings=False):
    """A tree of functions, or a flat list. The cursor stays on its row, and on its line, whatever comes and goes."""

    DEFAULT_CSS = """
    FunctionList { overflow-x: hidden; min-width: 3; scrollbar-size-vertical: 1; }
    """
    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pagedown", "page(1)", "page down", show=False),
        Binding("pageup", "page(-1)", "page up", show=False),
    ]

    virtual_size: Reactive[Size] = Reactive(Size(0, 0))  # see resize_rows

    def __init__(self, store: Store, glyphs: Glyphs, taste: Taste = PLAIN) -> None:
        super().__init__(id="functions")
        self.store = store
        self.glyphs = glyphs
        self.listing = Listing(store, taste)
        self.marks = Marks(store, self.listing)
        self.steps = ListSteps(self, self.listing, self._moved)
        self.tick = 0
        self.asked = Asked(self)
        self._key: str | None = None  # the row that was told of last
        self._clicked = False  # the cursor is where a click brought it
        self.widest = 0  # cells of the widest name, filter or not

    def handlers(self) -> Handlers:
        """What the action table reaches here."""
        return {**walk(self.steps), **self.asked.handlers()}

    # -- asked

    @property
    def path(self) -> str | None:
        """The function that the cursor is on; None on a folder."""
        row = self.listing.row
        return None if row is None or row.is_folder else row.key

    @property
    def rows(self) -> list[str]:
        """The functions that the filter lets through, in the order in which they show, those folded away too."""
        return self.listing.order

    @property
    def needle(self) -> str:
        """The filter; "" where there is none."""
        return self.listing.sieve.needle

    @property
    def in_sight(self) -> list[str]:
        """The functions whose rows are on screen, or will be at the next frame."""
        return [row.key for row in self._rows_in_sight() if not row.is_folder]

    def _rows_in_sight(self) -> list[Node]:
        top = self.scroll_offset.y
        return self.listing.rows[top : top + max(self.size.height, 1)]

    @property
    def natural_width(self) -> int:
        """Cells of this widget's box at which no row is cut; 0 where there are none. A filter does not change it."""
        return self.widest + ROW_EXTRA if self.widest else 0

    # -- what changed

    def refill(self) -> None:
        """Functions came or went."""
        with self.arranging():
            self.listing.renew()
        self.measure()

    def follow(self, paths: Iterable[str]) -> None:
        """Something is known of these functions."""
        line = self.steps.line
        changed = self.listing.follow(paths)
        if changed is None:
            self._settle_rows(line)
        else:
            self.redraw(changed)

    def measure(self) -> None:
        """Look how wide the names are. A filter does not change it."""
        if not self.needle:
            self.widest = max((name_width(node) for node in self.listing.tree.nodes.values()), default=0)

    def redraw(self, keys: AbstractSet[str]) -> None:
        """Draw the rows of these functions and folders again, where they are in sight."""
        for line, row in enumerate(self._rows_in_sight()):  # a screenful, however many there are
            if row.key in keys:
                self.refresh(Region(0, line, self.size.width, 1))

    @contextmanager
    def arranging(self) -> Iterator[None]:
        """The rows are put otherwise: the cursor keeps its line on screen, and all is drawn anew."""
        line = self.steps.line if self.listing.rows else None
        yield
        self._settle_rows(self.listing.place if line is None else line)

    def _settle_rows(self, line: int) -> None:
        """The rows are others: the cursor keeps its line on screen, and what is told of it follows."""
        self.steps.lay_out()
        self.steps.hold(line)
        self.refresh()
        self._announce()
        self.post_message(ListArranged())

    def _announce(self) -> None:
        row = self.listing.row
        key = row.key if row is not None else None
        if key != self._key:
            self._key = key
            self.post_message(FunctionHighlighted(key))

    # -- what a person asks for

    def filter(self, needle: str) -> None:
        """Narrow the list; "" shows all."""
        if needle != self.needle:
            self.marks.end_range()
            with self.arranging():
                self.listing.search(needle)

    def go_to(self, key: str) -> bool:
        """Put the cursor on a function or a folder, whatever hides it. False where there is no such row."""
        line = self.steps.line
        if not self.listing.reveal(key):
            return False
        self._settle_rows(line)
        return True

    # -- the cursor

    def _moved(self, line: int | None) -> None:
        """A person moved the cursor; from that line of the screen, where the rows are others now."""
        self._clicked = False
        self.marks.follow()
        if line is not None:
            self._settle_rows(line)
            return
        old = self._key
        self._announce()
        self.redraw({key for key in (old, self._key) if key is not None})

    def action_page(self, step: Direction) -> None:
        """A page down or up."""
        leap_page(self.steps, step)

    def on_click(self, event: events.Click) -> None:
        """Put the cursor under the mouse; a second click opens, one on a fold mark folds."""
        index = event.y + self.scroll_offset.y
        if not 0 <= index < len(self.listing.rows):
            return
        row = self.listing.rows[index]
        again = index == self.listing.place and (self._clicked or event.chain > 1)
        self.steps.go(index)
        self._clicked = True
        on_mark = row.is_folder and event.x <= 2 + 2 * row.level
        if on_mark or again:
            self.asked.open_row()

    # -- drawing

    def render_line(self, y: int) -> Strip:
        """One row, or blank below the last."""
        width = self.scrollable_content_region.width  # beside the scroll bar, not under it
        index = y + self.scroll_offset.y
        rows = self.listing.rows
        if not rows and self.needle and not y:
            words = (Part(f' nothing matches "{self.glyphs.text(printable(self.needle, 40))}"', "muted"),)
            return strip_of(self, words, width, self.visual_style, self.glyphs["ellipsis"])
        if not 0 <= index < len(rows):
            return Strip.blank(width, self.rich_style)
        here = index == self.listing.place
        marked = here and is_in_use(self)
        context = RowContext(self.glyphs, width, time.monotonic(), self.tick, marked, self.widest)
        line = row_of(rows[index], self.listing, context)
        if here and not marked:  # it is this one that the panes beside tell of
            line = tuple(Part(part.text, f"{part.role} strong") for part in line)
        return strip_of(self, line, width, self.visual_style, self.glyphs["ellipsis"], cursor=marked)

    def on_resize(self) -> None:
        """Keep the cursor in sight."""
        self.steps.lay_out()
        self.steps.into_sight()

    @on(events.Focus)
    @on(events.Blur)
    def show_use(self) -> None:
        """Draw the cursor's row as that of the pane in use, or not; a click that comes back is a first one."""
        self._clicked = False
        self.refresh()
