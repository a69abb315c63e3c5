"""Types with other resources in the place of those that they name."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tui.wasm.decode.component.types.types import Component, CoreModule, Entity, Function, Instance, Resource, Value

if TYPE_CHECKING:
    from tui.wasm.decode.component.types.types import AnyType, Path


class Substitution:
    """Resources, and whole types, that others stand in for. What was put in once is put in everywhere."""

    def __init__(self, resources: dict[int, int], types: dict[AnyType, AnyType] | None = None) -> None:
        self.resources = resources
        self.types: dict[AnyType, AnyType] = dict(types or {})
        self._named = bool(types)  # whole types: they may lie anywhere

    def touches(self, found: AnyType) -> bool:
        """Whether a type may come out as another."""
        return self._named or not self.resources.keys().isdisjoint(found.weight.free)

    def entity(self, entity: Entity) -> Entity:
        """An import or export."""
        if isinstance(entity.type, CoreModule):
            return entity
        if entity.created is None:
            return Entity(entity.sort, self.type(entity.type))
        return Entity(entity.sort, self.type(entity.type), self.type(entity.created))

    def entities(self, entities: dict[str, Entity]) -> dict[str, Entity]:
        """Imports or exports."""
        return {name: self.entity(entity) for name, entity in entities.items()}

    def paths(self, paths: dict[int, Path]) -> dict[int, Path]:
        """Resources with where they are found."""
        return {self.resources.get(key, key): path for key, path in paths.items()}

    def type(self, found: AnyType) -> AnyType:
        """A type of any kind."""
        if found in self.types:
            return self.types[found]
        if not self.touches(found):
            return found
        made = self.types[found] = self._make(found)
        return made

    def value(self, found: Value) -> Value:
        """A value type."""
        made = self.type(found)
        assert isinstance(made, Value)  # noqa: S101 -- a kind stays what it is
        return made

    def _make(self, found: AnyType) -> AnyType:
        if isinstance(found, Resource):
            key = self.resources.get(found.key, found.key)
            return found if key == found.key else Resource(key)
        if isinstance(found, Value):
            return self._value(found)
        if isinstance(found, Function):
            return self._function(found)
        return self._instance(found) if isinstance(found, Instance) else self._component(found)

    def _free(self, found: AnyType) -> frozenset[int]:
        return frozenset(self.resources.get(key, key) for key in found.weight.free)

    def _value(self, found: Value) -> Value:
        parts = tuple(part and self.value(part) for part in found.parts)
        resource = found.resource and self.type(found.resource)
        assert resource is None or isinstance(resource, Resource)  # noqa: S101 -- a kind stays what it is
        if parts == found.parts and resource is found.resource:
            return found
        return replace(found, parts=parts, resource=resource, weight=replace(found.weight, free=self._free(found)))

    def _function(self, found: Function) -> Function:
        params = tuple((name, self.value(value)) for name, value in found.params)
        result = found.result and self.value(found.result)
        if params == found.params and result is found.result:
            return found
        return replace(found, params=params, result=result, weight=replace(found.weight, free=self._free(found)))

    def _instance(self, found: Instance) -> Instance:
        return replace(
            found,
            exports=self.entities(found.exports),
            defined=tuple(self.resources.get(key, key) for key in found.defined),
            explicit=self.paths(found.explicit),
            weight=replace(found.weight, free=self._free(found)),
        )

    def _component(self, found: Component) -> Component:
        return replace(
            found,
            imports=self.entities(found.imports),
            exports=self.entities(found.exports),
            imported=self.paths(found.imported),
            defined=self.paths(found.defined),
            explicit=self.paths(found.explicit),
            weight=replace(found.weight, free=self._free(found)),
        )
