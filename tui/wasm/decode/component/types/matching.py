"""Whether one type may stand where another is asked for. Values and functions are equal; the rest may offer more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from tui.wasm.decode.budget import Meter
from tui.wasm.decode.component.types.substitute import Substitution
from tui.wasm.decode.component.types.types import (
    Component,
    CoreModule,
    Function,
    Instance,
    Resource,
    Value,
    what,
)
from tui.wasm.module import FuncType, GlobalType, Limits, MemoryType, TableType, TagType

if TYPE_CHECKING:
    from tui.wasm.decode.budget import Tick
    from tui.wasm.decode.component.types.types import AnyType, CoreExtern, Entity
    from tui.wasm.module import ExternType

Side = Literal["import", "export"]


class Mismatch(Exception):  # noqa: N818 -- what it says is the fault's words
    """A type does not fit where it is put. Its text says why."""


def within(where: str, fault: Mismatch) -> Mismatch:
    """The fault with where it lies in front."""
    return Mismatch(f"{where}: {fault}")


class Matcher:
    """The comparison of types. What was found equal is not compared again."""

    def __init__(self, tick: Tick) -> None:
        self.meter = Meter(tick)
        self._equal: set[tuple[Value, Value]] = set()

    def entity(self, given: Entity, wanted: Entity) -> None:
        """An import or export. Raises Mismatch."""
        self.meter.spend(wanted.weight.size)
        if given.sort != wanted.sort:
            raise Mismatch(f"a {given.sort} where a {wanted.sort} belongs")
        if isinstance(given.type, CoreModule) and isinstance(wanted.type, CoreModule):
            match_module(given.type, wanted.type)
        elif not isinstance(given.type, CoreModule) and not isinstance(wanted.type, CoreModule):
            self.type(given.type, wanted.type)

    def type(self, given: AnyType, wanted: AnyType) -> None:
        """A type of any kind. Raises Mismatch."""
        if isinstance(given, Resource) and isinstance(wanted, Resource):
            if given.key != wanted.key:
                raise Mismatch("another resource")
        elif isinstance(given, Value) and isinstance(wanted, Value):
            self.value(given, wanted)
        elif isinstance(given, Function) and isinstance(wanted, Function):
            self.function(given, wanted)
        elif isinstance(given, Instance) and isinstance(wanted, Instance):
            self.instance(given, wanted)
        elif isinstance(given, Component) and isinstance(wanted, Component):
            self.component(given, wanted)
        else:
            raise Mismatch(f"{what(given)} where {what(wanted)} belongs")

    def value(self, given: Value, wanted: Value) -> None:
        """Value types, which must be equal."""
        if given is wanted or (given, wanted) in self._equal:
            return
        self.meter.spend(1 + len(wanted.names))
        if given.form != wanted.form or given.length != wanted.length:
            raise Mismatch(f"{given.form} where {wanted.form} belongs")
        if [name.lower() for name in given.names] != [name.lower() for name in wanted.names]:
            raise Mismatch(f"the names in the {given.form} differ")
        if len(given.parts) != len(wanted.parts):
            raise Mismatch(f"a {given.form} of {len(given.parts):,} where one of {len(wanted.parts):,} belongs")
        if given.resource and wanted.resource and given.resource.key != wanted.resource.key:
            raise Mismatch(f"{given.form} of another resource")
        for one, other in zip(given.parts, wanted.parts, strict=True):
            self.maybe(one, other, f"in the {given.form}")
        self._equal.add((given, wanted))

    def maybe(self, given: Value | None, wanted: Value | None, where: str) -> None:
        """Value types that may be absent, both or neither."""
        if (given is None) != (wanted is None):
            raise Mismatch(f"{where}: {'no' if given is None else 'a'} type where {'none' if given else 'one'} belongs")
        if given is None or wanted is None:
            return
        try:
            self.value(given, wanted)
        except Mismatch as fault:
            raise within(where, fault) from None

    def function(self, given: Function, wanted: Function) -> None:
        """Functions, which must be equal."""
        if given.is_async != wanted.is_async:
            kinds = {True: "an async function", False: "a synchronous function"}
            raise Mismatch(f"{kinds[given.is_async]} where {kinds[wanted.is_async]} belongs")
        if len(given.params) != len(wanted.params):
            raise Mismatch(f"a function of {len(given.params):,} parameters where {len(wanted.params):,} belong")
        for (name, value), (wanted_name, wanted_value) in zip(given.params, wanted.params, strict=True):
            if name.lower() != wanted_name.lower():
                raise Mismatch(f"a parameter {name!r} where {wanted_name!r} belongs")
            self.maybe(value, wanted_value, f"parameter {name!r}")
        self.maybe(given.result, wanted.result, "the result")

    def instance(self, given: Instance, wanted: Instance) -> None:
        """Instances: what is given may export more."""
        for name, entity in wanted.exports.items():
            if name not in given.exports:
                raise Mismatch(f"no export {name[:80]!r}")
            try:
                self.entity(given.exports[name], entity)
            except Mismatch as fault:
                raise within(f"export {name[:80]!r}", fault) from None

    def component(self, given: Component, wanted: Component) -> None:
        """Components: what is given may import less and export more."""
        offered = self.open(wanted.imports, given, "import")
        self.open(offered.entities(given.exports), wanted, "export")

    def open(self, given: dict[str, Entity], wanted: Component, side: Side) -> Substitution:
        """What is given for a component's imports (or stands for its exports), checked one by one.

        Gives what it puts in the place of the component's own resources and types. Raises Mismatch.
        """
        entities = wanted.imports if side == "import" else wanted.exports
        resources = wanted.imported if side == "import" else wanted.defined
        keys: dict[int, int] = {}
        for key, path in resources.items():
            leaf = _follow(given, path)
            if leaf is not None and isinstance(leaf.created, Resource):
                keys[key] = leaf.created.key
        expected = Substitution(keys)
        types: dict[AnyType, AnyType] = {}
        for name, entity in entities.items():
            if name not in given:
                raise Mismatch(f"the {side} {name[:80]!r} is missing")
            try:
                self.entity(given[name], expected.entity(entity))
            except Mismatch as fault:
                raise within(f"{side} {name[:80]!r}", fault) from None
            _pair(given[name], entity, types)
        return Substitution(keys, types)


def _follow(given: dict[str, Entity], path: tuple[str, ...]) -> Entity | None:
    found = given.get(path[0])
    for name in path[1:]:
        if found is None or not isinstance(found.type, Instance):
            return None
        found = found.type.exports.get(name)
    return found


def _pair(given: Entity, wanted: Entity, types: dict[AnyType, AnyType]) -> None:
    """Note which types the given one brings in the place of the wanted one's."""
    if given.created is not None and wanted.created is not None:
        types[wanted.created] = given.created
    elif isinstance(given.type, Instance) and isinstance(wanted.type, Instance) and wanted.created is None:
        for name, entity in wanted.type.exports.items():
            _pair(given.type.exports[name], entity, types)


