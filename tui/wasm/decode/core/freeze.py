"""From what the readers found to a Module, and what an incomplete reading leaves open: no fact that is not one."""

from __future__ import annotations

from tui.wasm.module import LIFECYCLE, Counts, FunctionCounts, FuncType, Headroom, Module, SegmentCounts
from tui.wasm.toolchain import detect_toolchain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from collections.abc import Set as AbstractSet
    from typing import Final

    from tui.wasm.decode.core.draft import Draft
    from tui.wasm.mode import ExportMode
    from tui.wasm.module import Export

TYPE, IMPORT, FUNCTION, EXPORT, CODE = 1, 2, 3, 7, 10
_HOOK: Final = FuncType()
# count -> (sections that have to be read to their end for it, sections of which the declared count is enough)
_NEEDS: Final[dict[str, tuple[AbstractSet[int], AbstractSet[int]]]] = {
    "types": ({1}, set()),
    "imports": (set(), {2}),
    "tables": ({2}, {4}),
    "memories": ({2}, {5}),
    "globals": ({2}, {6}),
    "tags": ({2}, {13}),
    "exports": (set(), {7}),
    "imported": ({2}, set()),
    "defined": ({3}, set()),
    "code_bytes": ({10}, set()),
    "data": (set(), {11}),
    "data_bytes": ({11}, set()),
    "passive_data": ({11}, set()),
    "elements": (set(), {9}),
    "element_entries": ({9}, set()),
}

# What engines and browsers share (WebAssembly JavaScript API, Limits).
LIMITS: Final = {
    "module bytes": 1 << 30,
    "types": 1_000_000,
    "functions": 1_000_000,
    "imports": 1_000_000,
    "exports": 1_000_000,
    "globals": 1_000_000,
    "tags": 1_000_000,
    "data segments": 100_000,
    "element segments": 100_000,
    "tables": 100_000,
    "memories": 100,
    "memory pages": 65_536,
    "parameters of a function": 1_000,
    "results of a function": 1_000,
    "bytes of a function body": 7_654_321,
    "locals of a function": 50_000,
    "fields of a struct": 10_000,
}


def not_counted(unread: AbstractSet[int], seen: AbstractSet[int]) -> frozenset[str]:
    """The counts that are not known, where sections were not read to their end or (not `seen`) not met at all."""
    if not unread:
        return frozenset()
    missing = unread - seen
    return frozenset(name for name, (read, met) in _NEEDS.items() if unread & read or missing & met)


def _is_hook(exports: list[Export], name: str) -> bool:
    return any(e.name == name and e.kind == "func" and e.type == _HOOK for e in exports)


def export_mode(exports: list[Export]) -> ExportMode:
    """The life-cycle hooks among these exports, by kind and signature."""
    command, reactor = _is_hook(exports, "_start"), _is_hook(exports, "_initialize")
    if command and reactor:
        return "both"
    if command:
        return "command"
    return "reactor" if reactor else "library"


def _mode(draft: Draft) -> ExportMode:
    """The mode, where all that tells it was read."""
    if draft.unread:
        untold = any(e.name in LIFECYCLE and e.kind == "func" and e.type is None for e in draft.exports)
        if untold or EXPORT in draft.unread:
            return "unknown"
    return export_mode(draft.exports)


def freeze(draft: Draft) -> Module:
    """The Module that the readers' draft has become."""
    near, segments = _headroom(draft), draft.data_segments
    return Module(
        size=draft.end - draft.start,
        kind="core",
        mode=_mode(draft),
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
        globals=tuple(draft.globals),
        tags=tuple(draft.tags),
        counts=_counts(draft),
        segments=_segment_counts(draft),
        data_segments=tuple(segments) if isinstance(segments, list) else segments,
        data_runs=_data_runs(draft),
        name=draft.name,
        name_parts=tuple(draft.name_parts),
        dwarf_bytes=draft.dwarf_bytes,
        build_id=draft.build_id,
        source_map=draft.source_map,
        headroom=near,
        body_offsets=draft.body_offsets,
        unread=frozenset(draft.unread),
        not_counted=not_counted(draft.unread, draft.seen),
        usual_bodies=draft.usual_bodies,
    )


def _data_runs(draft: Draft) -> Sequence[int]:
    if not draft.data_runs:
        return ()
    from tui.wasm.decode.core.data_runs import packed

    return packed(draft.data_runs)


def _used(draft: Draft) -> Iterator[tuple[str, int]]:
    yield "module bytes", draft.end - draft.start
    yield "types", len(draft.type_offsets)
    yield "functions", draft.space_size("func")
    yield "imports", draft.import_count
    yield "exports", draft.export_count
    yield "globals", draft.counts["global"]
    yield "tags", draft.counts["tag"]
    yield "data segments", draft.data_count
    yield "element segments", draft.elements
    yield "tables", draft.counts["table"]
    yield "memories", draft.counts["memory"]
    plain = [memory.limits for memory in draft.memories if not memory.limits.is64 and memory.limits.page_size == 65536]
    yield "memory pages", max((limits.minimum for limits in plain), default=0)
    yield "parameters of a function", draft.widest_params
    yield "results of a function", draft.widest_results
    yield "bytes of a function body", draft.biggest_body
    yield "locals of a function", draft.most_locals
    yield "fields of a struct", draft.widest_struct


def _headroom(draft: Draft) -> tuple[Headroom, ...]:
    """The limits that are used by more than half, the nearest first."""
    used = [Headroom(what, count, LIMITS[what]) for what, count in _used(draft) if count * 2 > LIMITS[what]]
    near = tuple(sorted(used, key=lambda item: -item.share))
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
        tables=draft.counts["table"],
        memories=draft.counts["memory"],
        globals=draft.counts["global"],
        tags=draft.counts["tag"],
        exports=draft.export_count,
        customs=draft.customs,
    )
