"""Text that the mouse can select, in widgets that draw their own lines."""

from __future__ import annotations

from typing import ClassVar

from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBarRender
from textual.selection import Selection
from textual.strip import Strip


class SelectableLines(ScrollView):
    """A scroll view whose `render_line` passes each strip through `with_selection`."""

    def selectable_text(self) -> str:
        """All lines, as the mouse selects from them."""
        raise NotImplementedError

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The text under the mouse's selection."""
        return selection.extract(self.selectable_text()), "\n"

    def selection_updated(self, selection: Selection | None) -> None:  # noqa: ARG002
        """Draw the selection."""
        self.refresh()

    def with_selection(self, strip: Strip, line: int) -> Strip:
        """The strip of a line (0-based, from the first one of all), with the selected part of it marked."""
        from tui.app.log.style import selected

        selection = self.text_selection
        if selection is None or (span := selection.get_span(line)) is None:
            return strip
        start, end = span
        end = strip.cell_length if end == -1 else min(end, strip.cell_length)
        style = self.screen.get_component_rich_style("screen--selection")
        before, inside, after = strip.divide([start, max(start, end), strip.cell_length])
        return Strip.join([before, selected(inside, style), after])


class AsciiScrollBarRender(ScrollBarRender):
    """A scroll bar of blanks on two grounds: it moves by whole cells, and nothing of it lies outside ASCII."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "] * 8
    HORIZONTAL_BARS: ClassVar[list[str]] = [" "] * 8
