"""The top edge of a box: its tabs or title to the left, how things stand to the right. One line, drawn by itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

from textual import events
from textual.strip import Strip
from textual.widget import Widget

from tui.app.colours.roles import Line, Part
from tui.app.frame.splitter import SplitterDragged
from tui.app.messages import TabChosen
from tui.app.rows.draw import strip_of
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import fit, plain, shed, width_of
from tui.app.rows.tabs import Tab, tab_line, words_width

# Where in a frame an edge is: above it, between two boxes of it, or below all of them, with no box of its own.
EdgePlace = Literal["top", "between", "bottom"]
_CORNERS: Final[dict[EdgePlace, tuple[str, str]]] = {
    "top": ("rtl", "rtr"),
    "between": ("tee_r", "tee_l"),
    "bottom": ("rbl", "rbr"),
}


class TitleBar(Widget):
    """The top edge of a box. Its owner tells it what to show; a click on a tab is posted as TabChosen."""

    DEFAULT_CSS = """
    TitleBar { height: 1; color: $border-blurred; }
    """
    ALLOW_SELECT = False

    def __init__(
        self,
        glyphs: Glyphs,
        tabs: Sequence[Tab] = (),
        active: str = "",
        *,
        id: str | None = None,  # noqa: A002 (Textual's own name)
        drags: str = "",
        words_first: bool = False,
    ) -> None:
        """`drags` names the pane that is sized by dragging this edge. `words_first`: the status takes no tab's word."""
        super().__init__(id=id)
        self.words_first = words_first
        self.place: EdgePlace = "top"
        self.drags = drags
        self._held: int | None = None
        self.glyphs = glyphs
        self.tabs = tuple(tabs)
        self.active = active
        self.status: Line = ()
        self._places: list[tuple[int, int, str]] = []

    def show(self, tabs: Sequence[Tab] | None = None, active: str | None = None, status: Line | None = None) -> None:
        """Show other tabs, another active tab, another status; what is None stays."""
        new = (
            self.tabs if tabs is None else tuple(tabs),
            self.active if active is None else active,
            self.status if status is None else status,
        )
        if new != (self.tabs, self.active, self.status):
            self.tabs, self.active, self.status = new
            self.refresh()

    def stand(self, place: EdgePlace) -> None:
        """Be this part of a frame from now on."""
        if place != self.place:
            self.place = place
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """The edge: corner, tabs, rule, status, corner."""
        width = self.size.width
        if y:
            return Strip.blank(width)
        return strip_of(self, self.line(width), width, self.visual_style, self.glyphs["ellipsis"])

    def line(self, width: int) -> Line:
        """The whole edge, `width` cells."""
        glyphs = self.glyphs
        room = width - 4
        most = room // 3
        if self.words_first:
            most = min(most, max(room - words_width(self.tabs), 0))
        reserved = min(width_of(self._status(most)), most)
        tabs, places = tab_line(self.tabs, self.active, max(room - reserved, 0), glyphs)
        self._places = [(start + 2, end + 2, key) for start, end, key in places]
        left = max(room - width_of(tabs), 0)
        status = self._status(left)
        shown = fit(status, left, glyphs["ellipsis"]) if left > 6 or width_of(status) <= left else ()
        rule = glyphs["h"] * max(left - width_of(shown), 0)
        corner, end = (glyphs[sign] for sign in _CORNERS[self.place])
        corner, end = f"{corner}{glyphs['h']}", f"{glyphs['h']}{end}"
        return (Part(corner, "edge"), *tabs, Part(rule, "edge"), *shown, Part(end, "edge"))

    def _status(self, room: int) -> Line:
        """The status in that many cells: the first of its words, which tell the most, are the last to go. One word
        alone is not cut: it shows whole, or not at all.
        """
        status = tuple(Part(self.glyphs.text(part.text), part.role) for part in self.status)
        words = shed(status, room - 2, self.glyphs.text(" · "))
        if width_of(words) > room - 2 and " " not in plain(words):
            return ()
        return (Part(" "), *words, Part(" ")) if words else ()

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take hold of the edge, beside its tabs."""
        if self.drags and not any(start <= event.x < end for start, end, _ in self._places):
            self._held = event.screen_y
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Drag."""
        if self._held is not None and event.screen_y != self._held:
            self.post_message(SplitterDragged(self.drags, event.screen_y - self._held))
            self._held = event.screen_y

    def on_mouse_up(self) -> None:
        """Let go."""
        if self._held is not None:
            self._held = None
            self.release_mouse()

    def on_click(self, event: events.Click) -> None:
        """Choose the tab under the mouse."""
        for start, end, key in self._places:
            if start <= event.x < end:
                event.stop()
                self.post_message(TabChosen(key))
                return
