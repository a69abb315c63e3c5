"""From bytes to a Module. Never raises on any bytes: what is wrong with them is in `Module.errors`.

Function bodies are skipped by their size; the rules of WebAssembly 3.0's binary format hold for all the rest. Work is
bounded by the bytes that are there (no allocation by a declared count) and by a deadline.
"""

from __future__ import annotations

import gc
from time import monotonic
from typing import TYPE_CHECKING, Final

from tui.wasm.decode.draft import Draft, OutOfTime
from tui.wasm.decode.guess import MAGIC, looks_like
from tui.wasm.decode.leb import Malformed
from tui.wasm.decode.sections import CODE, DATA_COUNT, walk
from tui.wasm.headroom import headroom
from tui.wasm.model import Counts, DecodeNote, ExportMode, FunctionCounts, FuncType, Module, SegmentCounts
from tui.wasm.toolchain import detect_toolchain

if TYPE_CHECKING:
    from tui.wasm.model import Export, Headroom

SECONDS: Final = 10.0  # for one decoding, where the caller gives no deadline
LISTED: Final = 10_000  # globals and tags that are kept
CORE, COMPONENT = (1, 0), (0x0D, 1)  # version, layer
CORE_HEADER: Final = bytes((1, 0, 0, 0))
COMPONENT_HEADER: Final = bytes((0x0D, 0, 1, 0))
OLD_CORE: Final = frozenset({0x0B, 0x0C, 0x0D})
_HOOK: Final = FuncType()


def decode(source: bytes, deadline: float | None = None) -> Module:
    """The Module that these bytes are, as far as they can be read.

    `deadline` is a time on `time.monotonic()`; None gives ten seconds. Past it the module comes back incomplete, with a
    warning that says where reading stopped.
    """
    collecting = gc.isenabled()
    gc.disable()  # nothing here makes cycles, and the collector's passes cost 10-40 % of a parse
    try:
        return _decode(bytes(source), 0, len(source), monotonic() + SECONDS if deadline is None else deadline, 0)
    finally:
        if collecting:
            gc.enable()


def _decode(source: bytes, start: int, end: int, deadline: float, depth: int) -> Module:
    size = end - start
    if source[start : min(end, start + 4)] != MAGIC:
        note = DecodeNote(start, f"not a WebAssembly module: {looks_like(source[start : min(end, start + 512)])}")
        return Module(size, "not-wasm", offset=start, errors=(note,))
    if size < 8:
        note = DecodeNote(start, f"the header needs 8 bytes, there are {size}")
        return Module(size, "unknown", offset=start, errors=(note,))
    version = int.from_bytes(source[start + 4 : start + 6], "little")
    layer = int.from_bytes(source[start + 6 : start + 8], "little")
    draft = Draft(source, start, end, deadline)
    if (version, layer) == CORE:
        return _core(draft)
    if (version, layer) == COMPONENT:
        return _component(draft, depth)
    note = DecodeNote(start + 4, _unknown_version(version, layer))
    return Module(size, "unknown", offset=start, errors=(note,))


def _unknown_version(version: int, layer: int) -> str:
    if layer == 0 and version in OLD_CORE:
        return f"version 0x{version:x} of before 2017: build it anew with a current compiler"
    what = {0: "core module", 1: "component"}.get(layer, f"layer {layer}")
    return f"version {version} of a {what} is not known (1 is current)" if layer == 0 else f"version {version}, {what}"


def _core(draft: Draft) -> Module:
    complete = True
    try:
        walk(draft)
    except Malformed as fault:
        draft.fail(fault.offset, fault.message)
        draft.broken.update(range(14))
    except OutOfTime:
        draft.warn(draft.start, "the time for reading ran out; not all sections are read")
        complete = False
    if complete and not draft.unread:
        _check_counts(draft)
    return _freeze(draft, complete and not draft.unread)


