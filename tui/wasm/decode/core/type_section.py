"""The type section: every type is checked, and its place kept. Source: core specification 3.0, Binary Format, Types."""

from __future__ import annotations

from tui.wasm.decode.budget import BATCH, OutOfRoom
from tui.wasm.decode.leb import Malformed, integers, u32, vector_count
from tui.wasm.decode.types import (
    ARRAY,
    FUNC,
    ONE_BYTE,
    PACKED_TYPES,
    REC,
    STRUCT,
    SUB,
    SUB_FINAL,
    skip_value_types,
    value_type,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from tui.wasm.decode.core.draft import Draft


MOST: Final = 1_000_000  # types that are read; no engine takes more


def _field(source: bytes, position: int) -> int:
    """Position after a field type: storage type and mutability."""
    if source[position] in PACKED_TYPES:
        position += 1
    else:
        _, position = value_type(source, position)
    if source[position] > 1:
        raise Malformed(position, f"0x{source[position]:02X} is not a mutability (0 or 1)")
    return position + 1


def _composite(source: bytes, position: int, end: int, draft: Draft) -> int:
    """Position after a composite type, which is noted as the next member of the index space."""
    draft.type_offsets.append(position)
    form = source[position]
    position += 1
    if form == FUNC:
        params, position = skip_value_types(source, position, end, draft.tick)
        results, position = skip_value_types(source, position, end, draft.tick)
        draft.widest_params = max(draft.widest_params, params)
        draft.widest_results = max(draft.widest_results, results)
        return position
    if form == ARRAY:
        return _field(source, position)
    if form == STRUCT:
        count, position = vector_count(source, position, end, "struct fields")
        draft.widest_struct = max(draft.widest_struct, count)
        for done in range(count):
            if not done & BATCH:
                draft.tick()
            position = _field(source, position)
        return position
    raise Malformed(position - 1, f"0x{form:02X} does not start a type")


def _subtype(source: bytes, position: int, end: int, draft: Draft) -> int:
    """Position after a subtype: a composite type, with its supertypes where it has any."""
    if source[position] in (SUB, SUB_FINAL):
        count, position = vector_count(source, position + 1, end, "supertypes")
        for done in range(count):
            if not done & BATCH:
                draft.tick()
            _, position = u32(source, position)
    return _composite(source, position, end, draft)


def _plain_function(source: bytes, position: int, end: int) -> int:
    """Position after a function type of one-byte value types, checked but not made; 0 where it is not so plain."""
    params = position + 2
    results = params + source[position + 1] + 1
    if source[position + 1] > 0x7F or results > end or source[results - 1] > 0x7F:
        return 0
    stop = results + source[results - 1]
    kinds = source[params : results - 1] + source[results:stop]
    return 0 if kinds.translate(None, ONE_BYTE) or stop > end else stop


def _group(source: bytes, position: int, end: int, draft: Draft) -> int:
    """Position after a recursion group, whose members are as many entries of the index space."""
    members, position = vector_count(source, position, end, "types in a group")
    note = draft.type_offsets.append
    for done in range(members):
        if not done & BATCH:
            draft.tick()
            _check_room(draft)
        if source[position] == FUNC and (after := _plain_function(source, position, end)):
            note(position)
            position = after
        else:
            position = _subtype(source, position, end, draft)
        if position > end:
            break
    return position


def _check_room(draft: Draft) -> None:
    if len(draft.type_offsets) > MOST:
        raise OutOfRoom(MOST, "types")


def read_types(draft: Draft, position: int, end: int, count: int) -> int:
    """The type section: `count` recursion groups, each member an entry of the index space. Only offsets are kept."""
    source = draft.source
    draft.type_offsets = offsets = integers(end - position)  # each takes a byte at least
    for draft.entry in range(count):
        if not draft.entry & BATCH:
            draft.tick()
            _check_room(draft)
        form = source[position]
        if form == FUNC and (after := _plain_function(source, position, end)):
            offsets.append(position)
            position = after
        elif form == REC:
            position = _group(source, position + 1, end, draft)
        else:
            position = _subtype(source, position, end, draft)
        if position > end:
            break
    return position
