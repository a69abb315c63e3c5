"""Scroll bars in either alphabet: Textual draws their ends with block characters."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.strip import Strip
from textual.widget import Widget


class PlainScrollBar(ScrollBarRender):
    """Whole cells only: nothing outside ASCII."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "] * 8
    HORIZONTAL_BARS: ClassVar[list[str]] = [" "] * 8


def use_scroll_bars(ascii_only: bool) -> None:
    """Draw all scroll bars so from now on."""
    ScrollBar.renderer = PlainScrollBar if ascii_only else ScrollBarRender


def bar_of(widget: Widget, rows: int, count: int, top: int) -> list[Strip]:
    """The scroll bar beside so many rows of a widget, of `count` that there are: a cell for each."""
    styles = widget.styles
    ground = widget.background_colors[0] + styles.scrollbar_background
    color, back = (ground + styles.scrollbar_color).rich_color, ground.rich_color
    bar = ScrollBar.renderer.render_bar(rows, count, rows, top, 1, vertical=True, back_color=back, bar_color=color)
    base = widget.visual_style.rich_style + Style(bgcolor=back)
    return [Strip([Segment(text, base + style)]) for text, style, _ in bar.segments]
