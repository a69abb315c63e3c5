"""Where things go at which size. Pure: a terminal's size and the person's sizes in, a Layout out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

ModeLevel = Literal["full", "medium", "line"]

NARROW: Final = 80  # below: one pane at a time, at any height
WIDE: Final = 140  # from here the verdict is a third column
CRAMPED: Final = (100, 30)  # below both: one pane too (80x24 is the usual terminal)
HEADER_FROM: Final = 16  # rows
FOOTER_FROM: Final = 6
LOG_FROM: Final = 30  # rows from which the log stands below the tabs, else it is a tab
# Rows from which the export mode is drawn whole, or in fewer rows; else it is one line.
DRAWING_FROM: Final = 36
MEDIUM_FROM: Final = 28

LIST_WIDTH: Final = (20, 60)  # least and most, cells
LIST_SHARE: Final = 40  # % of the screen that the list takes at most where nobody chose
LOG_HEIGHT: Final = (4, 40)
DETAIL_LEAST: Final = 44  # cells that the detail keeps whatever the list's width is
PANES_LEAST: Final = 8  # rows that the tabs keep whatever the log's height is


@dataclass(frozen=True, slots=True)
class Layout:
    """The arrangement of one screen. Widths in cells, heights in rows; 0: not shown beside others."""

    single: bool  # list and detail take turns
    third: bool  # the verdict is a column of its own
    header: bool
    footer: bool
    mode_level: ModeLevel
    log_below: bool
    list_width: int
    verdict_width: int
    log_height: int


def layout_of(width: int, height: int, sizes: Mapping[str, int], natural: int = 0) -> Layout:
    """The layout for a terminal; `sizes` holds what a person chose, by `size_key`.

    `natural` is the width at which no row of the list would be cut.
    """
    third = width >= WIDE
    single = width < NARROW or (width < CRAMPED[0] and height < CRAMPED[1])
    log_below = height >= LOG_FROM
    verdict_width = min(max(width * 3 // 10, 44), 64) if third else 0
    room = width - verdict_width - DETAIL_LEAST
    return Layout(
        single=single,
        third=third,
        header=height >= HEADER_FROM,
        footer=height >= FOOTER_FROM,
        mode_level="full" if height >= DRAWING_FROM else "medium" if height >= MEDIUM_FROM else "line",
        log_below=log_below,
        list_width=0
        if single
        else _within(sizes.get(size_key("list", width), _list_default(width, natural)), LIST_WIDTH, room),
        verdict_width=verdict_width,
        log_height=_within(sizes.get("log", height * 3 // 10), LOG_HEIGHT, height - 12 - PANES_LEAST)
        if log_below
        else 0,
    )


def _list_default(width: int, natural: int) -> int:
    """As wide as the longest row, between a plain share of the screen and 40 % of it."""
    least = min(max(width * 28 // 100, 28), 40) if width < WIDE else 38
    most = max(width * LIST_SHARE // 100, least)
    return min(max(natural, least), most)


def _within(wanted: int, bounds: tuple[int, int], room: int) -> int:
    """`wanted`, held between the bounds and what there is room for; never below the lower bound."""
    low, high = bounds
    return max(min(wanted, high, room), low)


def size_key(pane: str, width: int) -> str:
    """Under which key a pane's size is kept: the list's apart for narrow, medium and wide terminals."""
    if pane != "list" or CRAMPED[0] <= width < WIDE:
        return pane
    return f"{pane}-wide" if width >= WIDE else f"{pane}-narrow"


def resized(sizes: Mapping[str, int], pane: str, size: int, width: int = CRAMPED[0]) -> dict[str, int]:
    """The sizes with one changed, held within its bounds, for terminals like that of `width` cells."""
    low, high = {"list": LIST_WIDTH, "log": LOG_HEIGHT}[pane]
    return {**sizes, size_key(pane, width): min(max(size, low), high)}
