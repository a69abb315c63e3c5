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


def is_in_use(widget: Widget) -> bool:
    """Whether the keys go to this widget: a dialog takes them from the one that has the focus below it."""
    return widget.has_focus and widget.screen.is_active


def drawn_style(widget: Widget, role: str, base: Style, *, cursor: bool = False) -> RichStyle:
    """The style of a role on `base`; `cursor`: on the row that the cursor is on.

    That row has a ground of its own on which all roles read. Where colours are the terminal's own, it is turned round,
    in no colour: which of them would read on which is not known.
    """
    own = role_style(widget, role)
    if not cursor:
        return (base + own).rich_style
    below = base + role_style(widget, "cursor")
    if not widget.app.native_ansi_color:
        return (below + own).rich_style
    return below.rich_style + RichStyle(bold=own.bold, underline=own.underline)


def cursor_strip(widget: Widget, strip: Strip) -> Strip:
    """A strip that is drawn already as the row that the cursor is on; what stands on a ground of its own keeps it."""
    if widget.app.native_ansi_color:
        return Strip([Segment(text, _turned(style), control) for text, style, control in strip], strip.cell_length)
    common = widget.visual_style.rich_style.bgcolor
    ground = RichStyle(bgcolor=drawn_style(widget, "", widget.visual_style, cursor=True).bgcolor)
    laid = [
        Segment(text, (style or RichStyle()) + ground if style is None or style.bgcolor in (None, common) else style)
        for text, style, _ in strip
    ]
    return Strip(laid, strip.cell_length)


def _turned(style: RichStyle | None) -> RichStyle:
    """What was turned round stays told apart: it is turned back."""
    style = style or RichStyle()
    return style + RichStyle(color="default", bgcolor="default", reverse=not style.reverse, dim=False)


def strip_of(widget: Widget, line: Line, width: int, base: Style, ellipsis: str, *, cursor: bool = False) -> Strip:
    """The line on `base`, cut or filled to exactly `width` cells. `cursor`: as the row that the cursor is on."""
    if width <= 0:
        return Strip.blank(0)
    fitted = fit(line, width, ellipsis)
    segments = [Segment(part.text, drawn_style(widget, part.role, base, cursor=cursor)) for part in fitted]
    used = width_of(fitted)
    if used < width:
        segments.append(Segment(" " * (width - used), drawn_style(widget, "", base, cursor=cursor)))
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
