"""Function names, from the name section; where that has none, from imports and exports."""

from __future__ import annotations

from dataclasses import dataclass

from tui.wasm.decode.budget import Budget, OutOfTime, paced
from tui.wasm.decode.leb import Malformed, u32
from tui.wasm.module import DecodeNote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final

    from tui.wasm.decode.budget import Tick
    from tui.wasm.module import Module

FUNCTION_NAMES: Final = 1  # id of the subsection
FEW: Final = 10_000  # names that are kept whatever they name


@dataclass(frozen=True, slots=True)
class FunctionNames:
    """Names by function index. `symbols` are the compiler's own; `fallback` are those of imports and exports."""

    symbols: dict[int, str]
    fallback: dict[int, str]
    warnings: tuple[DecodeNote, ...] = ()

    def __getitem__(self, index: int) -> str:
        """The best name of a function: symbol, else import or export, else `func[index]`."""
        return self.symbols.get(index) or self.fallback.get(index) or f"func[{index}]"


def _entries(source: bytes, position: int, end: int, tick: Tick) -> Iterator[tuple[int, int, int]]:
    """(function index, name start, name end) of each entry. Raises Malformed or IndexError where they are broken."""
    count, position = u32(source, position)
    for _ in paced(range(count), tick):
        if position >= end:
            raise Malformed(end, "the names end too early")
        index = source[position]
        if index < 0x80:
            position += 1
        else:
            index, position = u32(source, position)
        length = source[position]
        if length < 0x80:
            position += 1
        else:
            length, position = u32(source, position)
        stop = position + length
        if stop > end:
            raise Malformed(position, f"a name of {length:,} bytes, {max(end - position, 0):,} bytes left")
        yield index, position, stop
        position = stop


def _symbols(source: bytes, module: Module, tick: Tick) -> tuple[dict[int, str], list[DecodeNote]]:
    symbols: dict[int, str] = {}
    warnings: list[DecodeNote] = []
    for part in module.name_parts:
        if part.id != FUNCTION_NAMES:
            continue
        repeated = 0
        total = module.functions.imported + module.functions.defined
        try:
            for index, start, stop in _entries(source, part.offset, part.offset + part.size, tick):
                if index >= total and len(symbols) >= FEW:
                    continue  # names of functions that are not there only take room
                repeated += index in symbols
                symbols[index] = source[start:stop].decode("utf-8", "replace")
        except Malformed as fault:
            warnings.append(DecodeNote(fault.offset, f"name section: {fault.message}"))
        except IndexError:
            warnings.append(DecodeNote(part.offset + part.size, "name section: the names end too early"))
        except OutOfTime as stop:
            warnings.append(DecodeNote(part.offset, f"name section: {stop.reason}; some names are missing"))
        if repeated:
            warnings.append(DecodeNote(part.offset, f"name section: {repeated:,} functions are named twice"))
    return symbols, warnings


def read_names(source: bytes, module: Module, tick: Tick | None = None) -> FunctionNames:
    """The names of all functions. Entries may repeat or lack order: the last one wins, with a warning.

    `tick` looks at the clock; None gives what a file of this size may take. What was not read by then is warned of.
    """
    symbols, warnings = _symbols(source, module, tick or Budget(len(source)).tick)
    fallback = {e.index: e.name for e in module.exports if e.kind == "func"}
    imported = (i for i in module.imports if i.kind == "func")
    fallback |= {index: f"{i.module}.{i.name}" for index, i in enumerate(imported)}
    return FunctionNames(symbols, fallback, tuple(warnings))
