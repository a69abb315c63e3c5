"""The types of the component model. Each is an identity: an import or export of a type makes a new one that equals it.

What a type weighs is worked out once, when it is made: later questions (does it borrow, does it hold a pointer, which
resources does it name) then cost nothing, however types lie in one another.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tui.wasm.module import ExternType

NO_RESOURCES: Final[frozenset[int]] = frozenset()
HEAVIEST: Final = 1_000_000  # types in a type, each counted as often as it is met
Path = tuple[str, ...]  # the names by which a resource is reached, from outside in


@dataclass(frozen=True, slots=True)
class Weight:
    """What a type holds, all of it."""

    size: int = 1  # types in it, each as often as it is met
    depth: int = 1
    borrows: bool = False
    points: bool = False  # holds a string or a list: passing it takes a memory
    free: frozenset[int] = NO_RESOURCES  # the resources that it names and does not define


def weigh(parts: Iterable[Weight], *, borrows: bool = False, points: bool = False, free: int | None = None) -> Weight:
    """The weight of a type of these parts."""
    size, depth = 1, 0
    resources = set[int]() if free is None else {free}
    for part in parts:
        size += part.size
        depth = max(depth, part.depth)
        borrows, points = borrows or part.borrows, points or part.points
        if size <= HEAVIEST:  # a heavier type is refused, whatever it names
            resources |= part.free
    return Weight(size, depth + 1, borrows, points, frozenset(resources) if resources else NO_RESOURCES)


@dataclass(frozen=True, slots=True, eq=False)
class Resource:
    """A resource type. Two that stand for the same resource have the same key."""

    key: int

    @property
    def weight(self) -> Weight:
        """That of a name."""
        return Weight(free=frozenset({self.key}))


@dataclass(frozen=True, slots=True, eq=False)
class Value:
    """A value type: a primitive one ("u8"), or a form with its parts. An absent part is None."""

    form: str
    names: tuple[str, ...] = ()
    parts: tuple[Value | None, ...] = ()
    length: int = 0  # of a list of fixed length
    resource: Resource | None = None
    weight: Weight = field(default=Weight(), repr=False)
    bytes: int = 1  # in memory with addresses of 64 bits
    align: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A function type."""

    params: tuple[tuple[str, Value], ...]
    result: Value | None
    is_async: bool
    weight: Weight = field(repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class CoreModule:
    """The type of a core module. An extern type of None is not known in full, and matches any of its kind."""

    imports: dict[tuple[str, str], CoreExtern]
    exports: dict[str, CoreExtern]
    weight: Weight = field(repr=False)


@dataclass(frozen=True, slots=True)
class CoreExtern:
    """What a core import or export is."""

    kind: str  # "func", "table", "memory", "global", "tag"
    type: ExternType | None


@dataclass(frozen=True, slots=True, eq=False)
class Instance:
    """An instance, or the type of one: only a type defines resources, of which each use makes new ones."""

    exports: dict[str, Entity]
    defined: tuple[int, ...]
    explicit: dict[int, Path]  # the resources that it exports by name
    weight: Weight = field(repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class Component:
    """The type of a component."""

    imports: dict[str, Entity]
    exports: dict[str, Entity]
    imported: dict[int, Path]  # the resources that it asks for
    defined: dict[int, Path]  # those that each instance of it has anew
    explicit: dict[int, Path]
    weight: Weight = field(repr=False)


AnyType = Value | Function | Instance | Component | Resource


@dataclass(frozen=True, slots=True)
class Entity:
    """What is imported, exported or handed over. `type` of a type is what it stands for, `created` its new identity."""

    sort: str  # "core module", "func", "value", "type", "component", "instance"
    type: AnyType | CoreModule
    created: AnyType | None = None

    @property
    def weight(self) -> Weight:
        """That of its type."""
        return self.type.weight if self.created is None else self.created.weight


T = TypeVar("T", Value, Function, Instance, Component, Resource)
PRIMITIVES: Final = {
    0x7F: Value("bool"),
    0x7E: Value("s8"),
    0x7D: Value("u8"),
    0x7C: Value("s16", bytes=2, align=2),
    0x7B: Value("u16", bytes=2, align=2),
    0x7A: Value("s32", bytes=4, align=4),
    0x79: Value("u32", bytes=4, align=4),
    0x78: Value("s64", bytes=8, align=8),
    0x77: Value("u64", bytes=8, align=8),
    0x76: Value("f32", bytes=4, align=4),
    0x75: Value("f64", bytes=8, align=8),
    0x74: Value("char", bytes=4, align=4),
    0x73: Value("string", weight=Weight(points=True), bytes=16, align=8),
    0x64: Value("error-context", bytes=4, align=4),
}
PRIMITIVE_FORMS: Final = frozenset(value.form for value in PRIMITIVES.values())


def renewed(found: AnyType) -> AnyType:
    """A new identity of a type."""
    return replace(found)


def instance_type(exports: dict[str, Entity], defined: tuple[int, ...], explicit: dict[int, Path]) -> Instance:
    """An instance type with what it weighs."""
    weight = weigh(entity.weight for entity in exports.values())
    return Instance(exports, defined, explicit, replace(weight, free=weight.free.difference(defined)))


def component_type(
    imports: dict[str, Entity],
    exports: dict[str, Entity],
    imported: dict[int, Path],
    defined: dict[int, Path],
    explicit: dict[int, Path],
) -> Component:
    """A component type with what it weighs."""
    weight = weigh(entity.weight for entity in (*imports.values(), *exports.values()))
    weight = replace(weight, free=weight.free.difference(imported, defined))
    return Component(imports, exports, imported, defined, explicit, weight)


def what(found: AnyType) -> str:
    """A type in words."""
    if isinstance(found, Value):
        return found.form
    words = {Function: "a function type", Instance: "an instance type", Component: "a component type"}
    return words.get(type(found), "a resource")
