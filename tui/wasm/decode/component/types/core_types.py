"""Core types in a component: those of functions and of modules. Garbage-collected types are passed over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui.wasm.decode.component.cursor import invalid
from tui.wasm.decode.component.types.types import CoreExtern, CoreModule, Weight
from tui.wasm.decode.core.externs import KINDS
from tui.wasm.decode.leb import Malformed
from tui.wasm.decode.types import (
    ARRAY,
    FUNC,
    PACKED_TYPES,
    REC,
    STRUCT,
    SUB,
    SUB_FINAL,
    function_type,
    global_type,
    memory_type,
    table_type,
    value_type,
)
from tui.wasm.module import FuncType, GlobalType, MemoryType, TableType, TagType

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.wasm.decode.component.cursor import Cursor
    from tui.wasm.decode.component.scope import CoreType, Scope
    from tui.wasm.module import ExternType, Module

MODULE: Final = 0x50
IMPORT, TYPE, ALIAS, EXPORT = range(4)


def read_core_type(cursor: Cursor, scope: Scope) -> None:
    """An entry of the core type section, or a core type among declarations."""
    at = cursor.at
    if cursor.peek() == MODULE:
        cursor.byte()
        cursor.enter()
        found = _module(cursor, scope)
        cursor.leave()
        scope.core_types.add(found, at)
        return
    for member in _group(cursor, scope.core_types.entries, outside=True):
        scope.core_types.add(member, at)


def _group(cursor: Cursor, before: Sequence[CoreType], *, outside: bool = False) -> list[FuncType | None]:
    """The members of a recursion group, or one type alone. `before` are the types that it may name besides itself.

    Outside of the type of a module a 0 stands in front of a subtype, which starts as the type of a module does.
    """
    at = cursor.at
    group = _Group(cursor, len(before))
    if cursor.peek() == REC:
        cursor.byte()
        for _ in cursor.each("types in a group"):
            group.add()
    elif outside and cursor.peek() == 0:
        cursor.byte()
        if cursor.peek() != SUB:
            raise Malformed(cursor.at, f"0x{cursor.peek():02X} does not start a subtype that is not final")
        group.add()
    else:
        group.add()
    group.check(before, at)
    return group.members


class _Group:
    """A recursion group: its members, and the types that they name."""

    def __init__(self, cursor: Cursor, before: int) -> None:
        self._cursor = cursor
        self._before = before
        self._named: set[int] = set()
        self.members: list[FuncType | None] = []  # None: a struct or an array

    def add(self) -> None:
        """Read one more member."""
        cursor = self._cursor
        if cursor.peek() in (SUB, SUB_FINAL):
            cursor.byte()
            for _ in cursor.each("supertypes"):
                at, found = cursor.at, cursor.number()
                if found >= self._before + len(self.members):
                    raise invalid(at, f"supertype {found:,} is not defined before")
                self._named.add(found)
        self.members.append(self._composite())

    def check(self, before: Sequence[CoreType], at: int) -> None:
        """Hold what the members name against what there is. Raises Malformed."""
        space = [*before, *self.members] if self._named else []
        for named in self._named:
            if named >= len(space):
                raise invalid(at, f"there is no core type {named:,}: {len(space):,} are defined")
            if isinstance(space[named], CoreModule):
                raise invalid(at, f"core type {named:,} is that of a module, no value is of it")

    def _composite(self) -> FuncType | None:
        cursor = self._cursor
        at = cursor.at
        form = cursor.byte()
        if form == FUNC:
            return self._function()
        if form not in (STRUCT, ARRAY):
            raise Malformed(at, f"0x{form:02X} does not start a core type")
        for _ in cursor.each("struct fields") if form == STRUCT else range(1):
            self._field()
        return None

    def _function(self) -> FuncType:
        cursor = self._cursor
        found, cursor.at = function_type(cursor.source, cursor.at, cursor.end, cursor.draft.tick)
        for name in (*found.params, *found.results):
            self._note(name)
        return found

    def _field(self) -> None:
        cursor = self._cursor
        if cursor.peek() in PACKED_TYPES:
            cursor.byte()
        else:
            name, cursor.at = value_type(cursor.source, cursor.at)
            self._note(name)
        cursor.flag("a mutability")

    def _note(self, name: str) -> None:
        """Note the type index that the name of a value type ends with, if it does."""
        last = name.rstrip(")").rpartition(" ")[2]
        if last.isdigit():
            self._named.add(int(last))


def _module(cursor: Cursor, scope: Scope) -> CoreModule:
    """The type of a module, which has types of its own."""
    types: list[CoreType] = []
    imports: dict[tuple[str, str], CoreExtern] = {}
    exports: dict[str, CoreExtern] = {}
    for _ in cursor.each("declarations"):
        at = cursor.at
        kind = cursor.one_of("a declaration (0 to 3)", range(4))
        if kind == TYPE:
            types += _group(cursor, types)
        elif kind == ALIAS:
            types.append(_alias(cursor, scope, types))
        elif kind == IMPORT:
            key = cursor.text(), cursor.text()
            if key in imports:
                raise invalid(at, f"two imports have the name {key[0][:80]!r} {key[1][:80]!r}")
            imports[key] = _extern(cursor, types)
        else:
            name = cursor.text()
            if name in exports:
                raise invalid(at, f"two exports have the name {name[:80]!r}")
            exports[name] = _extern(cursor, types)
    return CoreModule(imports, exports, Weight(1 + len(imports) + len(exports)))


def _alias(cursor: Cursor, scope: Scope, types: list[CoreType]) -> CoreType:
    at = cursor.at
    cursor.one_of("a type (0x10)", frozenset({0x10}))
    cursor.one_of("an outer alias (1)", frozenset({1}))
    levels, index = cursor.number(), cursor.number()
    if levels:
        found = scope.outward(levels - 1, at).core_types.at(index, at)
    elif index < len(types):
        found = types[index]
    else:
        raise invalid(at, f"there is no core type {index:,} in this module type")
    if isinstance(found, CoreModule):
        raise invalid(at, "an alias of the type of a module in the type of another")
    return found


def _extern(cursor: Cursor, types: list[CoreType]) -> CoreExtern:
    at = cursor.at
    kind = cursor.one_of("a kind of import (0 to 4)", range(len(KINDS)))
    found: ExternType | None
    if KINDS[kind] in ("func", "tag"):
        if KINDS[kind] == "tag":
            cursor.one_of("the attribute of a tag (0)", range(1))
        found = _function(cursor, types, at)
        return CoreExtern(KINDS[kind], TagType(found) if KINDS[kind] == "tag" else found)
    found, cursor.at = (table_type, memory_type, global_type)[kind - 1](cursor.source, cursor.at)
    if not isinstance(found, GlobalType):
        _check_limits(found, at)
    return CoreExtern(KINDS[kind], found)


def _check_limits(found: MemoryType | TableType, at: int) -> None:
    limits, pages = found.limits, isinstance(found, MemoryType)
    if limits.maximum is not None and limits.maximum < limits.minimum:
        raise invalid(at, f"minimum {limits.minimum:,} is above maximum {limits.maximum:,}")
    bits = (64 if limits.is64 else 32) - (limits.page_size.bit_length() - 1 if pages else 0)
    if max(limits.minimum, limits.maximum or 0) > 1 << bits:
        raise invalid(at, f"limits above {1 << bits:,}")
    if limits.shared and limits.maximum is None:
        raise invalid(at, "shared without a maximum")


def _function(cursor: Cursor, types: list[CoreType], at: int) -> FuncType | None:
    index = cursor.number()
    if index >= len(types):
        raise invalid(at, f"there is no core type {index:,} in this module type")
    found = types[index]
    return found if isinstance(found, FuncType) else None


def module_type(module: Module, at: int) -> CoreModule:
    """The type of a core module that lies in a component."""
    imports: dict[tuple[str, str], CoreExtern] = {}
    for item in module.imports:
        if (item.module, item.name) in imports:
            raise invalid(at, f"a core module imports {item.module[:80]!r} {item.name[:80]!r} twice")
        imports[item.module, item.name] = CoreExtern(item.kind, item.type)
    exports = {item.name: CoreExtern(item.kind, item.type) for item in module.exports}
    return CoreModule(imports, exports, Weight(1 + len(imports) + len(exports)))
