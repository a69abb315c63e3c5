"""A Module as `fn-tui inspect --json` prints it. Names are raw: JSON escapes what it must."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui.wasm.decode.core.walk import CUSTOMS_LISTED
from tui.wasm.module import SHOWN, FuncType, GlobalType, MemoryType, TableType, TagType

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tui.wasm.module import Counts, DecodeNote, ExternType, FunctionCounts, Limits, Module, SegmentCounts

LISTED: Final = 10_000  # entries of one list; `more` counts the rest

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
        return _types("params", found.params, found.more_params) | _types("results", found.results, found.more_results)
    if isinstance(found, MemoryType):
        return _limits(found.limits)
    if isinstance(found, TableType):
        return {"element": found.element, **_limits(found.limits)}
    if isinstance(found, GlobalType):
        return {"type": found.value, "mutable": found.mutable}
    return {}


def _types(name: str, types: tuple[str, ...], more: int) -> Record:
    """A list of types; of a long one the first, and under another key how many follow."""
    more += max(len(types) - SHOWN, 0)
    return {name: list(types[:SHOWN])} | ({f"{name}_more": more} if more else {})


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
            for s in module.sections[:LISTED]
        ],
        "imports": [
            {"module": i.module, "name": i.name, "kind": i.kind, **type_fields(i.type)} for i in module.imports[:LISTED]
        ],
        "exports": [
            {"name": e.name, "kind": e.kind, "index": e.index, **type_fields(e.type)} for e in module.exports[:LISTED]
        ],
        "memories": [_limits(memory.limits) for memory in module.memories[:LISTED]],
        "producers": {field: [list(pair) for pair in pairs] for field, pairs in module.producers.items()},
        "target_features": list(module.target_features),
        "toolchain": module.toolchain,
        "functions": _counted(module, module.functions),
        "errors": _notes(module.errors),
        "warnings": _notes(module.warnings),
    }


def _counted(module: Module, counts: Counts | FunctionCounts | SegmentCounts) -> Record:
    """Counts by name; null for those that were not read far enough to be known."""
    return {name: None if name in module.not_counted else getattr(counts, name) for name in counts._fields}


def _more(module: Module) -> Record:
    """How many entries of each list are left out, for those of which some are."""
    counts = module.counts
    listed = {
        "sections": (len(module.sections), max(counts.customs - CUSTOMS_LISTED, 0) + len(module.sections)),
        "imports": (len(module.imports), counts.imports),
        "exports": (len(module.exports), counts.exports),
        "memories": (len(module.memories), counts.memories),
        "tables": (len(module.tables), counts.tables),
    }
    left_out = {name: max(there, kept) - min(kept, LISTED) for name, (kept, there) in listed.items()}
    return {name: count for name, count in left_out.items() if count}


def _further(module: Module) -> Record:
    """What else a decoding tells."""
    return {
        "valid_format": None if module.ok and not module.complete else module.ok,
        "malformed": module.malformed,
        "complete": module.complete,
        "offset": module.offset,
        "more": _more(module),
        "tables": [type_fields(table) for table in module.tables[:LISTED]],
        "start": module.start,
        "counts": _counted(module, module.counts),
        "segments": _counted(module, module.segments),
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
        for title, names in (("imports", module.component_imports), ("exports", module.component_exports)):
            record[f"component_{title}"] = [{"kind": kind, "name": name} for kind, name in names[:LISTED]]
        record["children"] = [_contents(child) | {"offset": child.offset} for child in module.children]
    return record
