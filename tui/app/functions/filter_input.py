"""The line above the list in which its filter is typed."""

from __future__ import annotations

from typing import Final

from textual import on
from textual.geometry import Region, Size
from textual.reactive import Reactive
from textual.strip import Strip
from textual.widgets import Input

from tui.app.colours.roles import Part
from tui.app.keys.handlers import TYPING
from tui.app.messages import FilterKept, FilterTyped
from tui.app.rows.draw import strip_of
from tui.app.rows.glyphs import Glyphs

HINT: Final = "name, or failed, stale, reactor; {}: all"
PROMPT: Final = Part(" / ", "key")


class FilterInput(Input):
    """One line, without a border. Down leaves it for the list."""

    DEFAULT_CSS = """
    FilterInput.-textual-compact, FilterInput.-textual-compact:focus {
        height: 1; border: none; overflow: hidden hidden; padding: 0 1 0 3; background: $boost; color: $foreground;
    }
    """

    virtual_size: Reactive[Size] = Reactive(Size(0, 0))  # Textual's, but for a layout of the screen at each letter

    def __init__(self, value: str, glyphs: Glyphs) -> None:
        super().__init__(
            value, placeholder=HINT.format(glyphs.key("back")), compact=True, select_on_focus=False, classes=TYPING
        )

    def render_lines(self, crop: Region) -> list[Strip]:
        """The line with its prompt in the padding: in sight while one types, and no widget of its own to wait for."""
        width = self.styles.padding.left
        prompt = strip_of(self, (PROMPT,), width, self.visual_style, "").crop(crop.x, width)
        return [Strip.join([prompt, strip.crop(prompt.cell_length)]) for strip in super().render_lines(crop)]

    @on(Input.Changed)
    def typed(self, message: Input.Changed) -> None:
        """Say what is typed."""
        message.stop()
        self.post_message(FilterTyped(message.value))

    @on(Input.Submitted)
    def leave(self, message: Input.Submitted) -> None:
        """Back into the list, which stays narrowed."""
        message.stop()
        self.post_message(FilterKept(message.value))

    def key_down(self) -> None:
        """Into the list."""
        self.post_message(FilterKept(self.value))
