"""The functions that a module can be entered by: exports, the start function, element segments, globals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui.wasm.decode.budget import Meter, no_tick
from tui.wasm.decode.core.constexpr import END, REF_FUNC, skip_instruction
from tui.wasm.decode.core.segments import EXPRESSIONS, read_element_header
from tui.wasm.decode.leb import Malformed, u32, u32_vector
from tui.wasm.decode.types import global_type

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tui.wasm.decode.budget import Tick
    from tui.wasm.module import Module, Section

GLOBAL, ELEMENT = 6, 9


def _expression_functions(source: bytes, position: int, found: set[int], total: int, meter: Meter) -> int:
    """Position after a constant expression; the functions that it refers to are added to `found`, where they exist."""
    while source[position] != END:
        meter.spend(1)
        if source[position] == REF_FUNC and (index := u32(source, position + 1)[0]) < total:
            found.add(index)
        position = skip_instruction(source, position)
    return position + 1


def _element_functions(source: bytes, section: Section, found: set[int], total: int, meter: Meter) -> None:
    count, position = u32(source, section.start)
    for _ in range(count):
        meter.spend(1)
        flags, position = read_element_header(source, position, section.end)
        entries, position = u32(source, position)
        if flags & EXPRESSIONS:
            for _ in range(entries):
                meter.spend(1)
                position = _expression_functions(source, position, found, total, meter)
        else:
            functions, position = u32_vector(source, position, entries, meter.tick)
            found.update(index for index in functions if index < total)


def _global_functions(source: bytes, section: Section, found: set[int], total: int, meter: Meter) -> None:
    count, position = u32(source, section.start)
    for _ in range(count):
        meter.spend(1)
        _, position = global_type(source, position)
        position = _expression_functions(source, position, found, total, meter)


_READERS: Final[dict[int, Callable[[bytes, Section, set[int], int, Meter], None]]] = {
    GLOBAL: _global_functions,
    ELEMENT: _element_functions,
}


def _of_sections(source: bytes, sections: Iterable[Section], total: int, meter: Meter) -> set[int]:
    found: set[int] = set()
    for section in sections:
        reader = _READERS.get(section.id)
        if reader is None:
            continue
        try:
            reader(source, section, found, total, meter)
        except (Malformed, IndexError):
            continue  # decoding has noted it as an error; what was read so far counts
    return found


def root_functions(source: bytes, module: Module, tick: Tick = no_tick) -> set[int]:
    """Indices of the functions that are reachable from outside or through a table. Raises what `tick` raises."""
    total = module.functions.imported + module.functions.defined
    roots = _of_sections(source, module.sections, total, Meter(tick))
    roots.update(export.index for export in module.exports if export.kind == "func")
    if module.start is not None:
        roots.add(module.start)
    return {index for index in roots if index < total}
