"""Imports, exports, and the sections that define tables, memories, tags and globals."""

from __future__ import annotations

from tui.wasm.decode.budget import BATCH, OutOfRoom
from tui.wasm.decode.core.constexpr import skip_expression
from tui.wasm.decode.core.draft import LISTED as KEPT
from tui.wasm.decode.leb import Malformed, integers, name, u32, u32_vector, vector_count
from tui.wasm.decode.types import FUNC, global_type, memory_type, table_type
from tui.wasm.module import LIFECYCLE, Export, FuncType, Import, TagType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final, TypeVar

    from tui.wasm.decode.core.draft import Draft
    from tui.wasm.module import ExternKind, ExternType, GlobalType, Limits

    T = TypeVar("T")

KINDS: Final[tuple[ExternKind, ...]] = ("func", "table", "memory", "global", "tag")
# A name of no length and one of these bytes: the imports of one module, told in short.
EACH_TYPED: Final = 0x7F
COMPACT: Final = frozenset({0x7E, EACH_TYPED})
# Imports and exports that are kept; the rest are counted. An import is resolved and judged, an export looked up.
IMPORTS_LISTED: Final = 20_000
LISTED: Final = 100_000
MOST: Final = {"memory": 10_000, "table": 100_000, "tag": 100_000}  # definitions that are read; no engine takes more
PLURALS: Final = {"memory": "memories", "table": "tables", "tag": "tags"}
MAX_PAGES: Final = {False: 1 << 16, True: 1 << 48}  # of 64 KiB; by 64-bit addressing
TABLE_WITH_INIT: Final = b"\x40\x00"


def _check_limits(draft: Draft, offset: int, what: str, found: Limits) -> None:
    """Note limits that no module may have: validation rules that need nothing but the limits themselves."""
    if found.maximum is not None and found.maximum < found.minimum:
        draft.fail(offset, f"{what}: minimum {found.minimum:,} is above maximum {found.maximum:,}", "invalid")
    if not found.is64 and max(found.minimum, found.maximum or 0) > 0xFFFF_FFFF:
        draft.fail(offset, f"{what}: limits above 32 bits without 64-bit addresses", "invalid")
    if found.shared and found.maximum is None:
        draft.fail(offset, f"{what}: shared without a maximum", "invalid")


def _check_memory(draft: Draft, offset: int, found: Limits) -> None:
    """Note a memory that no module may have."""
    _check_limits(draft, offset, "memory", found)
    most = MAX_PAGES[found.is64] * 65536 // found.page_size
    if max(found.minimum, found.maximum or 0) > most and found.page_size == 65536:
        draft.fail(offset, f"memory: more than {most:,} pages", "invalid")


def _keep(draft: Draft, kind: ExternKind, space: list[T], found: T) -> None:
    """Add a type to its index space, which keeps the first and counts them all."""
    if len(space) < KEPT:
        space.append(found)
    draft.counts[kind] += 1


def _function(draft: Draft, position: int) -> tuple[ExternType | None, int]:
    index, after = u32(draft.source, position)
    draft.imported.append(index)
    if len(draft.imported) > IMPORTS_LISTED:
        return None, after
    found = draft.func_type(index)
    if found is None and draft.is_known("type"):
        draft.fail(position, f"type {index:,} is not a function type of this module", "invalid")
    return found, after


def _table(draft: Draft, position: int) -> tuple[ExternType, int]:
    found, after = table_type(draft.source, position)
    _check_limits(draft, position, "table", found.limits)
    _keep(draft, "table", draft.tables, found)
    return found, after


def _memory(draft: Draft, position: int) -> tuple[ExternType, int]:
    found, after = memory_type(draft.source, position)
    _check_memory(draft, position, found.limits)
    _keep(draft, "memory", draft.memories, found)
    return found, after


def _global(draft: Draft, position: int) -> tuple[ExternType, int]:
    found, after = global_type(draft.source, position)
    _keep(draft, "global", draft.globals, found)
    return found, after


def _tag(draft: Draft, position: int) -> tuple[ExternType, int]:
    if draft.source[position] != 0:
        raise Malformed(position, f"0x{draft.source[position]:02X} is not a tag's attribute (0)")
    index, after = u32(draft.source, position + 1)
    found = TagType(draft.func_type(index) if len(draft.tags) < KEPT else None)
    if found.type is None and len(draft.tags) < KEPT and draft.is_known("type"):
        draft.fail(position, f"type {index:,} is not a function type of this module", "invalid")
    _keep(draft, "tag", draft.tags, found)
    return found, after


_NOTHING: Final = FuncType()
_READERS: Final = (_function, _table, _memory, _global, _tag)


def read_imports(draft: Draft, position: int, end: int, count: int) -> int:
    """The import section. The same module and name may come twice."""
    source = draft.source
    draft.import_count = count
    draft.imported = integers(count)
    for draft.entry in range(count):
        if not draft.entry & BATCH:
            draft.tick()
        module, position = name(source, position, end)
        field, position = name(source, position, end)
        if not field and source[position] in COMPACT:
            draft.import_count -= 1
            position = _compact_imports(draft, module, position, end)
        else:
            position = _import(draft, module, field, position)
        if position > end:
            break
    return position


def _behind_type(source: bytes, position: int) -> int:
    """Position after what an import is of, which is read without noting anything."""
    kind = source[position]
    if kind in (0, 4):
        return u32(source, position + 1 + (kind == 4))[1]
    if kind > 4:
        raise Malformed(position, f"0x{kind:02X} is not a kind of import (0 to 4)")
    return (table_type, memory_type, global_type)[kind - 1](source, position + 1)[1]


