"""Lines of styled parts as strips of terminal cells: what the widgets that draw themselves share."""

from __future__ import annotations

from collections.abc import Iterable

from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.strip import Strip
from textual.style import Style
from textual.widget import Widget

from tui.app.colours.roles import Line, Part, style_of
from tui.app.rows.lines import fit, width_of


def role_style(widget: Widget, role: str) -> Style:
    """The style of a role in the theme of now."""
    definition = style_of(role)
    return widget.app.stylesheet.parse_style(definition) if definition else Style()


def strip_of(widget: Widget, line: Line, width: int, base: Style, ellipsis: str) -> Strip:
    """The line on `base`, cut or filled to exactly `width` cells."""
    if width <= 0:
        return Strip.blank(0)
    fitted = fit(line, width, ellipsis)
    segments = [Segment(part.text, (base + role_style(widget, part.role)).rich_style) for part in fitted]
    used = width_of(fitted)
    if used < width:
        segments.append(Segment(" " * (width - used), base.rich_style))
    return Strip(segments, max(used, width)).crop(0, width)


def spread(left: Iterable[Part], right: Iterable[Part], width: int, ellipsis: str) -> Line:
    """One line with something at either end. Where both do not fit, the left end is cut."""
    right = tuple(right)
    room = width - width_of(right)
    kept = fit(tuple(left), max(room, 0), ellipsis)
    return (*kept, Part(" " * max(room - width_of(kept), 0)), *right)


def over(strip: Strip, style: RichStyle) -> Strip:
    """The strip with `style` laid over its own."""
    return Strip(Segment.apply_style(list(strip), post_style=style), strip.cell_length)
