"""Rows of code sizes: packages that unfold to functions, own and retained, in the order that is asked for. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from tui.app.colours.roles import Line, Part
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import outside
from tui.app.rows.table import Column, Row
from tui.text import exact_bytes, human_bytes, percent, plural
from tui.wasm.sizes.size_report import FunctionSize, PackageSize, Retained, SizeReport

SortBy = Literal["own", "retained", "name"]
ORDERS: Final[tuple[SortBy, ...]] = ("own", "retained", "name")
BAR: Final = 14  # cells of the largest row's bar
_SMALLEST: Final = 0.01  # share of the largest row below which a bar would be noise
_FUNCTIONS: Final = 1_000  # functions of a package that are listed; the rest are counted
COLUMNS: Final = (
    Column("package, function", minimum=14, middle=True),
    Column("own", "right"),
    Column("share", "right", drop=1),
    Column("retained", "right", drop=3),
    Column("", drop=2),
)


@dataclass(frozen=True, slots=True)
class Sizes:
    """What is known of a module's sizes by now."""

    report: SizeReport
    retained: Retained | None = None  # None: still being computed, or without meaning
    problem: str | None = None  # why there are no retained sizes, where there should be

    @property
    def waits(self) -> bool:
        """Whether retained sizes are still to come."""
        return self.retained is None and self.report.retained_note is None and self.problem is None


def titles(sizes: Sizes, order: SortBy, glyphs: Glyphs) -> Row:
    """The columns' titles, that of the order marked; a column without meaning has none, and so does not show."""
    marked = {"name": 0, "own": 1, "retained": 3}[order]
    cells: list[Line] = []
    for index, column in enumerate(COLUMNS):
        meaningless = index == 3 and sizes.report.retained_note is not None
        text = "" if meaningless else f"{column.title} {glyphs['down']}" if index == marked else column.title
        cells.append((Part(text, "strong" if index == marked else "muted"),))
    return Row(key="titles", cells=tuple(cells), selectable=False)


def package_key(package: PackageSize) -> str:
    """The key of a package's row."""
    return f"{package.group}:{package.name}"


@dataclass(frozen=True, slots=True)
class SizeRows:
    """Makes the rows of one module's sizes."""

    sizes: Sizes
    order: SortBy
    glyphs: Glyphs

    def rows(self, open_: set[str]) -> Iterator[Row]:
        """A row a package; those whose key is in `open_` are followed by their functions."""
        for package in self._sorted_packages():
            key = package_key(package)
            yield self._package(package, key)
            if key in open_:
                yield from self._functions(package, key)

    def _sorted_packages(self) -> list[PackageSize]:
        rows = list(self.sizes.report.rows)
        if self.order == "name":
            rows.sort(key=lambda row: row.name)
        elif self.order == "retained" and self.sizes.retained is not None:
            kept = self.sizes.retained.rows
            rows.sort(key=lambda row: (-kept.get(row.name, 0), row.name))
        return rows

    def _sorted_functions(self, package: PackageSize) -> list[FunctionSize]:
        functions = list(package.functions)
        if self.order == "name":
            functions.sort(key=lambda function: function.name)
        elif self.order == "retained" and self.sizes.retained is not None:
            kept = self.sizes.retained.functions
            functions.sort(key=lambda function: (-kept.get(function.index, 0), function.index))
        return functions

    def _kept(self, value: int | None) -> Line:
        if self.sizes.waits:
            return (Part(self.glyphs["ellipsis"], "faint"),)
        return (Part(human_bytes(value) if value is not None else ""),)

    def _bar(self, size: int, role: str) -> Line:
        largest = max((row.size for row in self.sizes.report.rows), default=1) or 1
        share = size / largest
        return (Part(self.glyphs.bar(share if share >= _SMALLEST else 0, BAR), role),)

    def _package(self, package: PackageSize, key: str) -> Row:
        share = self.sizes.report.share(package.size)
        kept = self.sizes.retained.rows.get(package.name) if self.sizes.retained is not None else None
        role = "" if package.group == "package" else "accent"
        cells = (
            (Part(self.glyphs.text(outside(package.name, limit=400).text), role),),
            (Part(human_bytes(package.size), "strong"),),
            (Part(percent(share)),),
            self._kept(kept),
            self._bar(package.size, "accent"),
        )
        functions = plural(len(package.functions), "function")
        told = f"{package.name}: {exact_bytes(package.size)}, {percent(share)} of the code, {functions}"
        return Row(key, cells, branch=bool(package.functions), copy=package.name, what="the package's name", full=told)

    def _functions(self, package: PackageSize, key: str) -> Iterator[Row]:
        listed = self._sorted_functions(package)
        for function in listed[:_FUNCTIONS]:
            yield self._function(function, f"{key}:{function.index}")
        if len(listed) > _FUNCTIONS:
            rest = f"and {len(listed) - _FUNCTIONS:,} more"
            yield Row(f"{key}:more", cells=((Part(rest, "muted"),),), level=1, selectable=False)

    def _function(self, function: FunctionSize, key: str) -> Row:
        kept = self.sizes.retained.functions.get(function.index) if self.sizes.retained is not None else None
        cells = (
            (Part(self.glyphs.text(outside(function.name, limit=400).text), "muted"),),
            (Part(human_bytes(function.size)),),
            (Part(percent(self.sizes.report.share(function.size)), "muted"),),
            self._kept(kept),
            self._bar(function.size, "muted"),
        )
        told = f"{function.symbol}\nfunction {function.index}: {exact_bytes(function.size)}"
        told += f", {exact_bytes(kept)} would go with it" if kept is not None else ""
        return Row(key, cells, level=1, copy=function.symbol, what="the function's symbol", full=told)