def _import(draft: Draft, module: str, field: str, position: int) -> int:
    """Position after what an import is of; the import is listed."""
    kind = draft.source[position]
    if kind > 4:
        raise Malformed(position, f"0x{kind:02X} is not a kind of import (0 to 4)")
    found, position = _READERS[kind](draft, position + 1)
    if len(draft.imports) < IMPORTS_LISTED:
        draft.imports.append(Import(module, field, KINDS[kind], found))
    return position


def _compact_imports(draft: Draft, module: str, position: int, end: int) -> int:
    """Several imports of one module: names each with its type (7F), or names of one type (7E)."""
    source, each = draft.source, draft.source[position] == EACH_TYPED
    shared = position = position + 1
    if not each:
        position = _behind_type(source, shared)
    count, position = vector_count(source, position, end, "imports")
    draft.import_count += count
    for number in range(count):
        if not number & BATCH:
            draft.tick()
        field, position = name(source, position, end)
        after = _import(draft, module, field, position if each else shared)
        position = after if each else position
        if position > end:
            break
    return position


def read_functions(draft: Draft, position: int, end: int, count: int) -> int:  # noqa: ARG001 -- a row of the table of readers
    """The function section: a type index for each defined function."""
    draft.function_types, after = u32_vector(draft.source, position, count, draft.tick)
    used = set(draft.function_types)
    highest = max(used, default=0)
    if highest >= len(draft.type_offsets) and count and draft.is_known("type"):
        draft.fail(position, f"type {highest:,} is used, {len(draft.type_offsets):,} are defined", "invalid")
    elif draft.is_known("type"):
        _check_function_types(draft, used, position)
    return after


def _check_function_types(draft: Draft, used: set[int], position: int) -> None:
    """Functions are of function types: a structure or an array stands in the same index space."""
    for index in sorted(used):
        if draft.source[draft.type_offsets[index]] != FUNC:
            draft.fail(position, f"type {index:,} of a function is not a function type", "invalid")
            return


def _check_room(draft: Draft, kind: ExternKind) -> None:
    """Look at the clock, and whether there are more entries than are read of any."""
    if not (draft.entry or 0) & BATCH:
        draft.tick()
    if draft.counts[kind] > MOST[kind]:
        raise OutOfRoom(MOST[kind], PLURALS[kind])


def read_tables(draft: Draft, position: int, end: int, count: int) -> int:
    """The table section; an entry may carry an initialiser."""
    for draft.entry in range(count):
        _check_room(draft, "table")
        if draft.source[position] != TABLE_WITH_INIT[0]:
            _, position = _table(draft, position)
            continue
        if draft.source[position + 1] != 0:
            raise Malformed(position + 1, "a table with an initialiser starts with 40 00")
        _, position = _table(draft, position + 2)
        position = skip_expression(draft.source, position, end, draft.tick)
    return position


def read_memories(draft: Draft, position: int, end: int, count: int) -> int:  # noqa: ARG001 -- a row of the table of readers
    """The memory section."""
    for draft.entry in range(count):
        _check_room(draft, "memory")
        _, position = _memory(draft, position)
    return position


def read_tags(draft: Draft, position: int, end: int, count: int) -> int:  # noqa: ARG001 -- a row of the table of readers
    """The tag section."""
    for draft.entry in range(count):
        _check_room(draft, "tag")
        _, position = _tag(draft, position)
    return position


def read_globals(draft: Draft, position: int, end: int, count: int) -> int:
    """The global section: types and initialisers. Equal types are kept once."""
    source = draft.source
    kept: dict[bytes, GlobalType] = {}
    for draft.entry in range(count):
        if not draft.entry & BATCH:
            draft.tick()
        found, after = global_type(source, position)
        if len(draft.globals) < KEPT:
            found = kept.setdefault(source[position:after], found)
        _keep(draft, "global", draft.globals, found)
        position = skip_expression(source, after, end, draft.tick)
        if position > end:
            break
    return position


def read_exports(draft: Draft, position: int, end: int, count: int) -> int:
    """The export section. Names must differ; an index out of range is shown as an export without a type."""
    source = draft.source
    draft.export_count = count
    names = draft.export_names
    note = draft.exports.append
    for draft.entry in range(count):
        if not draft.entry & BATCH:
            draft.tick()
        start = position
        exported, position = name(source, position, end)
        kind_code = source[position]
        if kind_code > 4:
            raise Malformed(position, f"0x{kind_code:02X} is not a kind of export (0 to 4)")
        index, position = u32(source, position + 1)
        if position > end:
            break
        if draft.entry >= LISTED and exported not in LIFECYCLE:
            continue
        if exported in names:
            draft.fail(start, f"two exports have the name {exported[:80]!r}", "invalid")
        names.add(exported)
        kind = KINDS[kind_code]
        found = draft.extern_type(kind, index)
        if found is None and index >= draft.space_size(kind) and draft.is_known(kind):
            draft.fail(start, f"export {exported[:80]!r}: there is no {kind} {index:,}", "invalid")
        note(Export(exported, kind, index, found))
    return position


def read_start(draft: Draft, position: int, end: int) -> int:  # noqa: ARG001 -- a row of the table of readers
    """The start section: the index of a function ()->()."""
    index, after = u32(draft.source, position)
    draft.start_function = index
    found = draft.extern_type("func", index)
    if not draft.is_known("func"):
        return after
    if index >= draft.space_size("func"):
        draft.fail(position, f"the start function {index:,} does not exist", "invalid")
    elif found != _NOTHING:
        draft.fail(position, f"the start function {index:,} is not of type ()->()", "invalid")
    return after
