"""One section of a component: its entries read one by one into the component's scope."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui.wasm.decode.component.aliases import read_alias
from tui.wasm.decode.component.canon.canonical import read_canonical
from tui.wasm.decode.component.cursor import Cursor, invalid
from tui.wasm.decode.component.definitions import read_type
from tui.wasm.decode.component.externs import read_export, read_import, skip_export, skip_import
from tui.wasm.decode.component.instances import read_core_instance, read_instance
from tui.wasm.decode.component.types.core_types import read_core_type
from tui.wasm.decode.component.types.matching import Mismatch
from tui.wasm.decode.component.types.values import value_type
from tui.wasm.decode.leb import Malformed

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.wasm.decode.component.scope import Scope
    from tui.wasm.decode.core.draft import Draft

START, IMPORT, EXPORT = 9, 10, 11
KEPT: Final = 10_000  # imports and exports that are listed


def check_section(draft: Draft, scope: Scope, section: int, start: int, end: int) -> list[tuple[str, str]]:
    """Read one section into the scope; gives the sort and name of what it imports or exports. Raises Malformed."""
    cursor = Cursor(draft, start, end)
    try:
        return _entries(cursor, scope, section)
    except IndexError:
        raise Malformed(end, "the section ends too early") from None


def list_section(draft: Draft, section: int, start: int, end: int) -> list[tuple[str, str]]:
    """What a section imports or exports, where nothing is known of what its indices stand for."""
    cursor = Cursor(draft, start, end)
    skip = skip_import if section == IMPORT else skip_export
    names: list[tuple[str, str]] = []
    try:
        names.extend(skip(cursor) for _ in cursor.each("entries"))
    except (Malformed, IndexError):
        return names[:KEPT]  # what is wrong with the component is told already
    return names[:KEPT]


def _entries(cursor: Cursor, scope: Scope, section: int) -> list[tuple[str, str]]:
    names: list[tuple[str, str]] = []
    if section == START:
        _start(cursor, scope)
    elif section in (IMPORT, EXPORT):
        read = read_import if section == IMPORT else read_export
        for _ in cursor.each("entries"):
            found = read(cursor, scope)
            if len(names) < KEPT:
                names.append(found)
    elif section in _ENTRIES:
        for _ in cursor.each("entries"):
            _ENTRIES[section](cursor, scope)
    else:
        return names
    if cursor.at != cursor.end:
        past = cursor.at > cursor.end
        where = "runs past the end of the section" if past else f"leaves {cursor.end - cursor.at:,} bytes over"
        raise Malformed(min(cursor.at, cursor.end), f"its last entry {where}")
    return names


def _start(cursor: Cursor, scope: Scope) -> None:
    """The start section: a function that is called with values."""
    at = cursor.at
    if scope.started:
        raise invalid(at, "a second start function")
    scope.started = True
    index = cursor.number()
    found = scope.functions.at(index, at)
    given = [scope.take_value(cursor.number(), at) for _ in cursor.each("arguments")]
    if len(given) != len(found.params):
        raise invalid(at, f"start: func {index:,} takes {len(found.params):,} values, {len(given):,} are given")
    for value, (name, wanted) in zip(given, found.params, strict=True):
        try:
            scope.matcher.value(value, wanted)
        except Mismatch as fault:
            raise invalid(at, f"start: parameter {name[:80]!r}: {fault}") from None
    results = cursor.number()
    if results != (0 if found.result is None else 1):
        raise invalid(
            at, f"start: {results:,} results of func {index:,}, which gives {'one' if found.result else 'none'}"
        )
    if found.result is not None:
        scope.values.add(found.result, at)


def _value(cursor: Cursor, scope: Scope) -> None:
    """An entry of the value section; what the value is made of is passed over."""
    at = cursor.at
    found = value_type(cursor, scope)
    size = cursor.number()
    if size > cursor.end - cursor.at:
        raise Malformed(at, f"a value of {size:,} bytes, {cursor.end - cursor.at:,} bytes left")
    cursor.at += size
    scope.values.add(found, at)


_ENTRIES: Final[dict[int, Callable[[Cursor, Scope], None]]] = {
    2: read_core_instance,
    3: read_core_type,
    5: read_instance,
    6: read_alias,
    7: read_type,
    8: read_canonical,
    12: _value,
}
