"""Text that the mouse can select, in widgets that draw their own lines."""

from __future__ import annotations

from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from tui.app.rows.draw import over


def with_selection(widget: Widget, strip: Strip, line: int, shift: int = 0) -> Strip:
    """The strip of a line (0-based, from the first one of all) with what the mouse selected of it marked.

    `shift` is the first cell of the line that the strip shows.
    """
    selection = widget.text_selection
    span = selection.get_span(line) if selection is not None else None
    if span is None:
        return strip
    left = max(span[0] - shift, 0)
    right = strip.cell_length if span[1] == -1 else min(max(span[1] - shift, 0), strip.cell_length)
    if left >= right:
        return strip
    before, inside, after = strip.crop(0, left), strip.crop(left, right), strip.crop(right)
    return Strip.join([before, selected(inside, widget.screen.get_component_rich_style("screen--selection")), after])


def selected(strip: Strip, selection: Style) -> Strip:
    """The strip on the ground of the selection, in its own colours; reversed where the theme gives no ground.

    The theme's style has a colour for letters too, which is that of the ground: the text would vanish.
    """
    ground = selection.bgcolor
    return over(strip, Style(reverse=True) if ground is None or ground.is_default else Style(bgcolor=ground))
