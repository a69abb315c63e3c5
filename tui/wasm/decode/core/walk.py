"""The walk over a core module's sections: framing, order, and the table of readers."""

from __future__ import annotations

from tui.wasm.decode.budget import OutOfRoom, OutOfTime
from tui.wasm.decode.core.code import read_code
from tui.wasm.decode.core.custom import READERS, read_custom
from tui.wasm.decode.core.draft import NOTE_LIMIT
from tui.wasm.decode.core.externs import (
    read_exports,
    read_functions,
    read_globals,
    read_imports,
    read_memories,
    read_start,
    read_tables,
    read_tags,
)
from tui.wasm.decode.core.segments import LISTED, read_data, read_data_count, read_elements
from tui.wasm.decode.core.type_section import read_types
from tui.wasm.decode.leb import Malformed, name, u32, vector_count
from tui.wasm.module import Section

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Final

    from tui.wasm.decode.core.draft import Draft
    from tui.wasm.module import ExternKind

NAMES: Final = (
    "custom", "type", "import", "function", "table", "memory", "global", "export", "start", "element", "code", "data",
    "datacount", "tag",
)  # fmt: skip
CUSTOM, EXPORT, START, CODE, DATA_COUNT = 0, 7, 8, 10, 12
ORDER: Final = (1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11)
_RANK: Final = {section: rank for rank, section in enumerate(ORDER)}
HEADER: Final = b"\0asm\1\0\0\0"
CUSTOMS_LISTED: Final = 10_000


def _read_data(draft: Draft, position: int, end: int, count: int) -> int:
    """The data section, by what is worth it for so many."""
    if count <= LISTED or not draft.memories:
        return read_data(draft, position, end, count)
    from tui.wasm.decode.core.many_segments import read_many  # hardly a module needs it

    return read_many(draft, position, end, count)


_VECTORS: Final[dict[int, Callable[[Draft, int, int, int], int]]] = {
    1: read_types, 2: read_imports, 3: read_functions, 4: read_tables, 5: read_memories, 6: read_globals,
    7: read_exports, 9: read_elements, 10: read_code, 11: _read_data, 13: read_tags,
}  # fmt: skip
_SINGLES: Final[dict[int, Callable[[Draft, int, int], int]]] = {START: read_start, DATA_COUNT: read_data_count}


def _read_part(draft: Draft, section: int, start: int) -> None:
    """Read what is there of a section that is cut off. That it is cut off is the one error to tell."""
    told = len(draft.errors)
    if section in _VECTORS and section not in draft.seen:
        _read(draft, section, start, draft.end)
    del draft.errors[told:]


def _frame(draft: Draft, offset: int) -> tuple[int, int]:
    """Payload start and end of the section at `offset`."""
    if draft.source.startswith(HEADER, offset):
        raise Malformed(offset, f"another module begins here, at byte {offset:,}: two files were joined")
    section = draft.source[offset]
    title = NAMES[section] if section < len(NAMES) else f"id {section}"
    try:
        size, start = u32(draft.source, offset + 1)
    except IndexError:
        raise Malformed(offset, f"the module ends inside the header of a section ({title})") from None
    if start > draft.end:
        raise Malformed(offset, f"the module ends inside the header of a section ({title})")
    if start + size > draft.end:
        _read_part(draft, section, start)
        raise Malformed(offset, f"the {title} section needs {size:,} bytes, {draft.end - start:,} left")
    return start, start + size


def _contents(draft: Draft, section: int, start: int, end: int) -> int | None:
    """Read a payload, which must be used up exactly; gives the declared count."""
    count = None
    if section in _SINGLES:
        position = _SINGLES[section](draft, start, end)
    else:
        count, position = u32(draft.source, start)
        vector_count(draft.source, start, end, "entries")
        position = _VECTORS[section](draft, position, end, count)
    draft.entry = None
    if position > end:
        raise Malformed(end, "the last entry runs past the end of the section")
    if position < end:
        raise Malformed(position, f"{end - position:,} bytes left over after the last entry")
    return count


