"""The gap between two panes: drag it to give one of them more room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui.app.colours.roles import Part
from tui.app.rows.draw import strip_of
from tui.app.rows.glyphs import Glyphs


@dataclass
class SplitterDragged(Message):
    """The mouse drags the gap: by how many cells it has moved since the last message (right and down are positive)."""

    splitter: str  # the pane that it sizes: "list" or "log"
    by: int


class Splitter(Widget):
    """One cell wide (between columns) or high (between rows). Blank until the mouse is over it."""

    DEFAULT_CSS = """
    Splitter { color: $border-blurred; }
    Splitter.-column { width: 1; height: 1fr; pointer: ew-resize; }
    Splitter.-row { height: 1; width: 1fr; pointer: ns-resize; }
    Splitter:hover, Splitter.-dragged { color: $border; }
    """
    ALLOW_SELECT = False

    def __init__(self, pane: str, axis: Literal["column", "row"], glyphs: Glyphs) -> None:
        super().__init__(id=f"{pane}-splitter", classes=f"-{axis}")
        self.pane = pane
        self.axis = axis
        self.glyphs = glyphs
        self._last: int | None = None

    def render_line(self, y: int) -> Strip:  # noqa: ARG002 (one line)
        """A rule while the mouse is over it, else nothing: the panes' own edges are enough."""
        shown = self.mouse_hover or self._last is not None
        sign = self.glyphs["v" if self.axis == "column" else "h"] if shown else " "
        return strip_of(
            self, (Part(sign * self.size.width),), self.size.width, self.visual_style, self.glyphs["ellipsis"]
        )

    def _place(self, event: events.MouseEvent) -> int:
        return event.screen_x if self.axis == "column" else event.screen_y

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take hold."""
        self._last = self._place(event)
        self.capture_mouse()
        self.add_class("-dragged")

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Drag."""
        if self._last is None:
            return
        place = self._place(event)
        if place != self._last:
            self.post_message(SplitterDragged(self.pane, place - self._last))
            self._last = place

    def on_mouse_up(self) -> None:
        """Let go."""
        self._last = None
        self.release_mouse()
        self.remove_class("-dragged")
        self.refresh()
