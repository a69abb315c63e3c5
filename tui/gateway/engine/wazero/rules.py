"""What wazero asks of a module as a whole, in its order, function bodies apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui.gateway.engine.wazero.bodies.body import LISTED
from tui.gateway.engine.wazero.constants import GLOBAL_GET, I32_CONST, check_constant
from tui.gateway.engine.wazero.engine_module import EngineModule, FunctionType, ImportEntry, quoted
from tui.gateway.engine.wazero.reader import EXTERNREF, I32, Refused, labelled, reference_name, type_name
from tui.gateway.engine.wazero.spaces import MOST, PAGE
from tui.wasm.decode.budget import no_tick, paced

if TYPE_CHECKING:
    from tui.wasm.decode.budget import Tick

GLOBAL: Final = 3  # kind of an import
_UNUSABLE: Final = {
    0x42: "i64.const",
    0x43: "f32.const",
    0x44: "f64.const",
    0xD0: "ref.null",
    0xD2: "ref.func",
    0x0C: "br",
}


def type_code(type_: FunctionType) -> str:
    """A type run together: `i32i32_v`."""
    params, results = ("".join(map(_short, part[:LISTED])) or "v" for part in type_)
    return f"{params}_{results}"


def _short(value: int) -> str:
    return {0x7B: "v128", 0x70: "funcref"}.get(value) or type_name(value)


def check_before_bodies(module: EngineModule, tick: Tick = no_tick) -> None:
    """The rules that come before the function bodies. Raises Refused, and what `tick` raises."""
    _start(module)
    if module.imported_memory is not None and module.defined_memory is not None:
        raise Refused("at most one table allowed in module")
    _imports(module, tick)
    for found, (value, _) in paced(zip(module.initial, module.defined_globals, strict=True), tick):
        check_constant(module.imported_globals, _functions(module), found, value)
    _data(module, tick)
    _exports(module, tick)
    if module.has_code and _functions(module) > MOST:
        raise Refused(f"too many functions ({_functions(module)}) in a module")


def _functions(module: EngineModule) -> int:
    return len(module.imported_functions) + len(module.functions)


def _start(module: EngineModule) -> None:
    if module.start is None:
        return
    type_ = module.type_of(module.start)
    if type_ is None:
        raise Refused(f"invalid start function: func[{module.start}] has an invalid type")
    if type_.params or type_.results:
        must = f"must have an empty (nullary) signature: {type_code(type_)}"
        raise Refused(f"invalid start function: func[{module.start}] {must}")


def _imports(module: EngineModule, tick: Tick) -> None:
    for index, entry in enumerate(paced(module.imports, tick)):
        if not entry.module:
            raise Refused(f"import[{index}] has an empty module name")
        if entry.kind == 0 and entry.value >= len(module.types):
            name = f"{quoted(entry.module)}.{quoted(entry.name)}"
            raise Refused(f"invalid import[{name}] function: type index out of range")


def _data(module: EngineModule, tick: Tick) -> None:
    if module.memory is None and any(segment.offset is not None for segment in module.data.values()):
        raise Refused("unknown memory")
    for segment in paced(module.data.values(), tick):
        if segment.offset is not None and segment.offset.opcode != I32_CONST:  # that is of the type wanted
            labelled("calculate offset", check_constant, module.imported_globals, 0, segment.offset, I32)


def _exports(module: EngineModule, tick: Tick) -> None:
    sizes = (_functions(module), len(module.tables), int(module.memory is not None), len(module.globals))
    words = (
        "unknown function for export[{}]",
        "table for export[{}] out of range",
        "memory for export[{}] out of range",
        "unknown global for export[{}]",
    )
    for export in paced(module.exports, tick):
        if export.number >= sizes[export.kind]:
            raise Refused(words[export.kind].format(quoted(export.name)))


def check_after_bodies(module: EngineModule, tick: Tick = no_tick) -> None:
    """The rules that come after the function bodies: element segments, and the announced data.

    Raises Refused, and what `tick` raises.
    """
    tables, functions, globals_ = module.tables, _functions(module), len(module.globals)
    global_imports = [entry for entry in paced(module.imports, tick) if entry.kind == GLOBAL]
    for number, element in enumerate(paced(module.elements, tick)):
        if max(element.functions, default=-1) >= functions:
            place, index = next((place, index) for place, index in enumerate(element.functions) if index >= functions)
            raise Refused(f"element[{number}].init[{place}] func index {index} out of range")
        for place, (what, index) in enumerate(paced(element.entries, tick)):
            if what == "global" and index >= globals_:
                raise Refused(f"element[{number}].init[{place}] global index {index} out of range")
            if what == "function" and element.element == EXTERNREF:
                raise Refused(f"element[{number}].init[{place}] must be ref.null but was {index}")
            if what == "function" and index >= functions:
                raise Refused(f"element[{number}].init[{place}] func index {index} out of range")
        if element.active:
            if element.table >= len(tables):
                raise Refused(f"unknown table {element.table} as active element target")
            _active(module, number, tables[element.table].element, global_imports)
    if module.announced_data is not None and module.announced_data != module.data_count:
        have = f"the length of data section ({module.data_count})"
        raise Refused(f"data count section ({module.announced_data}) doesn't match {have}")


def _active(module: EngineModule, number: int, table: int, global_imports: list[ImportEntry]) -> None:
    """An active segment against its table: type of its elements, and kind of its offset."""
    element = module.elements[number]
    if table != element.element:
        names = f"table has {reference_name(table)} but element has {reference_name(element.element)}"
        raise Refused(f"element type mismatch: {names}")
    offset = element.offset
    if offset is None or offset.opcode == I32_CONST:
        return
    if offset.opcode != GLOBAL_GET:
        raise Refused(f"element[{number}] has an invalid const expression: {_UNUSABLE.get(offset.opcode, '')}")
    place = f"element[{number}] (global.get {offset.value})"
    if offset.value >= len(global_imports):
        raise Refused(f"{place}: out of range of imported globals")
    if global_imports[offset.value].value != I32:
        at = [index for index, entry in enumerate(module.imports) if entry.kind == GLOBAL][offset.value]
        raise Refused(f"{place}: import[{at}].global.ValType != i32")


def first_out_of_bounds(module: EngineModule, tick: Tick = no_tick) -> str | None:
    """What the engine says at instantiation of the first data segment that does not fit, or None."""
    size = (module.memory or 0) * PAGE
    for number, segment in paced(module.data.items(), tick):
        offset = segment.offset
        if offset is None or offset.opcode != I32_CONST:
            continue
        if offset.value < 0 or offset.value + segment.size > size:
            return f"data[{number}]: out of bounds memory access"
    return None
