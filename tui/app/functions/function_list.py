"""The list of functions: one widget that draws its rows itself, however many there are."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.style import Style

from tui.app.colours.roles import Part
from tui.app.desk.store import Store
from tui.app.functions.list_rows import NAME_MOST, ROW_EXTRA, RowContext, filtered, function_row
from tui.app.keys.handlers import Handlers
from tui.app.rows.cursor import Cursor, Direction, PlainTrack, leap_page, step_by, walk
from tui.app.rows.draw import strip_of
from tui.app.rows.glyphs import Glyphs
from tui.text import printable


@dataclass
class FunctionHighlighted(Message):
    """The cursor is on another function, or on none."""

    path: str | None


@dataclass
class FunctionOpened(Message):
    """A function was chosen: enter, or a second click."""

    path: str


class FunctionList(ScrollView, can_focus=True, inherit_bindings=False):
    """Functions in path order. The cursor stays on its function, and on its line, whatever comes and goes."""

    DEFAULT_CSS = """
    FunctionList { overflow-x: hidden; min-width: 3; scrollbar-size-vertical: 1; }
    """
    COMPONENT_CLASSES = {"function-list--cursor", "function-list--cursor-blurred"}  # noqa: RUF012 (Textual's own form)
    DEFAULT_CSS += """
    FunctionList > .function-list--cursor {
        background: $block-cursor-background; color: $block-cursor-foreground; text-style: $block-cursor-text-style;
    }
    FunctionList > .function-list--cursor-blurred {
        background: $block-cursor-blurred-background; color: $block-cursor-blurred-foreground;
        text-style: $block-cursor-blurred-text-style;
    }
    FunctionList:nocolor > .function-list--cursor { text-style: reverse; }
    """
    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pagedown", "page(1)", "page down", show=False),
        Binding("pageup", "page(-1)", "page up", show=False),
    ]

    def __init__(self, store: Store, glyphs: Glyphs) -> None:
        super().__init__(id="functions")
        self.store = store
        self.glyphs = glyphs
        self.rows: list[str] = []
        self.needle = ""
        self.path: str | None = None  # the function that the cursor is on
        self.cursor = Cursor(PlainTrack())
        self.tick = 0
        self._name_width = NAME_MOST
        self._index: dict[str, int] = {}
        self._settled: str | None = None  # where a person put the cursor, whatever a filter hides meanwhile
        self._widest = 0  # cells of the widest name, filter or not

    def handlers(self) -> Handlers:
        """What the action table reaches here."""
        return {**walk(self), "open": self.open_function, "mark": self.mark}

    def refill(self) -> None:
        """Take the rows from the store again: functions came or went, or the filter is another."""
        before = self.cursor.place
        on_screen, shown = before - self.scroll_offset.y, self.in_sight
        self.rows = filtered(self.store.paths, self.needle)
        self._index = {path: index for index, path in enumerate(self.rows)}
        self.cursor.track = PlainTrack(len(self.rows))
        was_wide = self._name_width
        self._name_width = max((cell_len(path[: NAME_MOST + 1]) for path in self.rows[:2000]), default=NAME_MOST)
        if not self.needle:
            self._widest = self._name_width if self.rows else 0
        self.virtual_size = Size(self.size.width, len(self.rows))
        if self._settled in self._index and self._settled != self.path:
            self._place(self._index[self._settled])
        elif self.path in self._index:
            self.cursor.place = self._index[self.path]
            self._scroll_so(self.cursor.place - on_screen)
        else:
            self._place(min(before, len(self.rows) - 1))
        if not self.needle:
            self.settle()
        if self.in_sight != shown or self._name_width != was_wide:
            self.refresh()

    @property
    def natural_width(self) -> int:
        """Cells of this widget's box at which no row is cut; 0 where there are none. A filter does not change it."""
        return self._widest + ROW_EXTRA if self._widest else 0

    def _scroll_so(self, top: int) -> None:
        """Keep the cursor on the line where the eye is."""
        if top != self.scroll_offset.y and self.size.height:
            self.scroll_to(y=max(top, 0), animate=False, force=True)

    def filter(self, needle: str) -> None:
        """Narrow the list; "" shows all."""
        if needle != self.needle:
            self.needle = needle
            self.refill()

    def settle(self) -> None:
        """The cursor is where a person wants it: it stays there when the filter goes."""
        self._settled = self.path

    def redraw(self, paths: frozenset[str]) -> None:
        """Draw the rows of these functions again, where they are in sight."""
        for line, path in enumerate(self.in_sight):  # a screenful, however many there are
            if path in paths:
                self.refresh(Region(0, line, self.size.width, 1))

    @property
    def in_sight(self) -> list[str]:
        """The functions whose rows are on screen, or will be at the next frame."""
        top = self.scroll_offset.y
        return self.rows[top : top + max(self.size.height, 1)]

    def go_to(self, path: str) -> bool:
        """Put the cursor on a function; a filter that hides it is taken away. False where there is no such function."""
        if path not in self._index and path in self.store:
            self.filter("")
        if path not in self._index:
            return False
        self.go(self._index[path])
        return True

    def render_line(self, y: int) -> Strip:
        """One row, or blank below the last."""
        width = self.scrollable_content_region.width  # beside the scroll bar, not under it
        index = y + self.scroll_offset.y
        if not self.rows and self.needle and not y:
            words = (Part(f' nothing matches "{self.glyphs.text(printable(self.needle, 40))}"', "muted"),)
            return strip_of(self, words, width, self.visual_style, self.glyphs["ellipsis"])
        if not 0 <= index < len(self.rows) or self.rows[index] not in self.store:
            return Strip.blank(width, self.rich_style)
        path = self.rows[index]
        here = path == self.path
        context = RowContext(self.glyphs, width, time.monotonic(), self.tick, here, self._name_width)
        line = function_row(self.store[path], self.store.state(path), context)
        return strip_of(self, line, width, self._base(here), self.glyphs["ellipsis"])

    def _base(self, here: bool) -> Style:
        if not here:
            return self.visual_style
        name = "function-list--cursor" if self.has_focus else "function-list--cursor-blurred"
        base = self.visual_style + self.get_visual_style(name)
        # get_visual_style leaves "reverse" out, which is all that some themes mark the cursor with.
        return base + Style(reverse=True) if self.get_component_styles(name).text_style.reverse else base

    @property
    def page(self) -> int:
        """The rows that show at once."""
        return self.size.height

    def go(self, place: int) -> None:
        """Put the cursor on a row because a person asked for it."""
        self._place(place)
        self.settle()

    def go_first(self) -> None:
        """To the first."""
        self.go(0)

    def go_last(self) -> None:
        """To the last."""
        self.go(len(self.rows) - 1)

    def nudge(self, step: Direction) -> None:
        """All rows can be stood on: there is nothing further."""

    def _place(self, index: int) -> None:
        """Put the cursor on a row, show it, and tell. An empty list has no cursor."""
        index = max(0, min(index, len(self.rows) - 1))
        path = self.rows[index] if self.rows else None
        old, self.path, self.cursor.place = self.path, path, index
        if path is not None and self.size.height:
            self.scroll_to_region(Region(0, index, 1, 1), animate=False, force=True)
        if old != path:
            self.redraw(frozenset(p for p in (old, path) if p is not None))
            self.post_message(FunctionHighlighted(path))

    def action_page(self, step: Direction) -> None:
        """A page down or up."""
        leap_page(self, step)

    def open_function(self) -> None:
        """Choose the function under the cursor."""
        if self.path is not None:
            self.post_message(FunctionOpened(self.path))

    def mark(self) -> None:
        """Mark the function under the cursor, or take its mark away, and move on."""
        record = self.store.get(self.path)
        if record is not None:
            self.store.change(record.path, marked=not record.marked)
            step_by(self, 1)

    def unmark(self, paths: Iterable[str]) -> bool:
        """Take the marks of these functions away. False where none had one."""
        marked = set(self.store.marked).intersection(paths)
        for path in marked:
            self.store.change(path, marked=False)
        return bool(marked)

    def on_click(self, event: events.Click) -> None:
        """Put the cursor under the mouse; a second click opens."""
        index = event.y + self.scroll_offset.y
        if not 0 <= index < len(self.rows):
            return
        self.go(index)
        if event.chain >= 2:
            self.open_function()

    def on_resize(self) -> None:
        """Keep the cursor in sight."""
        self.virtual_size = Size(self.size.width, len(self.rows))
        if self.rows and self.size.height:
            self.scroll_to_region(Region(0, self.cursor.place, 1, 1), animate=False, force=True)

    def on_focus(self) -> None:
        """Draw the cursor's row as that of the pane in use."""
        self.refresh()

    def on_blur(self) -> None:
        """Draw the cursor's row as that of a pane not in use."""
        self.refresh()
