"""How well one colour reads on another (WCAG 2's ratio), and a colour pushed until it does. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from textual.color import Color

TEXT: Final = 4.5  # the least ratio at which text is read
FRAME: Final = 3.0  # and at which a line is seen
BLACK: Final = Color(0, 0, 0)
WHITE: Final = Color(255, 255, 255)
_STEPS: Final = 9  # of halving: finer than one part of a channel


@lru_cache(maxsize=4096)
def luminance(color: Color) -> float:
    """Relative luminance, 0 for black to 1 for white."""
    red, green, blue = (_linear(channel / 255) for channel in color[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)


def ratio(one: Color, other: Color) -> float:
    """Their contrast, 1 (the same) to 21 (black on white)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def pole(ground: Color) -> Color:
    """Black or white, whichever stands out from the ground more."""
    return max((WHITE, BLACK), key=lambda end: ratio(end, ground))


def hardest(grounds: Iterable[Color], end: Color) -> Color:
    """The ground on which it is hardest to read, for colours that are pushed towards `end`."""
    return min(grounds, key=lambda ground: ratio(end, ground))


def pushed(color: Color, ground: Color, least: float, end: Color | None = None) -> Color:
    """The colour nearest to `color`, on its way to `end` (black or white), that has that ratio on the ground at least.

    Where not even `end` has it, `end`.
    """
    end = pole(ground) if end is None else end
    return color if ratio(color, ground) >= least else _on_the_way(color, end, ground, least)


def settled(ground: Color, back: Color, least: float, end: Color, most: float = 21.0) -> Color:
    """The ground, drawn back towards `back` until `end` has that ratio on it at least, and `back` itself no more than
    `most`.
    """

    def fits(color: Color) -> bool:
        return ratio(end, color) >= least and ratio(color, back) <= most

    if fits(ground):
        return ground
    low, high = 0.0, 1.0  # of the way back; `high` suffices as far as anything does
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if fits(ground.blend(back, middle)) else (middle, high)
    return ground.blend(back, high)


def lifted(ground: Color, towards: Color, end: Color, apart: float) -> Color:
    """A ground that stands out from `ground` by that ratio: on its way to `towards`, else, where that is too near, to
    `end`.
    """
    return _on_the_way(ground, towards if ratio(towards, ground) >= apart else end, ground, apart)


def _on_the_way(color: Color, end: Color, ground: Color, least: float) -> Color:
    """The first colour on the way to `end` that has the ratio on the ground."""
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if ratio(color.blend(end, middle), ground) >= least else (middle, high)
    return color.blend(end, high)
