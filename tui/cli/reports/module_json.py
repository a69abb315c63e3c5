"""A Module as `fn-tui inspect --json` prints it. Names are raw: JSON escapes what it must."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.wasm.model import FuncType, GlobalType, MemoryType, TableType, TagType

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tui.wasm.model import DecodeNote, ExternType, Limits, Module

Record = dict[str, object]


def _limits(limits: Limits) -> Record:
    fields: Record = {"min": limits.minimum, "max": limits.maximum}
    extra = {"shared": limits.shared, "is64": limits.is64}
    fields |= {key: value for key, value in extra.items() if value}
    return fields if limits.page_size == 65536 else fields | {"page_size": limits.page_size}


def type_fields(found: ExternType | None) -> Record:
    """The keys that a type adds to its import or export; none where the module does not say."""
    if isinstance(found, TagType):
        found = found.type
    if isinstance(found, FuncType):
        return {"params": list(found.params), "results": list(found.results)}
    if isinstance(found, MemoryType):
        return _limits(found.limits)
    if isinstance(found, TableType):
        return {"element": found.element, **_limits(found.limits)}
    if isinstance(found, GlobalType):
        return {"type": found.value, "mutable": found.mutable}
    return {}


def _notes(notes: Iterable[DecodeNote]) -> list[Record]:
    return [{"offset": note.offset, "message": note.message} for note in notes]


def _contents(module: Module) -> Record:
    """The keys of the report, in their documented order."""
    return {
        "size": module.size,
        "kind": module.kind,
        "mode": str(module.mode),
        "sections": [
            {"id": s.id, "name": s.name, "offset": s.offset, "header": s.header, "size": s.size, "count": s.count}
            for s in module.sections
        ],
        "imports": [
            {"module": i.module, "name": i.name, "kind": i.kind, **type_fields(i.type)} for i in module.imports
        ],
        "exports": [{"name": e.name, "kind": e.kind, "index": e.index, **type_fields(e.type)} for e in module.exports],
        "memories": [_limits(memory.limits) for memory in module.memories],
        "producers": {field: [list(pair) for pair in pairs] for field, pairs in module.producers.items()},
        "target_features": list(module.target_features),
        "toolchain": module.toolchain,
        "functions": {
            "imported": module.functions.imported,
            "defined": module.functions.defined,
            "code_bytes": module.functions.code_bytes,
        },
        "errors": _notes(module.errors),
        "warnings": _notes(module.warnings),
    }


def _further(module: Module) -> Record:
    """What else a decoding tells."""
    counts, segments = module.counts, module.segments
    return {
        "valid_format": module.ok,
        "malformed": module.malformed,
        "complete": module.complete,
        "offset": module.offset,
        "tables": [type_fields(table) for table in module.tables],
        "start": module.start,
        "counts": {name: getattr(counts, name) for name in counts.__slots__},
        "segments": {name: getattr(segments, name) for name in segments.__slots__},
        "module_name": module.name,
        "stripped": module.stripped,
        "dwarf_bytes": module.dwarf_bytes,
        "build_id": module.build_id,
        "source_map": module.source_map,
        "headroom": [{"what": h.what, "used": h.used, "limit": h.limit} for h in module.headroom],
    }


def module_record(path: object, module: Module) -> Record:
    """The JSON object of one module; `path` is printed as it was given."""
    record: Record = {"file": str(path), **_contents(module), **_further(module)}
    if module.kind == "component":
        record["children"] = [_contents(child) | {"offset": child.offset} for child in module.children]
    return record
