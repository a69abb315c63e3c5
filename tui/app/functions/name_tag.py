"""Which function one looks at, where its box has no title: beside the export mode, when that is one line."""

from __future__ import annotations

from typing import Final

from textual.strip import Strip
from textual.widget import Widget

from tui.app.colours.roles import Line, Part
from tui.app.functions.list_rows import cut_path
from tui.app.rows.draw import strip_of
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import width_of
from tui.lines.states import STATES, State
from tui.text import printable

SHARE: Final = 0.3  # of the screen's width that a name takes at most


def tag_line(path: str, state: State, glyphs: Glyphs, width: int) -> Line:
    """Sign and name in at most `width` cells; of a path, the last part tells most."""
    sign = STATES[state]
    room = max(width - 5, 1)
    name = cut_path(glyphs.text(printable(path)), room, glyphs["ellipsis"])
    return (Part(f" {glyphs.sign(sign)} ", f"{sign.role} strong"), Part(f"{name} ", "title"), Part(glyphs["v"], "edge"))


class NameTag(Widget):
    """As wide as the name needs."""

    DEFAULT_CSS = """
    NameTag { height: 1; width: auto; }
    """
    ALLOW_SELECT = False

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__(id="name-tag")
        self.glyphs = glyphs
        self._shown: tuple[str, State] | None = None

    def show(self, path: str | None, state: State = "reading") -> None:
        """Name this function, or none."""
        shown = None if path is None else (path, state)
        if shown != self._shown:
            self._shown = shown
            if self.display:  # else it is laid out when it shows
                self.refresh(layout=width_of(self.line) != self.size.width)

    def get_content_width(self, container: object, viewport: object) -> int:  # noqa: ARG002 - Textual's own
        """The line's width."""
        return width_of(self.line)

    @property
    def line(self) -> Line:
        """What is drawn: nothing where there is no function."""
        return () if self._shown is None else tag_line(*self._shown, self.glyphs, int(self.screen.size.width * SHARE))

    def render_line(self, y: int) -> Strip:  # noqa: ARG002 (one line)
        """The line."""
        return strip_of(self, self.line, self.size.width, self.visual_style, self.glyphs["ellipsis"])
