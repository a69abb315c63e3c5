"""A treemap of code sizes as lines: solid tiles with a thin gap, named by as much of the path's end as fits. Pure.

Packages of one family (`encoding/...`) share a ground. What cannot carry a name is gathered into one tile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rich.cells import cell_len, set_cell_size

from tui.app.colours.roles import Line, Part
from tui.app.panes.size.labels import label
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import cut, outside
from tui.text import human_bytes
from tui.wasm.sizes.size_report import PackageSize
from tui.wasm.sizes.treemap import Tile, treemap

GROUNDS: Final = 4  # roles `tile-0` and on, each with `edge-0` and on, that draw the same ground as a letter
REST: Final = 10  # cells that the tile of the rest takes at least
CUT_FROM: Final = 0.06  # share from which a tile shows with its name cut; smaller ones are gathered instead
LEAST: Final = 4  # cells of a cut name that still tell something
MOST: Final = 60  # tiles that are tried: more never carry names, and each try lays all of them out


@dataclass(frozen=True, slots=True)
class Placed:
    """One tile and what it stands for: the row's place, or the first of those gathered."""

    tile: Tile
    row: int
    gathered: int = 0  # how many rows it stands for besides; 0: one row


class SizeMap:
    """The rows, the largest first, as tiles that fill `width` by `height` cells in proportion to their sizes."""

    def __init__(self, rows: Sequence[PackageSize], width: int, height: int, glyphs: Glyphs) -> None:
        self.rows = [row for row in rows if row.size > 0]
        self.width, self.height, self.glyphs = width, height, glyphs
        self._families = _families(self.rows)
        self._painters = self._gathered()

    def row_at(self, x: int, y: int) -> int | None:
        """The row (its place) whose tile holds that cell; of the tile of the rest, the first."""
        for painter in self._painters:
            tile = painter.placed.tile
            if tile.x <= x < tile.x + tile.width and tile.y <= y < tile.y + tile.height:
                return painter.placed.row
        return None

    def lines(self, lit: int | None = None) -> tuple[Line, ...]:
        """The map; the tile of the row `lit` stands out."""
        drawn: list[list[tuple[int, Part]]] = [[] for _ in range(self.height)]
        for painter in self._painters:
            tile = painter.placed.tile
            for line, part in enumerate(painter.parts(self._ground(painter.placed, lit))):
                drawn[tile.y + line].append((tile.x, part))
        return tuple(_joined(line, self.width) for line in drawn)

    def _ground(self, placed: Placed, lit: int | None) -> str:
        if lit is not None and (lit == placed.row or (placed.gathered > 0 and lit > placed.row)):
            return "lit"
        return "rest" if placed.gathered else str(self._families[_family(self.rows[placed.row])] % GROUNDS)

    def _gathered(self) -> list[_Painter]:
        """The most rows that can all carry a name, and at the right one tile for the rest."""
        keep = min(len(self.rows), MOST)
        while True:
            painters = [_Painter(placed, self) for placed in self._placed(keep)]
            mute = sum(not painter.words for painter in painters) + keep + (keep < len(self.rows)) - len(painters)
            if mute <= 0 or keep <= 1:
                return painters
            keep = max(keep - max(mute // 4, 1), 1)

    def _placed(self, keep: int) -> list[Placed]:
        total = sum(row.size for row in self.rows)
        rest = sum(row.size for row in self.rows[keep:])
        column = min(max(round(self.width * rest / total), REST), self.width // 2) if rest else 0
        tiles = treemap([row.size for row in self.rows[:keep]], self.width - column, self.height)
        placed = [Placed(tile, tile.item) for tile in tiles]
        if column:
            tile = Tile(keep, self.width - column, 0, column, self.height)
            placed.append(Placed(tile, keep, len(self.rows) - keep))
        return placed


def _family(row: PackageSize) -> str:
    return row.name.partition("/")[0] if row.group == "package" else row.group


def _families(rows: Sequence[PackageSize]) -> dict[str, int]:
    """Each family's number, in the order of their largest rows."""
    return {family: number for number, family in enumerate(dict.fromkeys(_family(row) for row in rows))}


class _Painter:
    """Draws one tile: its name, its size, and the gap to its neighbours."""

    def __init__(self, placed: Placed, whole: SizeMap) -> None:
        self.placed = placed
        self.glyphs = glyphs = whole.glyphs
        tile = placed.tile
        at_right, at_bottom = tile.x + tile.width >= whole.width, tile.y + tile.height >= whole.height
        self.width, self.height = tile.width, tile.height
        self.gap = 0 if at_right else 1
        self.lower_gap = not at_bottom and not glyphs.ascii
        self.inner = tile.width - self.gap
        self.room = self.inner - 2 if self.inner >= 8 else self.inner - glyphs.ascii
        self.lines = tile.height - self.lower_gap
        self.named = 0
        # Empty where there is no room for a name that says something.
        self.words = self._words(placed, whole.rows) if self.lines > 0 and self.room > 0 else ()

    def _words(self, placed: Placed, rows: Sequence[PackageSize]) -> tuple[str, ...]:
        if placed.gathered:
            count = f"{placed.gathered:,}" if self.glyphs.ascii else f"+{placed.gathered:,}"
            names: tuple[str, ...] = tuple(t for t in (f"{count} more", count) if cell_len(t) <= self.room)[:1]
            size = sum(row.size for row in rows[placed.row :])
        else:
            row = rows[placed.row]
            size = row.size
            name = self.glyphs.text(outside(row.name, limit=200).text)
            names = label(name, self.room, self.lines)
            if not names and row.size >= CUT_FROM * sum(other.size for other in rows) and self.room >= LEAST:
                names = (cut(name.rpartition("/")[2] or name, self.room, self.glyphs["ellipsis"]),)
        self.named = len(names)  # lines of the name; the size comes below
        return self._with_size(names, human_bytes(size)) if names else ()

    def _with_size(self, names: tuple[str, ...], size: str) -> tuple[str, ...]:
        """The size below the name, or beside it where there is no line left."""
        if len(names) < self.lines:
            return (*names, size) if len(size) <= self.room else names
        beside = f"{names[-1]}  {size}"
        return (*names[:-1], beside) if cell_len(beside) <= self.room else names

    def parts(self, ground: str) -> list[Part]:
        """A part for each line of the tile."""
        made = []
        for line in range(self.height):
            text = self.words[line] if line < len(self.words) else ""
            if self.glyphs.ascii:
                made.append(Part(self._outlined(text, first=line == 0), f"tile-{ground}"))
            elif self.lower_gap and line == self.height - 1:
                # The upper half of a cell: the gap below is as thin as the one beside.
                made.append(Part("▀" * self.inner + " " * self.gap, f"edge-{ground}"))
            else:
                lead = " " * (self.inner >= 8)
                made.append(
                    Part(set_cell_size(lead + text, self.inner), f"tile-{ground}{' strong' * (line < self.named)}")
                )
        return made

    def _outlined(self, text: str, *, first: bool) -> str:
        """A line of a tile that a corner, a rule and an edge of ASCII mark, for no colour may be there to do it."""
        lead = "+" if first else "|"
        room = max(self.inner - cell_len(lead + text), 0)
        return set_cell_size(lead + text + ("-" if first else " ") * room, self.inner)


def _joined(pieces: list[tuple[int, Part]], width: int) -> Line:
    """The pieces of one line, blanks between them and behind."""
    parts: list[Part] = []
    at = 0
    for x, part in sorted(pieces, key=lambda piece: piece[0]):
        if x > at:
            parts.append(Part(" " * (x - at)))
        parts.append(part)
        at = x + cell_len(part.text)
    return (*parts, Part(" " * (width - at))) if at < width else tuple(parts)