def match_module(given: CoreModule, wanted: CoreModule) -> None:
    """Core modules: what is given may import less and export more. Raises Mismatch."""
    for key, extern in given.imports.items():
        where = f"import {key[0][:80]!r} {key[1][:80]!r}"
        if key not in wanted.imports:
            raise Mismatch(f"{where} is not offered")
        match_extern(wanted.imports[key], extern, where)
    for name, extern in wanted.exports.items():
        if name not in given.exports:
            raise Mismatch(f"no export {name[:80]!r}")
        match_extern(given.exports[name], extern, f"export {name[:80]!r}")


def match_extern(given: CoreExtern, wanted: CoreExtern, where: str) -> None:
    """What a core module imports or exports. Raises Mismatch."""
    if given.kind != wanted.kind:
        raise Mismatch(f"{where}: a {given.kind} where a {wanted.kind} belongs")
    if given.type is not None and wanted.type is not None and not core_fits(given.type, wanted.type):
        raise Mismatch(f"{where}: another type of {given.kind}")


def core_fits(given: ExternType, wanted: ExternType) -> bool:
    """Whether a core function, table, memory, global or tag may stand for another."""
    if isinstance(given, MemoryType) and isinstance(wanted, MemoryType):
        return _limits_fit(given.limits, wanted.limits)
    if isinstance(given, TableType) and isinstance(wanted, TableType):
        return _limits_fit(given.limits, wanted.limits) and _same(given.element, wanted.element)
    if isinstance(given, GlobalType) and isinstance(wanted, GlobalType):
        return given.mutable == wanted.mutable and _same(given.value, wanted.value)
    if isinstance(given, TagType) and isinstance(wanted, TagType):
        return given.type is None or wanted.type is None or core_fits(given.type, wanted.type)
    return isinstance(given, FuncType) and isinstance(wanted, FuncType) and same_function(given, wanted)


def same_function(one: FuncType, other: FuncType) -> bool:
    """Whether two core functions have the same type."""
    if one == other:
        return True
    if one.digest or other.digest or len(one.params) != len(other.params) or len(one.results) != len(other.results):
        return False
    pairs = zip((*one.params, *one.results), (*other.params, *other.results), strict=True)
    return all(_same(mine, theirs) for mine, theirs in pairs)


def _same(one: str, other: str) -> bool:
    """Whether two core value types are the same. Those that a module defines itself are not compared further."""
    return one == other or (one.endswith(_DIGITS) and other.endswith(_DIGITS))


_DIGITS: Final = tuple(f"{digit})" for digit in range(10))


def _limits_fit(given: Limits, wanted: Limits) -> bool:
    if (given.shared, given.is64, given.page_size) != (wanted.shared, wanted.is64, wanted.page_size):
        return False
    if given.minimum < wanted.minimum:
        return False
    return wanted.maximum is None or (given.maximum is not None and given.maximum <= wanted.maximum)
