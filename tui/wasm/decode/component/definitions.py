"""The type section: value types, functions, resources, and the types of instances and components."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui.wasm.decode.component.aliases import read_alias
from tui.wasm.decode.component.cursor import invalid
from tui.wasm.decode.component.externs import declare, read_extern_type, read_name
from tui.wasm.decode.component.scope import Scope, check_weight
from tui.wasm.decode.component.types.core_types import read_core_type
from tui.wasm.decode.component.types.types import Function, Instance, instance_type, weigh
from tui.wasm.decode.component.types.values import Labels, read_value, value_type
from tui.wasm.decode.types import value_type as core_value_type
from tui.wasm.module import FuncType

if TYPE_CHECKING:
    from tui.wasm.decode.component.cursor import Cursor
    from tui.wasm.decode.component.types.types import AnyType, Component, Resource, Value

COMPONENT, INSTANCE, RESOURCE, FUNCTION, ASYNC = 0x41, 0x42, 0x3F, 0x40, 0x43
IMPORT: Final = 3


def read_type(cursor: Cursor, scope: Scope) -> None:
    """An entry of the type section, or a type among declarations."""
    at = cursor.at
    found = _type(cursor, scope)
    check_weight(found, at, scope.meter)
    scope.types.add(found, at)


def _type(cursor: Cursor, scope: Scope) -> AnyType:
    form = cursor.byte()
    if form in (FUNCTION, ASYNC):
        return _function(cursor, scope, is_async=form == ASYNC)
    if form == RESOURCE:
        return _resource(cursor, scope)
    if form not in (COMPONENT, INSTANCE):
        return read_value(cursor, scope, form)
    cursor.enter()
    found = _component(cursor, scope) if form == COMPONENT else _instance(cursor, scope)
    cursor.leave()
    return found


def _function(cursor: Cursor, scope: Scope, *, is_async: bool) -> Function:
    at = cursor.at
    labels = Labels("parameter", at)
    params = [(labels.add(cursor.text()), value_type(cursor, scope)) for _ in cursor.each("parameters")]
    result = read_result(cursor, scope)
    if result is not None and result.weight.borrows:
        raise invalid(at, "the result of a function holds a borrow")
    parts = [value.weight for _, value in params] + ([result.weight] if result else [])
    return Function(tuple(params), result, is_async, weigh(parts))


def read_result(cursor: Cursor, scope: Scope) -> Value | None:
    """The result of a function, or none."""
    if cursor.flag("a kind of result"):
        cursor.one_of("the end of no result (0)", range(1))
        return None
    return value_type(cursor, scope)


def _resource(cursor: Cursor, scope: Scope) -> Resource:
    at = cursor.at
    rep, cursor.at = core_value_type(cursor.source, at)
    destructor = cursor.number() if cursor.flag("a mark of a destructor") else None
    if scope.kind != "component":
        raise invalid(at, "a resource is defined in a component, not in a type")
    if rep not in ("i32", "i64"):
        raise invalid(at, f"a resource is represented by i32 or i64, not by {rep}")
    if destructor is not None and scope.core_function(destructor, at) not in (FuncType((rep,)), None):
        raise invalid(at, f"core func {destructor:,} is not a destructor, which takes an {rep} and gives nothing")
    made = scope.new_resource()
    scope.defined[made.key] = rep
    return made


def _instance(cursor: Cursor, outer: Scope) -> Instance:
    scope = Scope("instance type", outer, cursor.draft.tick)
    for _ in cursor.each("declarations"):
        _declaration(cursor, scope)
    return instance_type(scope.exports, tuple(scope.defined), scope.explicit)


def _component(cursor: Cursor, outer: Scope) -> Component:
    scope = Scope("component type", outer, cursor.draft.tick)
    for _ in cursor.each("declarations"):
        if cursor.peek() == IMPORT:
            cursor.byte()
            written = read_name(cursor)
            declare(scope, written, read_extern_type(cursor, scope), "import")
        else:
            _declaration(cursor, scope)
    return scope.finish(cursor.at)


def _declaration(cursor: Cursor, scope: Scope) -> None:
    kind = cursor.one_of("a declaration (0, 1, 2 or 4)", frozenset({0, 1, 2, 4}))
    if kind == 0:
        read_core_type(cursor, scope)
    elif kind == 1:
        read_type(cursor, scope)
    elif kind == 2:
        read_alias(cursor, scope)
    else:
        written = read_name(cursor)
        declare(scope, written, read_extern_type(cursor, scope), "export")
