"""The index spaces of a component, a component type or an instance type, and what it imports and exports."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Final, Generic, Literal, TypeVar

from tui.wasm.decode.component.cursor import invalid
from tui.wasm.decode.component.types.matching import Matcher
from tui.wasm.decode.component.types.types import (
    HEAVIEST,
    Component,
    CoreExtern,
    CoreModule,
    Function,
    Instance,
    Resource,
    Value,
    component_type,
    weigh,
)
from tui.wasm.decode.leb import Malformed
from tui.wasm.module import FuncType

if TYPE_CHECKING:
    from tui.wasm.decode.budget import Meter, Tick
    from tui.wasm.decode.component.types.types import AnyType, Entity, Path

ScopeKind = Literal["component", "component type", "instance type"]
CoreType = FuncType | CoreModule | None  # None: one of garbage-collected types
CoreInstance = dict[str, CoreExtern]
T = TypeVar("T")
# What engines take of each at most.
MOST: Final = {"core module": 1_000, "component": 1_000, "instance": 1_000, "value": 1_000}
MOST_OTHERS: Final = 1_000_000
DEEPEST: Final = 100  # types in types, by index
_PLURALS: Final = {"core memory": "core memories"}


class Space(Generic[T]):
    """One index space: what it is of, and its entries."""

    def __init__(self, sort: str) -> None:
        self._of = sort
        self.entries: list[T] = []

    def __len__(self) -> int:
        return len(self.entries)

    def add(self, found: T, at: int) -> None:
        """A new entry. Raises Malformed where there are more than any engine takes."""
        most = MOST.get(self._of, MOST_OTHERS)
        if len(self) >= most:
            raise Malformed(at, f"more than {most:,} {_PLURALS.get(self._of, self._of + 's')}", "limit")
        self.entries.append(found)

    def at(self, index: int, at: int) -> T:
        """The entry of an index, which must be there. Raises Malformed."""
        if index >= len(self):
            have = f"{len(self):,} {'is' if len(self) == 1 else 'are'} defined before"
            raise invalid(at, f"there is no {self._of} {index:,}: {have}")
        return self.entries[index]


class Scope:
    """What is known so far of a component, a component type or an instance type."""

    def __init__(self, kind: ScopeKind, outer: Scope | None, tick: Tick) -> None:
        self.kind = kind
        self.outer = outer
        self.matcher: Matcher = outer.matcher if outer else Matcher(tick)
        self.meter: Meter = self.matcher.meter
        self._keys: count[int] = outer._keys if outer else count()
        self._start_core()
        self._start_own()
        self._start_resources()

    def _start_core(self) -> None:
        self.core_types: Space[CoreType] = Space("core type")
        self.core_modules: Space[CoreModule] = Space("core module")
        self.core_instances: Space[CoreInstance] = Space("core instance")
        self.core: dict[str, Space[CoreExtern]] = {
            kind: Space(f"core {kind}") for kind in ("func", "table", "memory", "global", "tag")
        }

    def _start_own(self) -> None:
        self.types: Space[AnyType] = Space("type")
        self.functions: Space[Function] = Space("func")
        self.values: Space[Value] = Space("value")
        self.used: set[int] = set()  # values that something takes
        self.instances: Space[Instance] = Space("instance")
        self.components: Space[Component] = Space("component")
        self.imports: dict[str, Entity] = {}
        self.exports: dict[str, Entity] = {}
        self.import_names: dict[str, str] = {}  # by what makes them the same
        self.export_names: dict[str, str] = {}
        self.started = False
        self.context: str | None = None  # the core type of what context.get gives

    def _start_resources(self) -> None:
        self.imported: dict[int, Path] = {}
        self.defined: dict[int, str | None] = {}  # with the core type that stands for it, where it is defined here
        self.explicit: dict[int, Path] = {}
        self.import_types: set[AnyType] = set()  # those with a name, that imports may name
        self.export_types: set[AnyType] = set()
        self.import_resources: dict[Resource, str] = {}  # resources imported by a name of their own
        self.export_resources: dict[Resource, str] = {}

    def new_resource(self) -> Resource:
        """A resource unlike all others."""
        return Resource(next(self._keys))

    def outward(self, levels: int, at: int) -> Scope:
        """The scope so many levels out. Raises Malformed."""
        found: Scope | None = self
        for _ in range(min(levels, 10_000)):
            found = found.outer if found else None
        if found is None:
            raise invalid(at, f"an outer alias goes {levels:,} levels out, there are fewer around it")
        return found

    def value_type(self, index: int, at: int) -> Value:
        """The value type of a type index. Raises Malformed."""
        found = self.types.at(index, at)
        if not isinstance(found, Value):
            raise invalid(at, f"type {index:,} is not a value type")
        return found

    def function_type(self, index: int, at: int) -> Function:
        """The function type of a type index. Raises Malformed."""
        found = self.types.at(index, at)
        if not isinstance(found, Function):
            raise invalid(at, f"type {index:,} is not a function type")
        return found

    def resource(self, index: int, at: int) -> Resource:
        """The resource of a type index. Raises Malformed."""
        found = self.types.at(index, at)
        if not isinstance(found, Resource):
            raise invalid(at, f"type {index:,} is not a resource type")
        return found

    def take_value(self, index: int, at: int) -> Value:
        """The type of a value, which is used up. Raises Malformed."""
        found = self.values.at(index, at)
        if index in self.used:
            raise invalid(at, f"value {index:,} is used more than once")
        self.used.add(index)
        return found

    def core_function(self, index: int, at: int) -> FuncType | None:
        """The type of a core function; None where it is not known in full. Raises Malformed."""
        found = self.core["func"].at(index, at).type
        return found if isinstance(found, FuncType) else None

    def finish(self, at: int) -> Component:
        """The type that the scope has become. Raises Malformed."""
        left = set(range(len(self.values))) - self.used
        if left and self.kind == "component":
            raise invalid(at, f"value {min(left):,} is never used")
        asked = free_in(self.imports)
        if not asked.isdisjoint(self.defined):
            raise invalid(at, "an import names a resource that is defined here")
        offered = free_in(self.exports)
        defined = {key for key in self.defined if key in offered}
        if not defined <= self.explicit.keys():
            raise invalid(at, "an export names a resource that is defined here and not exported itself")
        paths = {key: self.explicit[key] for key in self.defined if key in defined}
        return component_type(self.imports, self.exports, self.imported, paths, self.explicit)


def free_in(entities: dict[str, Entity]) -> frozenset[int]:
    """The resources that imports or exports name."""
    return weigh(entity.weight for entity in entities.values()).free


def check_weight(found: AnyType | CoreModule, at: int, meter: Meter) -> None:
    """Types have an end: in depth, and in what is in them. Raises Malformed.

    Few bytes may name a large type, again and again, and each time all of it is looked at: that is work for the meter.
    """
    meter.spend(found.weight.size)
    if found.weight.size > HEAVIEST:
        raise Malformed(at, f"a type of more than {HEAVIEST:,} types", "limit")
    if found.weight.depth > DEEPEST:
        raise Malformed(at, f"more than {DEEPEST} types inside one another", "limit")