def _check_counts(draft: Draft) -> None:
    """Rules that tie two sections together."""
    bodies = max(len(draft.body_offsets) - 1, 0)
    functions = len(draft.function_types)
    offset = next((section.offset for section in draft.sections if section.id == CODE), draft.end)
    if functions != bodies and not draft.broken & {3, 10}:
        draft.fail(offset, f"{functions:,} functions are declared, {bodies:,} have a body")
    declared = draft.declared_data
    if declared is not None and declared != draft.data_count and not draft.broken & {11, 12}:
        place = next((section.offset for section in draft.sections if section.id == DATA_COUNT), draft.end)
        draft.fail(place, f"{declared:,} data segments are announced, {draft.data_count:,} are there")


def _is_hook(exports: list[Export], name: str) -> bool:
    return any(e.name == name and e.kind == "func" and e.type == _HOOK for e in exports)


def export_mode(exports: list[Export]) -> ExportMode:
    """The life-cycle hooks among these exports, by kind and signature."""
    command, reactor = _is_hook(exports, "_start"), _is_hook(exports, "_initialize")
    if command and reactor:
        return ExportMode.BOTH
    if command:
        return ExportMode.COMMAND
    return ExportMode.REACTOR if reactor else ExportMode.LIBRARY


def _freeze(draft: Draft, complete: bool) -> Module:
    near = _headroom(draft)
    return Module(
        size=draft.end - draft.start,
        kind="core",
        mode=export_mode(draft.exports),
        sections=tuple(draft.sections),
        imports=tuple(draft.imports),
        exports=tuple(draft.exports),
        memories=tuple(draft.memories),
        tables=tuple(draft.tables),
        start=draft.start_function,
        producers=draft.producers,
        target_features=draft.target_features,
        toolchain=detect_toolchain(draft),
        functions=_function_counts(draft),
        errors=tuple(draft.errors),
        warnings=tuple(draft.warnings),
        offset=draft.start,
        globals=tuple(draft.globals[:LISTED]),
        tags=tuple(draft.tags[:LISTED]),
        counts=_counts(draft),
        segments=_segment_counts(draft),
        data_segments=tuple(draft.data_segments),
        name=draft.name,
        name_parts=tuple(draft.name_parts),
        dwarf_bytes=draft.dwarf_bytes,
        build_id=draft.build_id,
        source_map=draft.source_map,
        headroom=near,
        body_offsets=draft.body_offsets,
        complete=complete,
    )


def _headroom(draft: Draft) -> tuple[Headroom, ...]:
    near = headroom(draft)
    for item in near:
        if item.used > item.limit:
            draft.warn(draft.start, f"{item.used:,} {item.what}: engines take at most {item.limit:,}")
    return near


def _function_counts(draft: Draft) -> FunctionCounts:
    bodies = draft.body_offsets
    code_bytes = bodies[-1] - bodies[0] if len(bodies) else 0
    return FunctionCounts(len(draft.imported), len(draft.function_types), code_bytes)


def _segment_counts(draft: Draft) -> SegmentCounts:
    return SegmentCounts(
        draft.data_count, draft.segment_bytes, draft.passive_data, draft.elements, draft.element_entries
    )


def _counts(draft: Draft) -> Counts:
    return Counts(
        types=len(draft.type_offsets),
        imports=draft.import_count,
        tables=len(draft.tables),
        memories=len(draft.memories),
        globals=len(draft.globals),
        tags=len(draft.tags),
        exports=draft.export_count,
        customs=draft.customs,
    )


def _component(draft: Draft, depth: int) -> Module:
    from tui.wasm.decode.component import DEEPEST, too_deep, walk_component

    def nested(start: int, end: int) -> Module:
        if depth >= DEEPEST:
            return too_deep(start, end - start)
        return _decode(draft.source, start, end, draft.deadline, depth + 1)

    children = walk_component(draft, nested)
    errors = draft.errors + [note for child in children for note in child.errors]
    return Module(
        size=draft.end - draft.start,
        kind="component",
        sections=tuple(draft.sections),
        errors=tuple(errors),
        warnings=tuple(draft.warnings),
        offset=draft.start,
        children=children,
        complete=not draft.unread,
    )
