"""Imports and exports of components and of their types: how they are written, and what they bring into a scope."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tui.wasm.decode.component.cursor import invalid
from tui.wasm.decode.component.names import ExternName, extern_name
from tui.wasm.decode.component.scope import check_weight
from tui.wasm.decode.component.types.annotated import check_annotated
from tui.wasm.decode.component.types.matching import Mismatch
from tui.wasm.decode.component.types.named import register
from tui.wasm.decode.component.types.substitute import Substitution
from tui.wasm.decode.component.types.types import (
    Component,
    CoreModule,
    Entity,
    Function,
    Instance,
    Resource,
    Value,
    instance_type,
    renewed,
)
from tui.wasm.decode.component.types.values import value_type
from tui.wasm.decode.leb import Malformed

if TYPE_CHECKING:
    from tui.wasm.decode.component.cursor import Cursor
    from tui.wasm.decode.component.scope import Scope
    from tui.wasm.decode.component.types.matching import Side
    from tui.wasm.decode.component.types.types import AnyType

SORTS: Final = ("core", "func", "value", "type", "component", "instance")
CORE_MODULE: Final = 0x11


@dataclass(frozen=True, slots=True)
class Written:
    """The name of an import or export as it is written, with its attributes."""

    text: str
    at: int
    implements: str | None = None
    suffix: str | None = None
    external: str | None = None


def read_name(cursor: Cursor) -> Written:
    """The name of an import or export."""
    at = cursor.at
    kind = cursor.one_of("a kind of name (0 to 2)", range(3))
    text = cursor.text()
    found: dict[int, str] = {}
    for _ in cursor.each("attributes") if kind == 2 else ():
        attribute = cursor.one_of("an attribute of a name (0 to 2)", range(3))
        if attribute in found:
            raise Malformed(cursor.at - 1, f"the name {text[:80]!r} has an attribute twice")
        found[attribute] = cursor.text()
    return Written(text, at, found.get(0), found.get(1), found.get(2))


def read_sort(cursor: Cursor) -> str:
    """What an import, an export or an argument is of."""
    found = cursor.one_of("a sort (0 to 5)", range(len(SORTS)))
    if found == 0:
        cursor.one_of("a core module (0x11)", frozenset({CORE_MODULE}))
        return "core module"
    return SORTS[found]


def skip_extern_type(cursor: Cursor) -> str:
    """The type of an import or export, of which only the sort is told."""
    sort = read_sort(cursor)
    if sort == "value":
        value_type(cursor, None)
    elif sort != "type" or not cursor.flag("a bound of a type"):
        cursor.number()
    return sort


def read_extern_type(cursor: Cursor, scope: Scope) -> Entity:
    """The type of an import or export."""
    at = cursor.at
    sort = read_sort(cursor)
    if sort == "value":
        return Entity(sort, value_type(cursor, scope))  # its bounds are not written yet, whatever Binary.md says
    if sort == "type":
        return _type_bound(cursor, scope)
    index = cursor.number()
    if sort == "core module":
        module = scope.core_types.at(index, at)
        if not isinstance(module, CoreModule):
            raise invalid(at, f"core type {index:,} is not the type of a module")
        return Entity(sort, module)
    if sort == "func":
        return Entity(sort, scope.function_type(index, at))
    found = scope.types.at(index, at)
    if not isinstance(found, Instance if sort == "instance" else Component):
        raise invalid(at, f"type {index:,} is not the type of {'an instance' if sort == 'instance' else 'a component'}")
    return Entity(sort, found)


def _type_bound(cursor: Cursor, scope: Scope) -> Entity:
    at = cursor.at
    if cursor.flag("a bound of a type"):
        fresh = scope.new_resource()
        return Entity("type", fresh, fresh)
    found = scope.types.at(cursor.number(), at)
    return Entity("type", found, renewed(found))


def item(scope: Scope, sort: str, index: int, at: int) -> Entity:
    """What an index of a sort stands for. A value is used up by it."""
    if sort == "core module":
        return Entity(sort, scope.core_modules.at(index, at))
    if sort == "func":
        return Entity(sort, scope.functions.at(index, at))
    if sort == "value":
        return Entity(sort, scope.take_value(index, at))
    if sort == "type":
        found = scope.types.at(index, at)
        return Entity(sort, found, found)
    return Entity(sort, (scope.components if sort == "component" else scope.instances).at(index, at))


def read_import(cursor: Cursor, scope: Scope) -> tuple[str, str]:
    """An entry of the import section; gives its sort and name."""
    written = read_name(cursor)
    declare(scope, written, read_extern_type(cursor, scope), "import")
    return scope.imports[written.text].sort, written.text


def read_export(cursor: Cursor, scope: Scope) -> tuple[str, str]:
    """An entry of the export section; gives its sort and name."""
    written = read_name(cursor)
    at = cursor.at
    sort = read_sort(cursor)
    found = item(scope, sort, cursor.number(), at)
    if found.created is not None:
        found = Entity(sort, found.type, renewed(found.created))
    at = cursor.at
    if cursor.flag("a mark of a type that is given"):
        given, found = found, read_extern_type(cursor, scope)
        try:
            scope.matcher.entity(given, found)
        except Mismatch as fault:
            raise invalid(at, f"export {written.text[:80]!r} is not of the type that it is given: {fault}") from None
    declare(scope, written, found, "export")
    return sort, written.text


def skip_import(cursor: Cursor) -> tuple[str, str]:
    """An import where nothing is known of what its indices stand for."""
    text = read_name(cursor).text
    return skip_extern_type(cursor), text


def skip_export(cursor: Cursor) -> tuple[str, str]:
    """An export where nothing is known of what its indices stand for."""
    text = read_name(cursor).text
    sort = read_sort(cursor)
    cursor.number()
    if cursor.flag("a mark of a type that is given"):
        skip_extern_type(cursor)
    return sort, text


def declare(scope: Scope, written: Written, entity: Entity, side: Side) -> None:
    """Bring an import or export into the scope: as an entry of its index space, and by its name."""
    entity = _enter(scope, entity, written, side)
    if not register(scope, entity, side):
        words = f"{side} {written.text[:80]!r} names a type that is not {side}ed itself by a name"
        raise invalid(written.at, words)
    resources = scope.import_resources if side == "import" else scope.export_resources
    parsed = check_name(written, entity, resources, side)
    names, items = (scope.import_names, scope.imports) if side == "import" else (scope.export_names, scope.exports)
    if parsed.key in names:
        raise invalid(written.at, f"two {side}s have the name {written.text[:80]!r} ({names[parsed.key][:80]!r})")
    names[parsed.key] = written.text
    items[written.text] = entity


def check_name(written: Written, entity: Entity, resources: dict[Resource, str], side: Side) -> ExternName:
    """The name of an import or export, which must follow the grammar and fit what it is of."""
    try:
        parsed = extern_name(written.text, written.suffix)
        if side == "export" and parsed.kind in ("dependency", "url", "hash"):
            raise ValueError("a name for imports")  # noqa: TRY301 -- as the names' own faults
        if written.implements is not None:
            _check_implements(written.implements, parsed, entity)
        if written.suffix is not None and entity.sort != "instance":
            raise ValueError("only an instance has a suffix of its version")  # noqa: TRY301
        check_annotated(parsed, entity, resources)
    except ValueError as fault:
        raise invalid(written.at, f"{side} {written.text[:80]!r}: {fault}") from None
    return parsed


def _check_implements(implements: str, parsed: ExternName, entity: Entity) -> None:
    if parsed.kind != "label":
        raise ValueError("only a plain name may say what it implements")
    if entity.sort != "instance":
        raise ValueError("only an instance may say what it implements")
    if extern_name(implements).kind != "interface":
        raise ValueError(f"implements {implements[:80]!r}, which is not the name of an interface")


def enter(scope: Scope, entity: Entity, at: int) -> None:
    """A new entry of the index space of its sort."""
    if isinstance(entity.type, CoreModule):
        scope.core_modules.add(entity.type, at)
    elif entity.created is not None:
        scope.types.add(entity.created, at)
    elif isinstance(entity.type, Instance):
        scope.instances.add(entity.type, at)
    elif isinstance(entity.type, Component):
        scope.components.add(entity.type, at)
    else:
        _enter_callable(scope, entity.type, at)


def _enter_callable(scope: Scope, found: AnyType, at: int) -> None:
    if isinstance(found, Function):
        scope.functions.add(found, at)
    elif isinstance(found, Value):
        scope.values.add(found, at)


def _enter(scope: Scope, entity: Entity, written: Written, side: Side) -> Entity:
    """Into the index space, and the resources that come with it into the scope."""
    if isinstance(entity.type, Instance) and entity.created is None:
        made = _bring_instance if side == "import" else _hand_instance
        entity = Entity(entity.sort, made(scope, entity.type, written.text))
    check_weight(entity.type, written.at, scope.meter)
    enter(scope, entity, written.at)
    if entity.sort == "value" and side == "export":
        scope.used.add(len(scope.values) - 1)
    if isinstance(entity.created, Resource):
        _note_resource(scope, entity.created, written.text, side, is_new=entity.created is entity.type)
    return entity


def _note_resource(scope: Scope, found: Resource, name: str, side: Side, *, is_new: bool) -> None:
    key = found.key
    if side == "import":
        scope.import_resources[found] = name
        if is_new:
            scope.imported[key] = (name,)
        return
    scope.export_resources[found] = name
    if is_new:
        scope.defined[key] = None
    scope.explicit[key] = (name,)


def _anew(scope: Scope, found: Instance) -> tuple[Instance, dict[int, int]]:
    """An instance of a type: the resources that the type defines are new ones with each."""
    keys = {old: scope.new_resource().key for old in found.defined}
    if not keys:
        return found, keys
    fresh = Substitution(keys)
    return instance_type(fresh.entities(found.exports), (), fresh.paths(found.explicit)), keys


def _bring_instance(scope: Scope, found: Instance, name: str) -> Instance:
    made, keys = _anew(scope, found)
    for old, key in keys.items():
        scope.imported[key] = (name, *found.explicit[old])
    return made


def _hand_instance(scope: Scope, found: Instance, name: str) -> Instance:
    made, keys = _anew(scope, found)
    scope.defined.update(dict.fromkeys(keys.values()))
    for key, path in made.explicit.items():
        scope.explicit[key] = (name, *path)
    return made
