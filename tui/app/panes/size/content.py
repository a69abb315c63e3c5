"""Where the code bytes go: packages and functions, own and retained, as a treemap and as a list that unfolds.

Sizes are computed when the pane is in sight, in a thread; retained ones in a second process. Neither holds up a key.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Iterator
from functools import partial
from typing import Final

from tui.app.colours.roles import Part
from tui.app.desk.record import FunctionRecord
from tui.app.keys.handlers import Handlers
from tui.app.panes.absent import absent_rows, module_parts
from tui.app.panes.content import PaneContent, PaneFace, Room
from tui.app.panes.size.rows import COLUMNS, ORDERS, SizeRows, Sizes, SortBy, package_key, titles
from tui.app.panes.size.treemap import SizeMap
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import line_of, outside, paragraph
from tui.app.rows.pane_rows import blank, text_row
from tui.app.rows.table import Row
from tui.text import human_bytes, plural
from tui.wasm.background import WorkerError, retained_in_background
from tui.wasm.module import Module
from tui.wasm.sizes.size_report import Retained

REMEMBERED: Final = 12  # modules whose sizes are kept, so that going back costs nothing
MAP_FROM: Final = (48, 12)  # cells of width and lines of height from which the treemap is drawn
_MAP_LINES: Final = (5, 18)  # the least and the most that it takes


class SizeContent(PaneContent):
    """Sizes by package and function."""

    COLUMNS = COLUMNS
    BY_HEIGHT = True

    def __init__(self, glyphs: Glyphs | None = None) -> None:
        super().__init__(glyphs)
        self.order: SortBy = "own"
        self.map_wanted = True
        self._known: OrderedDict[int, tuple[Module, Sizes | str]] = OrderedDict()
        self._working_on: Module | None = None
        self._sifted: tuple[Sizes, SortBy, list[Row]] | None = None
        self._map: SizeMap | None = None  # the treemap as it shows

    def drawn(self, record: FunctionRecord) -> tuple[object, ...]:
        """The module."""
        return module_parts(record)

    # -- computing

    def sizes(self, module: Module | None) -> Sizes | str | None:
        """What is known of a module's sizes; a sentence where they cannot be had; None: not computed yet."""
        known = self._known.get(id(module))
        # The Module is kept beside its id, so that the id cannot be another one's.
        return known[1] if known is not None else None

    def seen(self, pane: PaneFace) -> None:
        """Compute what is not known."""
        record = pane.record
        if record is None or record.module is None or record.module is self._working_on:
            return
        found = self.sizes(record.module)
        if found is None or (isinstance(found, Sizes) and found.waits):
            self._working_on = record.module
            pane.work(partial(self._compute, pane, record, record.module))

    def unseen(self) -> None:
        """Out of sight nothing is computed."""
        self._working_on = None

    async def _compute(self, pane: PaneFace, record: FunctionRecord, module: Module) -> None:
        """Own sizes, then retained ones; each shows as soon as it is there."""
        try:
            source, sizes = await asyncio.to_thread(_own_sizes, record, module)
        except OSError as error:
            self._keep(pane, module, f"function.wasm cannot be read: {error.strerror or error}")
            return
        self._keep(pane, module, sizes)
        if not sizes.waits:
            return
        try:
            retained = await _retained(source)
        except WorkerError as error:
            self._keep(pane, module, Sizes(sizes.report, problem=str(error)))
        else:
            self._keep(pane, module, Sizes(sizes.report, retained, retained.note))

    def _keep(self, pane: PaneFace, module: Module, sizes: Sizes | str) -> None:
        self._known[id(module)] = (module, sizes)
        self._known.move_to_end(id(module))
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        if pane.record is not None and pane.record.module is module:
            pane.renew()

    # -- rows

    def rows(self, record: FunctionRecord, room: Room) -> list[Row]:
        """Summary, treemap, packages with their functions."""
        self._map = None
        absent = absent_rows(record, self.glyphs, room.width)
        if absent is not None or record.module is None:
            return absent or []
        sizes = self.sizes(record.module)
        if sizes is None:
            words = f"{self.glyphs.state('building')} computing sizes"
            return [text_row("computing", (Part(words, "muted"),), room.width)]
        if isinstance(sizes, str):
            lead = (Part(f"{self.glyphs['error']} ", "error"),)
            return [text_row("problem", (outside(sizes, "error"),), room.width, lead)]
        if not sizes.report.rows:
            return [text_row("empty", (Part("the module has no code", "muted"),), room.width)]
        rows = [*self._summary(sizes, room.width), *self._treemap(sizes, room), titles(sizes, self.order, self.glyphs)]
        rows += self._every(sizes) if room.sifting else SizeRows(sizes, self.order, self.glyphs).rows(self.opened)
        return [*rows, *self._notes(sizes, room)]

    def _every(self, sizes: Sizes) -> list[Row]:
        """Packages and functions all, for the filter: made once, not at each letter that is typed."""
        made = self._sifted
        if made is None or made[0] is not sizes or made[1] != self.order:
            every = {package_key(row) for row in sizes.report.rows}
            rows = list(SizeRows(sizes, self.order, self.glyphs).rows(every))
            made = self._sifted = (sizes, self.order, rows)
        return made[2]

    def _summary(self, sizes: Sizes, width: int) -> Iterator[Row]:
        report = sizes.report
        functions = sum(len(row.functions) for row in report.rows)
        packages = sum(row.group == "package" for row in report.rows)
        words = f"of code: {plural(functions, 'function')} in {plural(packages, 'package')}"
        keys = line_of(
            *(Part(f"   {self.glyphs.key('size-sort')}", "key"), Part(" sorts", "muted")),
            *(Part(f"   {self.glyphs.key('size-map')}", "key"), Part(" treemap", "muted")),
        )
        yield text_row(
            "sum", (Part(human_bytes(report.code_bytes), "strong"), Part(f" {words}", "muted"), *keys), width
        )
        if sizes.waits:
            yield text_row("retained", (Part("retained sizes are being computed", "muted"),), width)

    def _notes(self, sizes: Sizes, room: Room) -> Iterator[Row]:
        """That main is inlined, and why there is no column of retained sizes: below the list, for it is no trouble."""
        if sizes.report.inlined:
            lead = (Part(f"{self.glyphs['info']} ", "accent"),)
            lines = paragraph(self.glyphs.text(outside(sizes.report.inlined).text), room.width, "muted", lead)
            yield Row(key="note:inlined", lines=tuple(lines), selectable=False)
        if sizes.report.retained_note and room.height < MAP_FROM[1]:
            yield text_row("note", (Part("retained = own with stock Go", "muted"),), room.width)
            return
        for note in (sizes.report.retained_note, sizes.problem):
            if note:
                lead = (Part(f"{self.glyphs['info']} ", "accent"),)
                lines = paragraph(
                    self.glyphs.text(outside(f"no retained sizes: {note}").text), room.width, "muted", lead
                )
                yield blank("note")
                yield Row(key=f"note:{note[:20]}", lines=tuple(lines), selectable=False)

    # -- the treemap

    def _treemap(self, sizes: Sizes, room: Room) -> Iterator[Row]:
        if not self.map_wanted or not _has_room(room):
            return
        height = min(max(room.height // 3, _MAP_LINES[0]), _MAP_LINES[1])
        self._map = SizeMap(sizes.report.rows, room.width, height, self.glyphs)
        yield blank("map")
        yield _map_row(self._map, sizes, room)
        yield blank("list")

    def lit(self, record: FunctionRecord, room: Room) -> Row | None:
        """The map, with the tile of the row under the cursor standing out."""
        sizes = self.sizes(record.module)
        return _map_row(self._map, sizes, room) if self._map is not None and isinstance(sizes, Sizes) else None

    def key_at(self, row: Row, column: int, line: int) -> str | None:
        """The row of the tile there."""
        found = self._map.row_at(column, line) if self._map is not None and row.key == "map" else None
        return package_key(self._map.rows[found]) if self._map is not None and found is not None else None

    # -- keys

    def handlers(self, pane: PaneFace) -> Handlers:
        """Sorting, and the treemap."""
        return {"size-sort": partial(self.sort, pane), "size-map": partial(self.toggle_map, pane)}

    def sort(self, pane: PaneFace) -> None:
        """Sort by the next of own size, retained size, name."""
        sizes = self.sizes(pane.record.module) if pane.record is not None else None
        meaningful = isinstance(sizes, Sizes) and sizes.report.retained_note is None
        orders = [order for order in ORDERS if order != "retained" or meaningful]
        after = orders.index(self.order) + 1 if self.order in orders else 0
        self.order = orders[after % len(orders)]
        pane.renew()

    def toggle_map(self, pane: PaneFace) -> None:
        """Show or hide the treemap; say so where there is no room for it."""
        if not _has_room(pane.room()):
            pane.say(f"no room for the map here: {self.glyphs.key('maximise')} maximises")
            return
        self.map_wanted = not self.map_wanted
        pane.renew()


def _has_room(room: Room) -> bool:
    return room.width >= MAP_FROM[0] and room.height >= MAP_FROM[1]


def _map_row(drawn: SizeMap, sizes: Sizes, room: Room) -> Row:
    """The map as a row; the tile of the row that the cursor is on, or in, stands out."""
    key = room.here or ""
    keys = (package_key(row) for row in sizes.report.rows)
    lit = next((place for place, one in enumerate(keys) if key == one or key.startswith(f"{one}:")), None)
    return Row(key="map", lines=drawn.lines(lit), selectable=False)


async def _retained(source: bytes) -> Retained:
    """Retained sizes: as they were kept, else worked out now, and kept. Raises WorkerError."""
    from tui.assessment.kept.retained import keep_retained, known_retained

    known = await asyncio.to_thread(known_retained, source)
    if known is None:
        known = await retained_in_background(source)
        await asyncio.to_thread(keep_retained, source, known)
    return known


def _own_sizes(record: FunctionRecord, module: Module) -> tuple[bytes, Sizes]:
    """The module's bytes and own sizes. Raises OSError. A file that is another by now is decoded anew."""
    from tui.wasm.decode.decode import decode
    from tui.wasm.decode.read import read_bytes
    from tui.wasm.sizes.sizes import size_report

    source = read_bytes(record.wasm)
    same = len(source) == module.size and record.wasm.stat().st_mtime == record.modified
    return source, Sizes(size_report(source, module if same else decode(source)))
