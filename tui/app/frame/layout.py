"""Where things go at which size. Pure: a terminal's size and the person's sizes in, a Layout out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from tui.app.frame.measures import CRAMPED, FOOTER_FROM, HEADER_FROM, LIST_LEAST, is_single, list_most
from tui.facts import Fact

ModeLevel = Literal["full", "medium", "line"]

WIDE: Final = 140  # from here a list's width is kept apart from that on a medium terminal
THIRD_FROM: Final = 180  # from here the verdict may be a third column
LOG_FROM: Final = 30  # rows from which the log stands below the tabs, else it is a tab
# Rows from which the export mode is drawn whole, or in fewer rows; else it is one line.
DRAWING_FROM: Final = 36
MEDIUM_FROM: Final = 28

LIST_WIDTH: Final = (20, 120)  # least and most, cells
LOG_HEIGHT: Final = (5, 60)  # rows, its edges among them
LOG_SHARE: Final = 40  # % of what is below the export mode that a log gets which has as much to say
RUN_SHARE: Final = 60  # the same of what was run: it has an input and an answer
DETAIL_LEAST: Final = 44  # cells that the detail keeps whatever the list's width is
DETAIL_WHOLE: Final = 84  # cells that it keeps beside a third column: the export mode in boxes, and every tab's word
VERDICT_WIDTH: Final = (44, 64)
PANES_LEAST: Final = 8  # rows that the tabs keep whatever the log's height is
# Rows of the export mode with its upper edge.
MODE_HEIGHTS: Final[dict[ModeLevel, int]] = {"full": 10, "medium": 7, "line": 1}


class Wants(Fact):
    """What there is to show: how much room boxes would fill if they had it."""

    list_width: int = 0  # cells in which no row of the list is cut
    tab_rows: int | None = None  # lines of the pane in the tabs; None: as many as it gets
    log_rows: int | None = None  # lines of log or errors; None: as many as it gets, 0: it has nothing to say
    log_share: int = LOG_SHARE  # % of what is below the export mode that log, errors or runs get
    verdict: bool = False  # whether the verdict has something to say
    mode_rows: int | None = None  # lines of what stands in the place of a picture of the life; None: there is one


class Layout(Fact):
    """The arrangement of one screen. Widths in cells, heights in rows; 0: not shown beside others."""

    single: bool  # list and detail take turns
    header: bool
    footer: bool
    mode_level: ModeLevel
    mode_height: int  # rows of the export mode with its upper edge
    log_below: bool
    list_width: int
    verdict_width: int  # of a column of its own
    log_height: int  # rows of its box; 1: its edge alone

    @property
    def third(self) -> bool:
        """Whether the verdict is a column of its own."""
        return self.verdict_width > 0


def layout_of(width: int, height: int, sizes: Mapping[str, int], wants: Wants | None = None) -> Layout:
    """The layout for a terminal; `sizes` holds what a person chose, by `size_key`."""
    wants = wants or Wants()
    single = is_single(width, height)
    log_below = height >= LOG_FROM
    list_width = 0 if single else _list_width(width, sizes, wants)
    mode: ModeLevel = "full" if height >= DRAWING_FROM else "medium" if height >= MEDIUM_FROM else "line"
    header, footer = height >= HEADER_FROM, height >= FOOTER_FROM
    mode_height = MODE_HEIGHTS[mode]
    if wants.mode_rows is not None and mode != "line":
        mode_height = min(wants.mode_rows + 1, mode_height)
    below = height - header - footer - mode_height
    return Layout(
        single=single,
        header=header,
        footer=footer,
        mode_level=mode,
        mode_height=mode_height,
        log_below=log_below,
        list_width=list_width,
        verdict_width=_verdict_width(width, list_width) if wants.verdict and width >= THIRD_FROM else 0,
        log_height=_log_height(below, sizes.get("log"), wants) if log_below else 0,
    )


def _list_width(width: int, sizes: Mapping[str, int], wants: Wants) -> int:
    """What a person chose, else as wide as the names want, up to a third of the screen."""
    usual = min(max(wants.list_width, LIST_LEAST), list_most(width))
    return _within(sizes.get(size_key("list", width), usual), LIST_WIDTH, width - DETAIL_LEAST)


def _verdict_width(width: int, list_width: int) -> int:
    """What list and detail leave; 0 where that is too little to read in."""
    left = width - list_width - DETAIL_WHOLE
    return 0 if left < VERDICT_WIDTH[0] else min(left, VERDICT_WIDTH[1])


def _log_height(below: int, chosen: int | None, wants: Wants) -> int:
    """The rows of the log's box, of those below the export mode: all that the tabs do not need, and its share."""
    if wants.log_rows == 0:
        return 1
    if chosen is None:
        share = max(below * wants.log_share // 100, LOG_HEIGHT[0])
        needed = share if wants.log_rows is None else min(wants.log_rows + 2, share)
        spare = 0 if wants.tab_rows is None else below - wants.tab_rows - 1
        chosen = max(needed, spare)
    return _within(chosen, (LOG_HEIGHT[0], below), below - PANES_LEAST)


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
