"""Aliases: what another instance exports, or what a scope further out defines, as an entry of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui.wasm.decode.component.cursor import invalid
from tui.wasm.decode.component.externs import SORTS, enter
from tui.wasm.decode.leb import Malformed

if TYPE_CHECKING:
    from tui.wasm.decode.component.cursor import Cursor
    from tui.wasm.decode.component.scope import Scope

CORE_SORTS: Final = {
    0x00: "core func",
    0x01: "core table",
    0x02: "core memory",
    0x03: "core global",
    0x04: "core tag",
    0x10: "core type",
    0x11: "core module",
    0x12: "core instance",
}
EXPORT, CORE_EXPORT, OUTER = range(3)
OF_INSTANCES: Final = frozenset({"core module", "func", "value", "type", "component", "instance"})
OUTWARD: Final = frozenset({"core type", "core module", "type", "component"})
IN_TYPES: Final = {EXPORT: frozenset({"type", "instance"}), CORE_EXPORT: frozenset[str](), OUTER: {"type", "core type"}}


def read_any_sort(cursor: Cursor) -> str:
    """What an alias is of, core sorts among them."""
    found = cursor.one_of("a sort (0 to 5)", range(len(SORTS)))
    return CORE_SORTS[cursor.one_of("a core sort", frozenset(CORE_SORTS))] if found == 0 else SORTS[found]


def read_alias(cursor: Cursor, scope: Scope) -> None:
    """An entry of the alias section, or an alias among declarations."""
    at = cursor.at
    sort = read_any_sort(cursor)
    target = cursor.one_of("a target of an alias (0 to 2)", range(3))
    first = cursor.number()
    if target == OUTER:
        second = cursor.number()
        _check_sort(sort, OUTWARD, at, "an outer alias")
    else:
        name = cursor.text()
        allowed = OF_INSTANCES if target == EXPORT else frozenset(f"core {kind}" for kind in scope.core)
        _check_sort(sort, allowed, at, "an alias of an export")
    if scope.kind != "component" and sort not in IN_TYPES[target]:
        raise invalid(at, f"an alias in a type is of types or instances, not of a {sort}")
    if target == OUTER:
        _outer(scope, sort, first, second, at)
    elif target == EXPORT:
        _export(scope, sort, first, name, at)
    else:
        _core_export(scope, sort, first, name, at)


def _check_sort(sort: str, allowed: frozenset[str], at: int, what: str) -> None:
    if sort not in allowed:
        raise Malformed(at, f"{what} cannot be of a {sort}")


def _export(scope: Scope, sort: str, index: int, name: str, at: int) -> None:
    exports = scope.instances.at(index, at).exports
    if name not in exports:
        raise invalid(at, f"instance {index:,} exports no {name[:80]!r}")
    found = exports[name]
    if found.sort != sort:
        raise invalid(at, f"export {name[:80]!r} of instance {index:,} is a {found.sort}, not a {sort}")
    enter(scope, found, at)


def _core_export(scope: Scope, sort: str, index: int, name: str, at: int) -> None:
    exports = scope.core_instances.at(index, at)
    if name not in exports:
        raise invalid(at, f"core instance {index:,} exports no {name[:80]!r}")
    kind = sort.removeprefix("core ")
    if exports[name].kind != kind:
        raise invalid(at, f"export {name[:80]!r} of core instance {index:,} is a {exports[name].kind}, not a {kind}")
    scope.core[kind].add(exports[name], at)


def _outer(scope: Scope, sort: str, levels: int, index: int, at: int) -> None:
    source = scope.outward(levels, at)
    if sort == "core type":
        scope.core_types.add(source.core_types.at(index, at), at)
    elif sort == "core module":
        scope.core_modules.add(source.core_modules.at(index, at), at)
    elif sort == "component":
        scope.components.add(source.components.at(index, at), at)
    else:
        found = source.types.at(index, at)
        if _leaves_a_component(scope, levels) and found.weight.free:
            raise invalid(at, f"type {index:,} further out names a resource, which stays in its component")
        scope.types.add(found, at)


def _leaves_a_component(scope: Scope, levels: int) -> bool:
    """Whether the way so many levels out passes the end of a component."""
    return levels > 0 and scope.outward(levels - 1, 0).kind == "component"
