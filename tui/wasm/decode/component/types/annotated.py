"""What the names of functions of a resource ask of their types: [constructor]r, [method]r.f and [static]r.f."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.wasm.decode.component.types.types import Function

if TYPE_CHECKING:
    from tui.wasm.decode.component.names import ExternName
    from tui.wasm.decode.component.types.types import Entity, Resource, Value


def check_annotated(name: ExternName, entity: Entity, resources: dict[Resource, str]) -> None:
    """Raise ValueError where a function is not what its name says. `resources` are those with a name here."""
    if not name.resource:
        return
    if not isinstance(entity.type, Function) or entity.created is not None:
        raise ValueError(f"a {name.kind} is a function, this is a {entity.sort}")
    if name.kind == "constructor":
        _check_constructor(name, entity.type, resources)
    elif name.kind == "method":
        _check_method(name, entity.type, resources)
    elif name.resource not in resources.values():
        raise ValueError(f"there is no resource {name.resource!r} before it")


def _check_constructor(name: ExternName, found: Function, resources: dict[Resource, str]) -> None:
    if found.is_async:
        raise ValueError("a constructor is never async")
    made: Value | None = found.result
    if made is not None and made.form == "result":
        made = made.parts[0]
    if made is None or made.form != "own":
        raise ValueError("a constructor gives (own $T) or (result (own $T))")
    _check_resource(name, made.resource, resources)


def _check_method(name: ExternName, found: Function, resources: dict[Resource, str]) -> None:
    if not found.params or found.params[0][0] != "self":
        raise ValueError('the first parameter of a method is called "self"')
    own = found.params[0][1]
    if own.form != "borrow":
        raise ValueError('the "self" of a method is a (borrow $T)')
    _check_resource(name, own.resource, resources)


def _check_resource(name: ExternName, found: Resource | None, resources: dict[Resource, str]) -> None:
    own = resources.get(found) if found else None
    if own is None:
        raise ValueError("its resource has no name here")
    if own != name.resource:
        raise ValueError(f"its resource is called {own[:80]!r} here")
