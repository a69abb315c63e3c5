"""Scroll bars in either alphabet: Textual draws their ends with block characters."""

from __future__ import annotations

from typing import ClassVar

from textual.scrollbar import ScrollBar, ScrollBarRender


class PlainScrollBar(ScrollBarRender):
    """Whole cells only: nothing outside ASCII."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "] * 8
    HORIZONTAL_BARS: ClassVar[list[str]] = [" "] * 8


def use_scroll_bars(ascii_only: bool) -> None:
    """Draw all scroll bars so from now on."""
    ScrollBar.renderer = PlainScrollBar if ascii_only else ScrollBarRender
