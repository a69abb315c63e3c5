"""How a module's summary is kept. Only of whole core modules: others are few, and small or cut short."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from tui.assessment.kept.codec import (
    FLAG,
    NUMBER,
    TEXT,
    Damaged,
    Form,
    by_name,
    many,
    numbers_packed,
    one_of,
    optional,
    pair,
    record,
    tagged,
)
from tui.wasm.decode.core.listed import EACH, Listed
from tui.wasm.decode.core.segments import LISTED
from tui.wasm.mode import MODES
from tui.wasm.module import (
    Counts,
    DataSegment,
    DecodeNote,
    Export,
    FunctionCounts,
    FuncType,
    GlobalType,
    Headroom,
    Import,
    Limits,
    MemoryType,
    Module,
    Section,
    SegmentCounts,
    SubSection,
    TableType,
    TagType,
)

MOST_BODIES: Final = 200_000  # functions of a module that is kept
MOST_RUNS: Final = 50_000  # of short data segments
_NUMBERS_EACH: Final = 4  # of a run of data segments

MODE: Final = one_of(*MODES)
FUNC_TYPE: Final = record(
    FuncType,
    {
        "params": many(TEXT),
        "results": many(TEXT),
        "more_params": NUMBER,
        "more_results": NUMBER,
        "digest": TEXT,
    },
)
_LIMITS: Final = record(
    Limits,
    {"minimum": NUMBER, "maximum": optional(NUMBER), "shared": FLAG, "is64": FLAG, "page_size": NUMBER},
)
_MEMORY: Final = record(MemoryType, {"limits": _LIMITS})
_TABLE: Final = record(TableType, {"element": TEXT, "limits": _LIMITS})
_GLOBAL: Final = record(GlobalType, {"value": TEXT, "mutable": FLAG})
_TAG: Final = record(TagType, {"type": optional(FUNC_TYPE)})
_EXTERN: Final = optional(
    tagged(
        {
            "f": (FuncType, FUNC_TYPE),
            "m": (MemoryType, _MEMORY),
            "t": (TableType, _TABLE),
            "g": (GlobalType, _GLOBAL),
            "e": (TagType, _TAG),
        }
    )
)
_KIND: Final = one_of("func", "table", "memory", "global", "tag")
_SECTION: Final = record(
    Section,
    {"id": NUMBER, "name": TEXT, "offset": NUMBER, "header": NUMBER, "size": NUMBER, "count": optional(NUMBER)},
)
_IMPORT: Final = record(Import, {"module": TEXT, "name": TEXT, "kind": _KIND, "type": _EXTERN})
_EXPORT: Final = record(Export, {"name": TEXT, "kind": _KIND, "index": NUMBER, "type": _EXTERN})
_NOTE: Final = record(DecodeNote, {"offset": NUMBER, "message": TEXT, "fault": one_of("malformed", "invalid", "limit")})
_PART: Final = record(
    SubSection, {"id": NUMBER, "name": TEXT, "offset": NUMBER, "size": NUMBER, "count": optional(NUMBER)}
)
_COUNTS: Final = record(
    Counts,
    dict.fromkeys(("types", "imports", "tables", "memories", "globals", "tags", "exports", "customs"), NUMBER),
)
_SEGMENTS: Final = record(
    SegmentCounts,
    dict.fromkeys(("data", "data_bytes", "passive_data", "elements", "element_entries"), NUMBER),
)
_PACKED_SEGMENTS: Final = numbers_packed(LISTED * EACH)


def _flat(segments: Sequence[DataSegment]) -> object:
    if not isinstance(segments, Listed):
        listed = Listed()
        for one in segments:
            listed.append(one)
        segments = listed
    return _PACKED_SEGMENTS.encode(segments.numbers)


def _listed(read: object) -> Sequence[DataSegment]:
    numbers = _PACKED_SEGMENTS.decode(read)
    if len(numbers) % EACH:
        raise Damaged("no segments")
    return Listed(numbers)


def _ordered(form: Form[Sequence[int]]) -> Form[Sequence[int]]:
    """Offsets in a file, none before the one in front of it."""

    def decode(read: object) -> Sequence[int]:
        offsets = form.decode(read)
        if sorted(offsets) != list(offsets):
            raise Damaged("offsets out of order")
        return offsets

    return Form(form.encode, decode)


def _runs(read: object) -> Sequence[int]:
    """Runs of data segments, four numbers each: one behind the other, and each with segments in it."""
    numbers = numbers_packed(MOST_RUNS * _NUMBERS_EACH).decode(read)
    at = 0
    for start, end, segments, _ in zip(*[iter(numbers)] * _NUMBERS_EACH, strict=len(numbers) % _NUMBERS_EACH == 0):
        if not at <= start < end or not 0 < 4 * segments < end - start:
            raise Damaged("no runs")
        at = end
    return numbers


_RUNS: Final[Form[Sequence[int]]] = Form(numbers_packed(MOST_RUNS).encode, _runs)
_FIELDS: Final[dict[str, Form[Any]]] = {
    "size": NUMBER,
    "kind": one_of("core"),
    "mode": MODE,
    "sections": many(_SECTION),
    "imports": many(_IMPORT),
    "exports": many(_EXPORT),
    "memories": many(_MEMORY),
    "tables": many(_TABLE),
    "start": optional(NUMBER),
    "producers": by_name(many(pair(TEXT, TEXT))),
    "target_features": many(TEXT),
    "toolchain": optional(TEXT),
    "functions": record(FunctionCounts, dict.fromkeys(("imported", "defined", "code_bytes"), NUMBER)),
    "errors": many(_NOTE),
    "warnings": many(_NOTE),
    "globals": many(_GLOBAL),
    "tags": many(_TAG),
    "counts": _COUNTS,
    "segments": _SEGMENTS,
    "data_segments": Form(_flat, _listed),
    "data_runs": _RUNS,
    "name": optional(TEXT),
    "name_parts": many(_PART),
    "dwarf_bytes": NUMBER,
    "build_id": optional(TEXT),
    "source_map": optional(TEXT),
    "headroom": many(record(Headroom, {"what": TEXT, "used": NUMBER, "limit": NUMBER})),
    "body_offsets": _ordered(numbers_packed(MOST_BODIES)),
    "usual_bodies": FLAG,
}


def _module(*fields: Any) -> Module:
    return Module(**dict(zip(_FIELDS, fields, strict=True)))


MODULE: Final[Form[Module]] = record(_module, _FIELDS)


def is_plain(module: Module) -> bool:
    """Whether a module is one that is kept: all that is known of it is among the fields above."""
    return (
        module.kind == "core"
        and module.complete
        and not (module.offset or module.children or module.component_imports or module.component_exports)
        and not module.not_counted
        and len(module.body_offsets) <= MOST_BODIES
        and len(module.data_runs) <= MOST_RUNS * _NUMBERS_EACH
    )
