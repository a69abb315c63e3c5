"""Where the code bytes go: packages and functions, own and retained, as a treemap and as a list that unfolds.

Sizes are computed when the pane is in sight, in a thread; retained ones in a second process. Neither holds up a key.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Iterator
from typing import Final

from textual import events
from textual.worker import Worker

from tui.app.desk.record import FunctionRecord
from tui.app.panes.pane import RecordPane
from tui.app.panes.pane_rows import absent_rows, blank, text_row
from tui.app.panes.size.rows import COLUMNS, ORDERS, SizeRows, Sizes, SortBy, package_key, titles
from tui.app.panes.size.treemap import SizeMap
from tui.app.rows.cursor import GUTTER, RowHighlighted
from tui.app.rows.lines import line_of, outside, paragraph
from tui.app.rows.table import Row
from tui.app.shell.roles import Part
from tui.text import human_bytes, plural
from tui.wasm.background import WorkerError, retained_in_background
from tui.wasm.model import Module

REMEMBERED: Final = 12  # modules whose sizes are kept, so that going back costs nothing
MAP_FROM: Final = (48, 12)  # cells of width and lines of height from which the treemap is drawn
_MAP_LINES: Final = (5, 18)  # the least and the most that it takes


class SizePane(RecordPane):
    """Sizes by package and function."""

    FIELDS = ("module", "module_error", "modified", "reading")
    COLUMNS = COLUMNS

    def __init__(self, **options: object) -> None:
        super().__init__(**options)  # type: ignore[arg-type]
        self.order: SortBy = "own"
        self.map_wanted = True
        self.open_packages: set[str] = set()
        self._known: OrderedDict[int, tuple[Module, Sizes | str]] = OrderedDict()
        self._work: Worker[None] | None = None
        self._working_on: Module | None = None
        self._sifted: tuple[Sizes, SortBy, list[Row]] | None = None
        self._drawn: SizeMap | None = None  # the treemap as it shows
        self._drawn_for = -1  # lines of height that the rows were made for

    # -- computing

    def sizes(self, module: Module) -> Sizes | str | None:
        """What is known of a module's sizes; a sentence where they cannot be had; None: not computed yet."""
        known = self._known.get(id(module))
        # The Module is kept beside its id, so that the id cannot be another one's.
        return known[1] if known is not None else None

    def renew(self, *, another: bool = False) -> None:
        """Show what is known, and compute what is not."""
        module = self.record.module if self.record is not None else None
        found = self.sizes(module) if module is not None else None
        settled = found is not None and not (isinstance(found, Sizes) and found.waits)
        if self.record is not None and module is not None and not settled and module is not self._working_on:
            self._working_on = module
            self._work = self.run_worker(self._compute(self.record, module), group="sizes", exclusive=True)
        super().renew(another=another)

    def on_hide(self) -> None:
        """Out of sight nothing is computed."""
        super().on_hide()
        if self._work is not None:
            self._work.cancel()
        self._working_on = None

    async def _compute(self, record: FunctionRecord, module: Module) -> None:
        """Own sizes, then retained ones; each shows as soon as it is there."""
        try:
            source, sizes = await asyncio.to_thread(_own_sizes, record, module)
        except OSError as error:
            self._keep(module, f"function.wasm cannot be read: {error.strerror or error}")
            return
        self._keep(module, sizes)
        if not sizes.waits:
            return
        try:
            retained = await retained_in_background(source)
        except WorkerError as error:
            self._keep(module, Sizes(sizes.report, problem=str(error)))
        else:
            self._keep(module, Sizes(sizes.report, retained, retained.note))

    def _keep(self, module: Module, sizes: Sizes | str) -> None:
        self._known[id(module)] = (module, sizes)
        self._known.move_to_end(id(module))
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        if self.record is not None and self.record.module is module:
            super().renew()

    # -- rows

    def make_rows(self, record: FunctionRecord, width: int) -> list[Row]:
        """Summary, treemap, packages with their functions."""
        absent = absent_rows(record, self.glyphs, width)
        if absent is not None or record.module is None:
            return absent or []
        sizes = self.sizes(record.module)
        if sizes is None:
            return [text_row("computing", (Part(f"{self.glyphs.state('building')} computing sizes", "muted"),), width)]
        if isinstance(sizes, str):
            lead = (Part(f"{self.glyphs['error']} ", "error"),)
            return [text_row("problem", (outside(sizes, "error"),), width, lead)]
        if not sizes.report.rows:
            return [text_row("empty", (Part("the module has no code", "muted"),), width)]
        rows = [*self._summary(sizes, width), *self._map(sizes, width), titles(sizes, self.order, self.glyphs)]
        rows += self._every(sizes) if self.needle else SizeRows(sizes, self.order, self.glyphs).rows(self.open_packages)
        rows += self._notes(sizes, width)
        self.stack.folded = {row.key for row in rows if row.branch} - self.open_packages
        return rows

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
        keys = line_of(Part("   s", "key"), Part(" sorts", "muted"), Part("   t", "key"), Part(" treemap", "muted"))
        yield text_row(
            "sum", (Part(human_bytes(report.code_bytes), "strong"), Part(f" {words}", "muted"), *keys), width
        )
        if sizes.waits:
            yield text_row("retained", (Part("retained sizes are being computed", "muted"),), width)

    def _notes(self, sizes: Sizes, width: int) -> Iterator[Row]:
        """Why there is no column of retained sizes: below the list, for it is no trouble."""
        if sizes.report.retained_note and self.size.height < MAP_FROM[1]:
            yield text_row("note", (Part("retained = own with stock Go", "muted"),), width)
            return
        for note in (sizes.report.retained_note, sizes.problem):
            if note:
                lead = (Part(f"{self.glyphs['info']} ", "accent"),)
                lines = paragraph(self.glyphs.text(outside(f"no retained sizes: {note}").text), width, "muted", lead)
                yield blank("note")
                yield Row(key=f"note:{note[:20]}", lines=tuple(lines), selectable=False)

    # -- the treemap

    def _map(self, sizes: Sizes, width: int) -> Iterator[Row]:
        self._drawn, self._drawn_for = None, self.size.height
        if not self.map_wanted or width < MAP_FROM[0] or self.size.height < MAP_FROM[1]:
            return
        height = min(max(self.size.height // 3, _MAP_LINES[0]), _MAP_LINES[1])
        self._drawn = SizeMap(sizes.report.rows, width, height, self.glyphs)
        yield blank("map")
        yield self._map_row(sizes, self._drawn)
        yield blank("list")

    def _map_row(self, sizes: Sizes, drawn: SizeMap) -> Row:
        suffix = "-16" if self.app.native_ansi_color else ""
        return Row(key="map", lines=drawn.lines(self._lit(sizes), suffix), selectable=False)

    def _lit(self, sizes: Sizes) -> int | None:
        """The row of the report that the cursor is on, or in."""
        key = self.row.key if self.row is not None and self.has_focus else ""
        keys = (package_key(row) for row in sizes.report.rows)
        return next((place for place, one in enumerate(keys) if key == one or key.startswith(f"{one}:")), None)

    def _light(self) -> None:
        """Draw the map again: the cursor is elsewhere."""
        module = self.record.module if self.record is not None else None
        sizes = self.sizes(module) if module is not None else None
        if self._drawn is not None and isinstance(sizes, Sizes) and self.stack.find("map") is not None:
            self.update_row(self._map_row(sizes, self._drawn))

    def on_row_highlighted(self, message: RowHighlighted) -> None:
        """The tile of the row under the cursor stands out."""
        if message.rows is self:
            self._light()

    def on_focus(self) -> None:
        """The tile of the cursor's row stands out."""
        self._light()

    def on_blur(self) -> None:
        """No tile stands out."""
        self._light()

    def on_resize(self) -> None:
        """The map takes its share of the height of now."""
        known = self._in_sight and 0 <= self._drawn_for != self.size.height
        if known and self._laid_out_for == self.row_width:
            super().renew()

    def on_click(self, event: events.Click) -> None:
        """A click on a tile moves the cursor to its row."""
        offset, place = event.get_content_offset(self), self.stack.find("map")
        if offset is None or place is None or self._drawn is None:
            return
        found = self._drawn.row_at(offset.x - GUTTER, offset.y + self.scroll_offset.y - self.stack.tops[place])
        if found is not None:
            self.move_to_key(package_key(self._drawn.rows[found]))

    # -- keys

    @property
    def opened(self) -> set[str]:
        """The packages that a person opened."""
        return self.open_packages

    def toggle_fold(self, row: Row) -> None:
        """Unfold a package to its functions, or fold it."""
        self.open_packages ^= {row.key}
        super().renew()

    def action_sort(self) -> None:
        """Sort by the next of own size, retained size, name."""
        module = self.record.module if self.record is not None else None
        sizes = self.sizes(module) if module is not None else None
        meaningful = isinstance(sizes, Sizes) and sizes.report.retained_note is None
        orders = [order for order in ORDERS if order != "retained" or meaningful]
        after = orders.index(self.order) + 1 if self.order in orders else 0
        self.order = orders[after % len(orders)]
        super().renew()

    def action_treemap(self) -> None:
        """Show or hide the treemap; say so where there is no room for it."""
        if self.row_width < MAP_FROM[0] or self.size.height < MAP_FROM[1]:
            self.app.notify("no room for the map here: m maximises", timeout=3)
            return
        self.map_wanted = not self.map_wanted
        super().renew()


def _own_sizes(record: FunctionRecord, module: Module) -> tuple[bytes, Sizes]:
    """The module's bytes and own sizes. Raises OSError. A file that is another by now is decoded anew."""
    from tui.wasm.decode.decode import decode
    from tui.wasm.decode.read import read_bytes
    from tui.wasm.sizes.sizes import size_report

    source = read_bytes(record.wasm)
    same = len(source) == module.size and record.wasm.stat().st_mtime == record.modified
    return source, Sizes(size_report(source, module if same else decode(source)))
