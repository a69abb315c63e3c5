"""Which types an import or export may name: those that are imported or exported by a name themselves.

Source: the component model's Explainer.md, External visibility of types.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui.wasm.decode.component.types.types import PRIMITIVE_FORMS, Function, Instance, Value

if TYPE_CHECKING:
    from tui.wasm.decode.component.scope import Scope
    from tui.wasm.decode.component.types.matching import Matcher, Side
    from tui.wasm.decode.component.types.types import AnyType, CoreModule, Entity

NEEDS_NAME: Final = frozenset({"record", "variant", "flags", "enum"})


def register(scope: Scope, entity: Entity, side: Side) -> bool:
    """Note the types that an import or export brings; gives whether all that it names has a name."""
    if scope.kind == "instance type":
        return True
    named = scope.import_types if side == "import" else scope.export_types
    if entity.created is not None:
        if not _outer_named(scope.matcher, entity.type, named):
            return False
        scope.export_types.add(entity.created)
        if side == "import":
            scope.import_types.add(entity.created)
        return True
    if isinstance(entity.type, Instance):
        return all(register(scope, inner, side) for inner in entity.type.exports.values())
    if isinstance(entity.type, Function):
        return _function_named(scope.matcher, entity.type, named)
    return not isinstance(entity.type, Value) or _named(scope.matcher, entity.type, named)


def _function_named(matcher: Matcher, found: Function, named: set[AnyType]) -> bool:
    values = [value for _, value in found.params] + ([found.result] if found.result else [])
    return all(_named(matcher, value, named) for value in values)


def _outer_named(matcher: Matcher, found: AnyType | CoreModule, named: set[AnyType]) -> bool:
    """Whether a type whose own name comes with it names what has a name."""
    if isinstance(found, Value):
        return _parts_named(matcher, found, named)
    if isinstance(found, Function):
        return _function_named(matcher, found, named)
    if isinstance(found, Instance):
        return all(_inside_named(matcher, entity, named) for entity in found.exports.values())
    return True


def _inside_named(matcher: Matcher, entity: Entity, named: set[AnyType]) -> bool:
    """Whether what an instance type exports names what has a name."""
    if entity.created is not None:
        return _outer_named(matcher, entity.created, named)
    if isinstance(entity.type, Value | Function | Instance):
        return _outer_named(matcher, entity.type, named)
    return True


def _named(matcher: Matcher, found: Value, named: set[AnyType]) -> bool:
    """Whether a value type has a name, or is one that needs none, of parts that have."""
    if found.form in PRIMITIVE_FORMS:
        return True
    if found.form in NEEDS_NAME:
        return found in named
    return _parts_named(matcher, found, named)


def _parts_named(matcher: Matcher, found: Value, named: set[AnyType]) -> bool:
    matcher.meter.spend(1 + len(found.parts))
    if found.resource is not None:
        return found.resource in named
    return all(_named(matcher, part, named) for part in found.parts if part is not None)
