"""How near a module is to the limits that engines and browsers share (WebAssembly JavaScript API, chapter Limits)."""

from __future__ import annotations

from tui.wasm.module import Headroom

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final

    from tui.wasm.decode.core.draft import Draft

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


def headroom(draft: Draft) -> tuple[Headroom, ...]:
    """The limits that are used by more than half, the nearest first."""
    near = [Headroom(what, used, LIMITS[what]) for what, used in _used(draft) if used * 2 > LIMITS[what]]
    return tuple(sorted(near, key=lambda item: -item.share))
