"""A treemap of code sizes as lines: each tile has a corner, edges and a name, and a ground where there is colour."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rich.cells import cell_len, set_cell_size

from tui.app.glyphs import Glyphs
from tui.app.lines import cut, outside
from tui.app.roles import Line, Part
from tui.text import human_bytes
from tui.wasm.size_model import PackageSize
from tui.wasm.treemap import Tile, treemap

GROUNDS: Final = ("tile-0", "tile-1", "tile-2", "tile-3")


def size_map(rows: Sequence[PackageSize], width: int, height: int, glyphs: Glyphs) -> list[Line]:
    """The rows, the largest first, as tiles that fill `width` by `height` cells in proportion to their sizes."""
    tiles = treemap([row.size for row in rows], width, height)
    drawn: list[list[tuple[int, Part]]] = [[] for _ in range(height)]
    for tile in tiles:
        ground = GROUNDS[tile.item % len(GROUNDS)]
        row = rows[tile.item]
        for line in range(tile.height):
            text = _head(row, tile, glyphs) if line == 0 else _body(row, tile, line, glyphs)
            drawn[tile.y + line].append((tile.x, Part(text, ground)))
    # Rounding may leave a cell without a tile.
    return [_joined(line, width) for line in drawn]


def _joined(pieces: list[tuple[int, Part]], width: int) -> Line:
    parts: list[Part] = []
    at = 0
    for x, part in sorted(pieces, key=lambda piece: piece[0]):
        if x > at:
            parts.append(Part(" " * (x - at)))
        parts.append(part)
        at = x + cell_len(part.text)
    return (*parts, Part(" " * (width - at))) if at < width else tuple(parts)


def _name(row: PackageSize, width: int, glyphs: Glyphs) -> str:
    """As much of the name as tells most: its last element where the whole does not fit."""
    whole = glyphs.text(outside(row.name, limit=200).text)
    if cell_len(whole) > width:
        whole = whole.rpartition("/")[2] or whole
    return cut(whole, width, glyphs["ellipsis"])


def _head(row: PackageSize, tile: Tile, glyphs: Glyphs) -> str:
    room = tile.width - 2
    name = _name(row, room, glyphs) if room >= 2 else ""
    text = glyphs["tl"] + name
    return text + glyphs["h"] * (tile.width - cell_len(text))


def _body(row: PackageSize, tile: Tile, line: int, glyphs: Glyphs) -> str:
    inside = human_bytes(row.size) if line == 1 else ""
    return set_cell_size(glyphs["v"] + (inside if len(inside) < tile.width else ""), tile.width)
