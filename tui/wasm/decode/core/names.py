"""Function names, from the name section; where that has none, from imports and exports."""

from __future__ import annotations

from dataclasses import dataclass

from tui.wasm.decode.budget import BATCH, Budget, OutOfTime
from tui.wasm.decode.leb import Malformed, u32
from tui.wasm.module import DecodeNote

TYPE_CHECKING = False
if TYPE_CHECKING:
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


class _Names:
    """Function names by index, as subsections give them."""

    def __init__(self, source: bytes, total: int) -> None:
        """`total` is how many functions there are."""
        self.symbols: dict[int, str] = {}
        self.repeated = 0  # entries that name what had a name
        self._source = source
        self._total = total

    def add(self, position: int, end: int, tick: Tick) -> None:
        """The entries of a subsection. Raises Malformed or IndexError where one is broken, and what `tick` raises: what
        stands in front of it is added all the same.
        """
        source, symbols, total = self._source, self.symbols, self._total
        count, position = u32(source, position)
        for number in range(count):
            if not number & BATCH:
                tick()
            if position >= end:
                raise Malformed(end, "the names end too early")
            index = source[position]
            if index < 0x80:
                position += 1
            else:
                index, position = u32(source, position)
            length = source[position]
            if length < 0x80:
                start = position + 1
            else:
                length, start = u32(source, position)
            position = start + length
            if position > end:
                raise Malformed(start, f"a name of {length:,} bytes, {max(end - start, 0):,} bytes left")
            if index >= total and len(symbols) >= FEW:
                continue  # names of functions that are not there only take room
            if index in symbols:
                self.repeated += 1
            symbols[index] = source[start:position].decode("utf-8", "replace")


def _symbols(source: bytes, module: Module, tick: Tick) -> tuple[dict[int, str], list[DecodeNote]]:
    warnings: list[DecodeNote] = []
    names = _Names(source, module.functions.imported + module.functions.defined)
    for part in module.name_parts:
        if part.id != FUNCTION_NAMES:
            continue
        names.repeated = 0
        try:
            names.add(part.offset, part.offset + part.size, tick)
        except Malformed as fault:
            warnings.append(DecodeNote(fault.offset, f"name section: {fault.message}"))
        except IndexError:
            warnings.append(DecodeNote(part.offset + part.size, "name section: the names end too early"))
        except OutOfTime as stop:
            warnings.append(DecodeNote(part.offset, f"name section: {stop.reason}; some names are missing"))
        if names.repeated:
            warnings.append(DecodeNote(part.offset, f"name section: {names.repeated:,} functions are named twice"))
    return names.symbols, warnings


def read_names(source: bytes, module: Module, tick: Tick | None = None) -> FunctionNames:
    """The names of all functions. Entries may repeat or lack order: the last one wins, with a warning.

    `tick` looks at the clock; None gives what a file of this size may take. What was not read by then is warned of.
    """
    symbols, warnings = _symbols(source, module, tick or Budget(len(source)).tick)
    fallback = {e.index: e.name for e in module.exports if e.kind == "func"}
    imported = (i for i in module.imports if i.kind == "func")
    fallback |= {index: f"{i.module}.{i.name}" for index, i in enumerate(imported)}
    return FunctionNames(symbols, fallback, tuple(warnings))
