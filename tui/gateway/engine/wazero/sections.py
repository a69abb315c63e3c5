"""wazero's reading of a module, section by section: what it takes, and its words for what it does not take.

It reads on past the end of a section and only then compares lengths, so its words for a module that was cut off are
about what stands behind. Observed on wazero 1.11 with WebAssembly 2.0 features.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, overload

from tui.gateway.engine.wazero.constants import constant
from tui.gateway.engine.wazero.elements import read_elements
from tui.gateway.engine.wazero.engine_module import (
    Body,
    EngineModule,
    ExportEntry,
    FunctionType,
    ImportEntry,
    Segment,
    quoted,
)
from tui.gateway.engine.wazero.names import read_names
from tui.gateway.engine.wazero.reader import EOF, VALUE_TYPES, Reader, Refused, labelled
from tui.gateway.engine.wazero.spaces import PAGE, global_type, read_memory, read_table
from tui.wasm.decode.budget import Meter, no_tick, paced
from tui.wasm.decode.core.data_runs import DataRun, active_matcher
from tui.wasm.decode.leb import Malformed, signed, u32

if TYPE_CHECKING:
    from tui.wasm.decode.budget import Tick
    from tui.wasm.decode.core.data_runs import Matcher

NAMES: Final = (
    "custom", "type", "import", "function", "table", "memory", "global", "export", "start", "element", "code", "data",
    "data_count",
)  # fmt: skip
ORDER: Final = (1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 10, 11)
CUSTOM: Final = 0
END: Final = 0x0B  # the last instruction of a body
_RANK: Final = {section: rank for rank, section in enumerate(ORDER)}
_OWN_WORDS: Final = frozenset({2, 6})  # sections whose faults are told without the section's name
_KINDS: Final = ("func", "table", "memory", "global")
_MAGIC, _VERSION = b"\0asm", b"\1\0\0\0"
_SIZE: Final = "get size of vector"


def read_module(
    source: bytes,
    cap: int,
    tick: Tick = no_tick,
    runs: Mapping[int, DataRun] = MappingProxyType({}),
    usual_bodies: Sequence[int] = (),
) -> EngineModule:
    """The module in these bytes; a memory may have `cap` pages. Raises Refused, and what `tick` raises.

    `runs` are those of data segments that are known to stand in the bytes, by their start; `usual_bodies` tells where
    bodies lie, and the end of the last one, if all of them are known to be usual.
    """
    if source[:4] != _MAGIC:
        raise Refused("invalid magic number")
    if source[4:8] != _VERSION:
        raise Refused("invalid version header")
    module, reader, highest = EngineModule(cap, runs=runs, usual_bodies=usual_bodies), Reader(source, 8, tick=tick), -1
    while reader.at < reader.end:
        section = reader.byte()
        size = labelled(f"get size of section {_title(section)}", reader.u32)
        if section != CUSTOM:
            rank = _RANK.get(section, -1)
            if rank <= highest:
                raise Refused("invalid section order")
            highest = rank
        _read_section(module, reader, section, size)
    functions, bodies = len(module.functions), len(module.bodies)
    if functions != bodies:
        raise Refused(f"function and code section have inconsistent lengths: {functions} != {bodies}")
    return module


def _title(section: int) -> str:
    return NAMES[section] if section < len(NAMES) else "unknown"


def _read_section(module: EngineModule, reader: Reader, section: int, size: int) -> None:
    """One section, read and its length compared."""
    start = reader.at
    if section == CUSTOM:
        _custom(module, reader, size)
    elif section in _OWN_WORDS:
        _READERS[section](module, reader)
    else:
        labelled(f"section {_title(section)}", _READERS[section], module, reader)
    if reader.at - start != size:
        length = f"invalid section length: expected to be {size} but got {reader.at - start}"
        raise Refused(f"section {_title(section)}: {length}")


def _custom(module: EngineModule, reader: Reader, size: int) -> None:
    start = reader.at
    prefix = "section custom"
    title = labelled(prefix, reader.text, "custom section name")
    left = size - (reader.at - start)
    if left < 0:
        raise Refused(f"{prefix}: malformed custom section {title}")
    if title != "name":
        labelled(f"failed to read custom section name[{title}]", reader.pass_over, left)
        return
    if module.named:
        raise Refused(f"{prefix}: redundant custom section name")
    module.named = True
    labelled(prefix, read_names, reader, left)


def _types(module: EngineModule, reader: Reader) -> None:
    count = labelled(_SIZE, reader.u32)
    kept: dict[FunctionType, FunctionType] = {}
    for index in range(count):
        found = labelled(f"read {index}-th type", _function_type, reader)
        module.types.append(kept.setdefault(found, found))


def _function_type(reader: Reader) -> FunctionType:
    form = labelled("read leading byte", reader.byte)
    if form != 0x60:
        raise Refused(f"invalid byte: 0x{form:x} != 0x60")
    count = labelled("could not read parameter count", reader.u32)
    params = labelled("could not read parameter types", reader.types, count)
    count = labelled("could not read result count", reader.u32)
    return FunctionType(params, labelled("could not read result types", reader.types, count))


def _imports(module: EngineModule, reader: Reader) -> None:
    for index in range(labelled(_SIZE, reader.u32)):
        place = f"import[{index}]"
        origin = labelled(f"{place} error decoding module", reader.text, "import module")
        name = labelled(f"{place} error decoding name", reader.text, "import name")
        kind = labelled(f"{place} error decoding type", reader.byte)
        what = _KINDS[kind] if kind < len(_KINDS) else f"0x{kind:x}"
        value = labelled(f"{place} {what}[{origin}.{name}]", _imported, module, reader, kind)
        module.imports.append(ImportEntry(origin, name, kind, value))


def _imported(module: EngineModule, reader: Reader, kind: int) -> int:
    """What an import is of: index of its type, or its value type."""
    if kind == 0:
        module.imported_functions.append(reader.u32())
        return module.imported_functions[-1]
    if kind == 1:
        module.imported_tables.append(read_table(reader))
        return module.imported_tables[-1].element
    if kind == 2:
        module.imported_memory = read_memory(reader, module.cap)
        return 0
    if kind == 3:
        module.imported_globals.append(global_type(reader))
        return module.imported_globals[-1][0]
    raise Refused(f"invalid byte: invalid byte for importdesc: 0x{kind:x}")


def _functions(module: EngineModule, reader: Reader) -> None:
    count = labelled(_SIZE, reader.u32)
    plain = reader.source[reader.at : min(reader.at + count, reader.end)]
    if len(plain) == count and plain.isascii():  # each in a byte, as mostly
        module.functions.extend(plain)
        reader.at += count
        return
    for _ in range(count):
        module.functions.append(labelled("get type index", reader.u32))


def _tables(module: EngineModule, reader: Reader) -> None:
    for _ in range(_count(reader)):
        module.defined_tables.append(read_table(reader))


def _count(reader: Reader) -> int:
    try:
        return reader.u32()
    except Refused:
        raise Refused("error reading size") from None


def _memories(module: EngineModule, reader: Reader) -> None:
    count = _count(reader)
    if count > 1:
        raise Refused(f"at most one memory allowed in module, but read {count}")
    if count:
        module.defined_memory = read_memory(reader, module.cap)


def _globals(module: EngineModule, reader: Reader) -> None:
    for index in range(labelled(_SIZE, reader.u32)):
        labelled(f"global[{index}]", _global, module, reader)


def _global(module: EngineModule, reader: Reader) -> None:
    module.defined_globals.append(global_type(reader))
    module.initial.append(constant(reader))


def _exports(module: EngineModule, reader: Reader) -> None:
    names: set[str] = set()
    for index in range(labelled(_SIZE, reader.u32)):
        found = labelled("read export", _export, reader)
        if found.name in names:
            raise Refused(f"export[{index}] duplicates name {quoted(found.name)}")
        names.add(found.name)
        module.exports.append(found)


def _export(reader: Reader) -> ExportEntry:
    name = reader.text("export name")
    kind = labelled("error decoding export kind", reader.byte)
    if kind >= len(_KINDS):
        raise Refused(f"invalid byte: invalid byte for exportdesc: 0x{kind:x}")
    return ExportEntry(name, kind, labelled("error decoding export index", reader.u32))


def _start(module: EngineModule, reader: Reader) -> None:
    module.start = labelled("get function index", reader.u32)


def _elements(module: EngineModule, reader: Reader) -> None:
    module.elements = read_elements(reader)


def _code(module: EngineModule, reader: Reader) -> None:
    module.has_code = True
    count, known = labelled(_SIZE, reader.u32), module.usual_bodies
    if len(known) == count + 1 and known[0] == reader.at:  # it is this section that the decoder has read to its end
        module.bodies = _UsualBodies(reader.source, known)
        reader.at = known[-1]
        return
    module.bodies = bodies = []
    usual: dict[bytes, list[tuple[int, int]]] = {b"": []}
    for index in paced(range(count), reader.tick):
        body = _usual_body(reader.source, reader.at, reader.end, usual)
        if body is not None:
            reader.at = body.end
        else:
            try:
                body = _body(reader)
            except Refused as cause:  # not `labelled`: a module has thousands of bodies
                raise Refused(f"read {index}-th code segment: {cause.words}") from None
            module.most_locals = max(module.most_locals, sum(count for count, _ in body.locals))
        bodies.append(body)


class _UsualBodies(Sequence[Body]):
    """Bodies that are known to be usual, each made when it is asked for: mostly it is none."""

    def __init__(self, source: bytes, offsets: Sequence[int]) -> None:
        self._source = source
        self._offsets = offsets

    def __len__(self) -> int:
        return len(self._offsets) - 1

    @overload
    def __getitem__(self, number: int) -> Body: ...

    @overload
    def __getitem__(self, number: slice) -> Sequence[Body]: ...

    def __getitem__(self, number: int | slice) -> Body | Sequence[Body]:
        if isinstance(number, slice):
            return [self[each] for each in range(*number.indices(len(self)))]
        at = self._offsets[range(len(self))[number]]
        found = _usual_body(self._source, at, len(self._source), {})
        return found if found is not None else _body(Reader(self._source, at))


def _usual_body(source: bytes, at: int, limit: int, usual: dict[bytes, list[tuple[int, int]]]) -> Body | None:
    """The frame of a body that ends before `limit`, with few locals of each run; None, for a closer look, where it is
    not so.

    `usual`: locals that bodies before it have, by their bytes.
    """
    try:
        size, start = u32(source, at)
        end, runs = start + size, source[start]
    except (IndexError, Malformed):
        return None
    first = start + 1 + 2 * runs
    if end > limit or first >= end or runs > 0x7F or source[end - 1] != END:
        return None
    pairs = source[start + 1 : first]
    found = usual.get(pairs)
    if found is None:
        counts, types = pairs[::2], pairs[1::2]
        if not counts.isascii() or types.translate(None, VALUE_TYPES):
            return None
        found = usual[pairs] = list(zip(counts, types, strict=True))
    return Body(found, first, end)


def _body(reader: Reader) -> Body:
    """The frame of one body: its locals, and where its instructions lie."""
    size = labelled("get the size of code", reader.u32)
    start = reader.at
    runs = labelled("get the size locals", reader.u32)
    if reader.at - start > size:
        raise Refused(EOF)
    locals_ = [_run(reader) for _ in range(runs)] if runs else []
    if sum(count for count, _ in locals_) > 0xFFFF_FFFF:
        raise Refused(f"too many locals: {sum(count for count, _ in locals_)}")
    left = size - (reader.at - start)
    if left < 0:
        raise Refused(EOF)
    first = reader.at
    if left:
        labelled("read body", reader.take, left)
    if not left or reader.source[first + left - 1] != END:
        raise Refused("expr not end with OpcodeEnd")
    return Body(locals_, first, first + left)


def _run(reader: Reader) -> tuple[int, int]:
    """A run of locals: how many, of which type."""
    count = labelled("read n of locals", reader.u32)
    value = labelled("read type of local", reader.byte)
    if value not in VALUE_TYPES:
        raise Refused(f"invalid local type: 0x{value:x}")
    return count, value


def _data(module: EngineModule, reader: Reader) -> None:
    match, meter = active_matcher(), Meter(reader.tick)
    memory = (module.memory or 0) * PAGE
    count = module.data_count = labelled(_SIZE, reader.u32)
    number = 0
    while number < count:
        run = module.runs.get(reader.at)
        if run is not None and run.segments <= count - number and run.bound <= memory and run.end <= reader.end:
            reader.at, amount = run.end, run.segments  # the engine takes all of that form
        else:
            amount = 1
            if not _fits(reader, match, memory):
                module.data[number] = labelled("read data segment", _segment, reader)
        number += amount
        meter.spend(amount)


def _fits(reader: Reader, match: Matcher, memory: int) -> bool:
    """Pass over a segment of the form that compilers write, where its contents have their place in the memory."""
    found = match(reader.source, reader.at, reader.end)
    if found is None:
        return False
    size, start = u32(reader.source, found.start(2))
    address = signed(reader.source, found.start(1), 32)[0]
    if address < 0 or address + size >= memory or start + size > reader.end:
        return False
    reader.at = start + size
    return True


def _segment(reader: Reader) -> Segment:
    flags = labelled("read data segment prefix", reader.u32)
    if flags > 2:
        raise Refused(f"invalid data segment prefix: 0x{flags:x}")
    if flags == 2 and (memory := labelled("read memory index", reader.u32)):
        raise Refused(f"memory index must be zero but was {memory}")
    offset = labelled("read offset expression", constant, reader) if flags != 1 else None
    size = labelled("get the size of vector", reader.u32)
    if size:
        labelled("read bytes for init", reader.take, size)
    return Segment(offset, size)


def _announced(module: EngineModule, reader: Reader) -> None:
    module.announced_data = reader.u32() if reader.at < reader.end else 0


_READERS: Final[dict[int, Callable[[EngineModule, Reader], None]]] = {
    1: _types, 2: _imports, 3: _functions, 4: _tables, 5: _memories, 6: _globals, 7: _exports, 8: _start, 9: _elements,
    10: _code, 11: _data, 12: _announced,
}  # fmt: skip
