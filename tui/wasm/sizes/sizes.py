"""Sizes by package and by function: each function's own body. What calls retain is in `retained`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui.wasm.decode.budget import BATCH, Budget, Meter, OutOfRoom, OutOfTime
from tui.wasm.decode.core.names import read_names
from tui.wasm.decode.core.walk import CODE
from tui.wasm.insight import export_group
from tui.wasm.sizes.go_paths import paths_of
from tui.wasm.sizes.packages import FRAME_ROW, UNNAMED, UNNAMED_ROW, UNTOLD_ROW, Symbol, placer, row_finder
from tui.wasm.sizes.size_report import FunctionSize, PackageSize, SizeReport

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tui.wasm.decode.budget import Tick
    from tui.wasm.decode.core.names import FunctionNames
    from tui.wasm.module import Module
    from tui.wasm.sizes.packages import SizeGroup

STOCK_GO: Final = "stock Go puts every function in its table, so all are roots: what is retained equals what is its own"
MAIN: Final = "main"
INLINED: Final = "no function of package main is left: the compiler inlined it into its callers, such as _start"
NO_CODE: Final = "the module has no code"
MOST: Final = 200_000  # functions that are told one by one: ten times what large programs have
PLACING: Final = 64  # what placing a symbol costs, beside its length, in steps of the meter


def retained_note(module: Module) -> str | None:
    """Why retained sizes would mean nothing for this module, or None where they mean something."""
    if not module.functions.defined:
        return NO_CODE
    if module.functions.imported > MOST:  # a node of the call graph each
        return f"more than {MOST:,} functions are imported: what is retained is not looked for"
    is_stock_go = module.toolchain is not None and module.toolchain.partition(" ")[0] == "Go"
    return STOCK_GO if is_stock_go else None


Rows = dict[tuple["SizeGroup", str], list[FunctionSize]]


def placed_functions(
    source: bytes, module: Module, tick: Tick, names: FunctionNames
) -> Iterator[tuple[int, str | None, Symbol]]:
    """Each defined function that has a body: its index, its symbol, and where that belongs.

    Raises OutOfRoom where there are more than MOST, and what `tick` raises: half of them would mislead.
    """
    if module.functions.defined > MOST:
        raise OutOfRoom(MOST, "functions are not told one by one")
    spend, symbols = Meter(tick).spend, names.symbols
    first, yours = module.functions.imported, _exported_by_comment(module)
    place = placer(module.toolchain, paths_of(source, module, tick))
    for index in range(first, first + min(len(module.body_offsets) - 1, module.functions.defined)):
        symbol = symbols.get(index)
        spend(PLACING + len(symbol or ""))
        placed = place(symbol) if symbol else UNNAMED
        if placed.group == "c" and index in yours:
            placed = Symbol("package", MAIN, placed.function)
        yield index, symbol, placed


def row_names(source: bytes, module: Module, tick: Tick, names: FunctionNames) -> list[str]:
    """The row of each function; "" of one that is imported or has no body. Raises what `placed_functions` does."""
    if module.functions.defined > MOST:
        raise OutOfRoom(MOST, "functions are not told one by one")
    first, total = module.functions.imported, module.functions.imported + module.functions.defined
    rows = [""] * total
    symbols, yours = names.symbols, _exported_by_comment(module)
    paths = paths_of(source, module, tick)
    row, place = row_finder(module.toolchain, paths), placer(module.toolchain, paths)
    left = BATCH
    for index in range(first, min(first + len(module.body_offsets) - 1, total)):
        symbol = symbols.get(index)
        if not symbol:
            rows[index] = UNNAMED_ROW
            symbol = ""
        elif index in yours and place(symbol).group == "c":
            rows[index] = MAIN
        else:
            rows[index] = row(symbol)
        left -= PLACING + len(symbol)
        if left < 0:
            left = BATCH
            tick()
    return rows


def function_sizes(source: bytes, module: Module, tick: Tick, names: FunctionNames | None = None) -> Rows:
    """Each defined function that has a body under its row. Raises what `placed_functions` does."""
    bodies, first = module.body_offsets, module.functions.imported
    rows: Rows = {}
    if names is None:
        names = read_names(source, module, tick)
    for index, symbol, placed in placed_functions(source, module, tick, names):
        shown = symbol or names[index]
        size = bodies[index - first + 1] - bodies[index - first]
        row = rows.setdefault((placed.group, placed.package), [])
        row.append(FunctionSize(index, shown, placed.function or shown, size))
    return rows


def _exported_by_comment(module: Module) -> set[int]:
    """Functions of package main that have the name of their `//export`: TinyGo leaves no package in such a symbol."""
    if not (module.toolchain or "").startswith("TinyGo"):
        return set()
    return {export.index for export in module.exports if export_group(export) == "yours"}


def inlined_note(module: Module, rows: Iterable[PackageSize]) -> str | None:
    """That the compiler left nothing of package main as functions of its own; None where some are there."""
    made_by = (module.toolchain or "").partition(" ")[0]
    if made_by not in ("TinyGo", "Go") or module.stripped is not False:
        return None
    listed = [row for row in rows if row.group == "package"]
    return INLINED if listed and not any(row.name == MAIN for row in listed) else None


def _row(name: str, group: SizeGroup, functions: Iterable[FunctionSize]) -> PackageSize:
    ordered = tuple(sorted(functions, key=lambda function: (-function.size, function.index)))
    return PackageSize(name, group, sum(function.size for function in ordered), ordered)


def size_report(source: bytes, module: Module, tick: Tick | None = None) -> SizeReport:
    """Rows by package, the largest first, which sum to the code section; each with its functions.

    `tick` looks at the clock; None gives what a file of this size may take. Where that is not enough, one row holds all
    of the code, and the report says why.
    """
    tick = tick or Budget(len(source)).tick
    # A component's section of that number holds imports.
    section = next((s for s in module.sections if s.id == CODE and module.kind == "core"), None)
    total = section.header + section.size if section else 0
    names = read_names(source, module, tick)
    try:
        found = function_sizes(source, module, tick, names)
    except OutOfTime as stop:
        whole = PackageSize(UNTOLD_ROW, "frame", total, ())
        return SizeReport(total, (whole,), stop.reason, names.warnings)
    rows = [_row(name, group, functions) for (group, name), functions in found.items()]
    listed = sum(row.size for row in rows)
    total = max(total, listed)  # a section that is cut off is no section, but some of its bodies are there
    rest = total - listed
    if rest:
        rows.append(PackageSize(FRAME_ROW, "frame", rest, ()))
    rows.sort(key=lambda row: (-row.size, row.name))
    note = inlined_note(module, rows)
    return SizeReport(total, tuple(rows), retained_note(module), names.warnings, note)
