"""A squarified treemap as pure numbers: which character cells each row gets.

M. Bruls, K. Huizing, J. J. van Wijk, "Squarified Treemaps", 2000. Terminal cells are about twice as high as wide, so
widths are halved while squareness is judged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

CELL_ASPECT: Final = 2.0  # height of a cell over its width


@dataclass(frozen=True, slots=True)
class Tile:
    """The cells of one weight: column, line, width and height, from the top left corner."""

    item: int  # index into the weights
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class _Area:
    """A rectangle that is still to be filled, in fractions of cells."""

    x: float
    y: float
    width: float
    height: float


def _worst(row: Sequence[float], side: float) -> float:
    """The worst aspect ratio of tiles of these areas laid along a side."""
    total = sum(row)
    return max(side * side * max(row) / (total * total), total * total / (side * side * min(row)))


def _lay(row: Sequence[float], area: _Area) -> tuple[list[_Area], _Area]:
    """The tiles of one row along the area's shorter side, and what is left of the area."""
    total = sum(row)
    tiles = []
    if area.width / CELL_ASPECT >= area.height:
        width = total / area.height
        y = area.y
        for weight in row:
            tiles.append(_Area(area.x, y, width, weight / width))
            y += weight / width
        return tiles, _Area(area.x + width, area.y, max(area.width - width, 0.0), area.height)
    height = total / area.width
    x = area.x
    for weight in row:
        tiles.append(_Area(x, area.y, weight / height, height))
        x += weight / height
    return tiles, _Area(area.x, area.y + height, area.width, max(area.height - height, 0.0))


def _short_side(area: _Area) -> float:
    """The shorter side in units where a tile of equal sides looks square, scaled to areas in cells."""
    scale: float = CELL_ASPECT**0.5
    return min(area.width / scale, area.height * scale)


def _squarify(areas: Sequence[float], whole: _Area) -> list[_Area]:
    tiles: list[_Area] = []
    row: list[float] = []
    left = whole
    for area in areas:
        side = _short_side(left)
        if row and _worst([*row, area], side) > _worst(row, side):
            laid, left = _lay(row, left)
            tiles += laid
            row = []
        row.append(area)
    if row:
        tiles += _lay(row, left)[0]
    return tiles


def treemap(weights: Sequence[int], width: int, height: int) -> tuple[Tile, ...]:
    """Tiles that fill `width` by `height` cells without gap or overlap, in proportion to the weights.

    Weights come the largest first. One that is too small for a cell of its own gets no tile.
    """
    total = sum(weight for weight in weights if weight > 0)
    if total <= 0 or width <= 0 or height <= 0:
        return ()
    cells = width * height
    kept = [(item, weight * cells / total) for item, weight in enumerate(weights) if weight > 0]
    kept.sort(key=lambda pair: (-pair[1], pair[0]))
    areas = _squarify([area for _, area in kept], _Area(0.0, 0.0, float(width), float(height)))
    tiles = []
    for (item, _), area in zip(kept, areas, strict=True):
        x, y = round(area.x), round(area.y)
        right, bottom = min(round(area.x + area.width), width), min(round(area.y + area.height), height)
        if right > x and bottom > y:
            tiles.append(Tile(item, x, y, right - x, bottom - y))
    return tuple(tiles)