def _declared(draft: Draft, section: int, start: int, end: int) -> int | None:
    """The declared count of a section whose entries cannot be read."""
    if section in _SINGLES:
        return None
    try:
        count, after = u32(draft.source, start)
    except (Malformed, IndexError):
        return None
    return count if after <= end else None


_KINDS: Final[dict[int, ExternKind]] = {4: "table", 5: "memory", 6: "global", 13: "tag"}


def _count_declared(draft: Draft, section: int, start: int, end: int) -> None:
    """Count the definitions of a section that was not read to its end by its own word."""
    kind = _KINDS.get(section)
    if kind is not None and draft.entry is not None:
        draft.counts[kind] += max((_declared(draft, section, start, end) or 0) - draft.entry, 0)


def _where(draft: Draft, section: int) -> str:
    place = f"{NAMES[section]} section"
    return place if draft.entry is None else f"{place}, entry {draft.entry:,}"


def _read(draft: Draft, section: int, start: int, end: int) -> int | None:
    """Read one payload; faults are noted with section and entry. Gives the declared count."""
    draft.entry = None
    try:
        return _contents(draft, section, start, end)
    except OutOfTime as stop:
        draft.warn(start, f"{_where(draft, section)}: {stop.reason}; the rest is not read")
        draft.unread.add(section)
        _count_declared(draft, section, start, end)
    except (Malformed, IndexError) as error:
        if isinstance(error, IndexError) or (error.offset >= end and error.fault == "malformed"):
            draft.fail(end, f"{_where(draft, section)}: the section ends too early")
        else:
            draft.fail(error.offset, f"{_where(draft, section)}: {error.message}", error.fault)
        draft.broken.add(section)
    return _declared(draft, section, start, end)


def _read_custom(draft: Draft, offset: int, start: int, end: int) -> None:
    """One custom section. Its name belongs to the module's format; what follows does not."""
    draft.customs += 1
    try:
        title, position = name(draft.source, start, end)
    except (Malformed, IndexError) as error:
        message = error.message if isinstance(error, Malformed) else "it has no name"
        draft.fail(start, f"custom section: {message}")
        return
    if title.startswith(".debug_"):
        draft.dwarf_bytes += end - offset
    if draft.customs <= CUSTOMS_LISTED:
        draft.sections.append(Section(CUSTOM, title, offset, start - offset, end - start, None))
    if title in READERS:
        read_custom(draft, title, position, end)


def _check_order(draft: Draft, section: int, offset: int, highest: int) -> int:
    """Rank of this section; notes one that comes twice or too late."""
    rank = _RANK[section]
    if section in draft.seen:
        draft.fail(offset, f"the {NAMES[section]} section comes twice")
    elif rank < highest:
        draft.fail(offset, f"the {NAMES[section]} section comes after the {NAMES[ORDER[highest]]} section")
    draft.seen.add(section)
    return max(rank, highest)


def walk(draft: Draft) -> None:
    """Read all sections from behind the header to the end. A section whose frame is broken ends the walk."""
    position = draft.start + 8
    highest = -1
    steps = 0
    while position < draft.end:
        if len(draft.errors) >= NOTE_LIMIT:
            raise OutOfRoom(NOTE_LIMIT - 1, "errors")
        steps += 1
        if not steps & 0xFFF:
            draft.tick()
        section = draft.source[position]
        start, end = _frame(draft, position)
        if section == CUSTOM:
            _read_custom(draft, position, start, end)
        elif section in _RANK:
            known = highest
            highest = _check_order(draft, section, position, highest)
            if _RANK[section] > known:
                count = _read(draft, section, start, end)
            else:
                count = _declared(draft, section, start, end)
            draft.sections.append(Section(section, NAMES[section], position, start - position, end - start, count))
        else:
            draft.fail(position, f"{section} is not a section id (0 to 13)")
            draft.sections.append(Section(section, f"id {section}", position, start - position, end - start, None))
        position = end
