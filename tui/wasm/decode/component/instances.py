"""Instances: of core modules, of components, and those that only gather what is there. What they ask for must fit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui.wasm.decode.component.aliases import CORE_SORTS
from tui.wasm.decode.component.cursor import invalid
from tui.wasm.decode.component.externs import check_name, item, read_name, read_sort
from tui.wasm.decode.component.scope import check_weight
from tui.wasm.decode.component.types.matching import Mismatch, match_extern
from tui.wasm.decode.component.types.types import CoreModule, Entity, Instance, Resource, instance_type
from tui.wasm.decode.leb import Malformed

if TYPE_CHECKING:
    from tui.wasm.decode.component.cursor import Cursor
    from tui.wasm.decode.component.scope import CoreInstance, Scope
    from tui.wasm.decode.component.types.types import Component, Path

CORE_INSTANCE: Final = 0x12


def read_core_instance(cursor: Cursor, scope: Scope) -> None:
    """An entry of the core instance section."""
    at = cursor.at
    made = _gathered_core if cursor.flag("a kind of core instance") else _core_instance
    scope.core_instances.add(made(cursor, scope, at), at)


def _core_instance(cursor: Cursor, scope: Scope, at: int) -> CoreInstance:
    module: CoreModule = scope.core_modules.at(cursor.number(), at)
    given: dict[str, CoreInstance] = {}
    for _ in cursor.each("arguments"):
        name = cursor.text()
        cursor.one_of("an instance (0x12)", frozenset({CORE_INSTANCE}))
        found = scope.core_instances.at(cursor.number(), at)
        if name in given:
            raise invalid(at, f"two arguments have the name {name[:80]!r}")
        given[name] = found
    for (source, name), wanted in module.imports.items():
        where = f"import {source[:80]!r} {name[:80]!r} of the core module"
        if source not in given:
            raise invalid(at, f"{where}: no argument of that name")
        if name not in given[source]:
            raise invalid(at, f"{where}: the instance that is given exports no {name[:80]!r}")
        try:
            match_extern(given[source][name], wanted, where)
        except Mismatch as fault:
            raise invalid(at, str(fault)) from None
    return module.exports


def _gathered_core(cursor: Cursor, scope: Scope, at: int) -> CoreInstance:
    made: CoreInstance = {}
    for _ in cursor.each("exports"):
        name = cursor.text()
        sort = CORE_SORTS[cursor.one_of("a core sort", frozenset(CORE_SORTS))].removeprefix("core ")
        if sort not in scope.core:
            raise Malformed(at, f"a core instance cannot export a core {sort}")
        if name in made:
            raise invalid(at, f"two exports have the name {name[:80]!r}")
        made[name] = scope.core[sort].at(cursor.number(), at)
    return made


def read_instance(cursor: Cursor, scope: Scope) -> None:
    """An entry of the instance section."""
    at = cursor.at
    made = (_gathered if cursor.flag("a kind of instance") else _instance)(cursor, scope, at)
    check_weight(made, at, scope.meter)
    scope.instances.add(made, at)


def _gathered(cursor: Cursor, scope: Scope, at: int) -> Instance:
    exports: dict[str, Entity] = {}
    names: dict[str, str] = {}
    explicit: dict[int, Path] = {}
    for _ in cursor.each("exports"):
        written = read_name(cursor)
        found = item(scope, read_sort(cursor), cursor.number(), at)
        parsed = check_name(written, found, {}, "export")
        if parsed.key in names:
            raise invalid(written.at, f"two exports have the name {written.text[:80]!r} ({names[parsed.key][:80]!r})")
        names[parsed.key] = written.text
        exports[written.text] = found
        explicit.update(_explicit(found, written.text))
    return instance_type(exports, (), explicit)


def _explicit(found: Entity, name: str) -> dict[int, Path]:
    """The resources that come by name with an export."""
    if isinstance(found.created, Resource):
        return {found.created.key: (name,)}
    if isinstance(found.type, Instance) and found.created is None:
        return {key: (name, *path) for key, path in found.type.explicit.items()}
    return {}


def _instance(cursor: Cursor, scope: Scope, at: int) -> Instance:
    component: Component = scope.components.at(cursor.number(), at)
    given: dict[str, Entity] = {}
    for _ in cursor.each("arguments"):
        name = cursor.text()
        found = item(scope, read_sort(cursor), cursor.number(), at)
        if name in given:
            raise invalid(at, f"two arguments have the name {name[:80]!r}")
        given[name] = found
    try:
        opened = scope.matcher.open(given, component, "import")
    except Mismatch as fault:
        raise invalid(at, f"the component cannot be instantiated: {fault}") from None
    for old in component.defined:
        opened.resources[old] = key = scope.new_resource().key
        scope.defined[key] = None
    return instance_type(opened.entities(component.exports), (), opened.paths(component.explicit))
