"""Where the code bytes go: packages and functions, own and retained, as a treemap and as a list that unfolds.

Sizes are computed when the pane is in sight, in a thread; retained ones in a second process. Neither holds up a key.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Iterator
from typing import Final

from textual.worker import Worker

from tui.app.lines import line_of, outside, paragraph
from tui.app.pane import RecordPane
from tui.app.pane_rows import absent_rows, blank, text_row
from tui.app.record import FunctionRecord
from tui.app.roles import Line, Part
from tui.app.size_map import size_map
from tui.app.size_rows import COLUMNS, ORDERS, SizeRows, Sizes, SortBy, titles
from tui.app.table import Row
from tui.text import human_bytes, plural
from tui.wasm.background import WorkerError, retained_in_background
from tui.wasm.model import Module

REMEMBERED: Final = 12  # modules whose sizes are kept, so that going back costs nothing
MAP_FROM: Final = (48, 14)  # cells of width and lines of height from which the treemap is drawn
_MAP_LINES: Final = 10


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
        rows = [
            *self._summary(sizes, width),
            *self._map(sizes, width),
            blank("list"),
            titles(sizes, self.order, self.glyphs),
        ]
        rows += SizeRows(sizes, self.order, self.glyphs).rows(self.open_packages)
        self.stack.folded = {row.key for row in rows if row.branch} - self.open_packages
        return rows

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
        for note in (report.retained_note, sizes.problem):
            if note:
                lead = (Part(f"{self.glyphs['info']} ", "accent"),)
                lines = paragraph(self.glyphs.text(outside(f"no retained sizes: {note}").text), width, "muted", lead)
                yield Row(key=f"note:{note[:20]}", lines=tuple(lines), selectable=False)

    def _map(self, sizes: Sizes, width: int) -> Iterator[Row]:
        height = min(self.size.height // 3, _MAP_LINES)
        if not self.map_wanted or width < MAP_FROM[0] or self.size.height < MAP_FROM[1]:
            return
        lines: list[Line] = size_map(sizes.report.rows, width, height, self.glyphs)
        yield blank("map")
        yield Row(key="map", lines=tuple(lines), selectable=False)

    # -- keys

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
        """Show or hide the treemap."""
        self.map_wanted = not self.map_wanted
        super().renew()


def _own_sizes(record: FunctionRecord, module: Module) -> tuple[bytes, Sizes]:
    """The module's bytes and own sizes. Raises OSError. A file that is another by now is decoded anew."""
    from tui.wasm.decode import decode
    from tui.wasm.read import read_bytes
    from tui.wasm.sizes import size_report

    source = read_bytes(record.wasm)
    same = len(source) == module.size and record.wasm.stat().st_mtime == record.modified
    return source, Sizes(size_report(source, module if same else decode(source)))
