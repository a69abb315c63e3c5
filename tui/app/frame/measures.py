"""From which size on what is shown, as far as the first frame must know it. Imports nothing."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

NARROW: Final = 80  # below: one pane at a time, at any height
CRAMPED: Final = (100, 30)  # below both: one pane too (80x24 is the usual terminal)
HEADER_FROM: Final = 16  # rows
FOOTER_FROM: Final = 6
LIST_LEAST: Final = 28  # cells, where nobody chose
LIST_SHARE: Final = 3  # of so many parts of the screen the list takes one at most where nobody chose


def is_single(width: int, height: int) -> bool:
    """Whether list and detail take turns."""
    return width < NARROW or (width < CRAMPED[0] and height < CRAMPED[1])


def list_most(width: int) -> int:
    """The cells that the list takes at most where nobody chose."""
    return max(width // LIST_SHARE, LIST_LEAST)
