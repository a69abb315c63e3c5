"""What the sections of a component hold, walked entry by entry; names and kinds of its imports and exports are kept.

Source: the component model's Binary.md. Indices are passed over, not resolved; a canonical built-in that is not known
here ends the walk of its section without a word, for new ones come with every release.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from tui.wasm.decode.leb import Malformed, name, signed, u32, vector_count
from tui.wasm.decode.types import global_type, memory_type, table_type, value_type

if TYPE_CHECKING:
    from tui.wasm.decode.draft import Draft

SORTS: Final = ("core", "func", "value", "type", "component", "instance")
CORE_SORTS: Final = frozenset({0x00, 0x01, 0x02, 0x03, 0x04, 0x10, 0x11, 0x12})
PRIMITIVES: Final = frozenset((0x64, *range(0x73, 0x80)))
DEEPEST: Final = 50  # types in types
KEPT: Final = 10_000  # imports and exports


class Walk:
    """A position in one section of a component. Every reader raises Malformed or IndexError."""

    def __init__(self, draft: Draft, position: int, end: int) -> None:
        self.draft = draft
        self.source = draft.source
        self.at = position
        self.end = end
        self.depth = 0
        self.names: list[tuple[str, str]] = []  # (kind, name) of imports or exports

    def byte(self) -> int:
        """The next byte."""
        if self.at >= self.end:
            raise IndexError
        self.at += 1
        return self.source[self.at - 1]

    def one_of(self, what: str, allowed: frozenset[int] | range) -> int:
        """A byte that must be one of those."""
        found = self.byte()
        if found not in allowed:
            raise Malformed(self.at - 1, f"0x{found:02X} is not {what}")
        return found

    def index(self) -> int:
        """An index, or any other number of 32 bits."""
        found, self.at = u32(self.source, self.at)
        return found

    def text(self) -> str:
        """A name."""
        found, self.at = name(self.source, self.at, self.end)
        return found

    def each(self, what: str, read: Callable[[], object]) -> None:
        """A vector."""
        count, self.at = vector_count(self.source, self.at, self.end, what)
        for number in range(count):
            if not number & 0xFFF:
                self.draft.tick()
            read()

    def maybe(self, read: Callable[[], object]) -> None:
        """Something that may be there, by a byte in front."""
        if self.one_of("a mark of what may be there (0 or 1)", range(2)):
            read()

    # Sorts and names.

    def sort(self) -> str:
        """What an index is of."""
        found = self.one_of("a sort (0 to 5)", range(len(SORTS)))
        if found == 0:
            self.one_of("a core sort", CORE_SORTS)
        return SORTS[found]

    def sort_index(self) -> str:
        """What an index is of, and the index."""
        found = self.sort()
        self.index()
        return found

    def extern_name(self) -> str:
        """The name of an import or export."""
        kind = self.one_of("a kind of name (0 to 2)", range(3))
        found = self.text()
        if kind == 2:
            self.text()  # the suffix of its version
        return found

    # Instances, aliases.

    def core_instance(self) -> None:
        """An entry of the core instance section."""
        if self.one_of("a kind of core instance (0 or 1)", range(2)):
            self.each("exports", self._core_export)
        else:
            self.index()
            self.each("arguments", self._core_argument)

    def _core_export(self) -> None:
        self.text()
        self.one_of("a core sort", CORE_SORTS)
        self.index()

    def _core_argument(self) -> None:
        self.text()
        self.one_of("an instance (0x12)", frozenset({0x12}))
        self.index()

    def instance(self) -> None:
        """An entry of the instance section."""
        if self.one_of("a kind of instance (0 or 1)", range(2)):
            self.each("exports", self._inline_export)
        else:
            self.index()
            self.each("arguments", self._argument)

    def _inline_export(self) -> None:
        self.extern_name()
        self.sort_index()

    def _argument(self) -> None:
        self.text()
        self.sort_index()

    def alias(self) -> None:
        """An entry of the alias section."""
        self.sort()
        target = self.one_of("a target of an alias (0 to 2)", range(3))
        self.index()
        if target == 2:
            self.index()
        else:
            self.text()

    # Types.

    def deeper(self, read: Callable[[], object]) -> None:
        """Something that may hold its own kind."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise Malformed(self.at, f"more than {DEEPEST} types inside one another")
        read()
        self.depth -= 1

    def value_type(self) -> None:
        """A value type: a primitive one or an index."""
        if self.source[self.at] in PRIMITIVES:
            self.byte()
        else:
            found, self.at = signed(self.source, self.at, 64)
            if found < 0:
                raise Malformed(self.at - 1, "not a value type")

    def _labelled(self) -> None:
        self.text()
        self.value_type()

    def _case(self) -> None:
        self.text()
        self.maybe(self.value_type)
        self.one_of("the end of a case (0)", range(1))

    def type(self) -> None:
        """An entry of the type section."""
        form = self.byte()
        if form in PRIMITIVES:
            return
        reader = self._types().get(form)
        if reader is None:
            raise Malformed(self.at - 1, f"0x{form:02X} does not start a type of a component")
        self.deeper(reader)

    def _types(self) -> dict[int, Callable[[], object]]:
        return {
            0x72: lambda: self.each("fields", self._labelled),
            0x71: lambda: self.each("cases", self._case),
            0x70: self.value_type,
            0x6F: lambda: self.each("types", self.value_type),
            0x6E: lambda: self.each("labels", self.text),
            0x6D: lambda: self.each("labels", self.text),
            0x6B: self.value_type,
            0x6A: self._result,
            0x69: self.index,
            0x68: self.index,
            0x67: self._fixed_list,
            0x66: lambda: self.maybe(self.value_type),
            0x65: lambda: self.maybe(self.value_type),
            0x43: self._function,
            0x42: lambda: self.each("declarations", self._instance_declaration),
            0x41: lambda: self.each("declarations", self._component_declaration),
            0x40: self._function,
            0x3F: self._resource,
        }

    def _result(self) -> None:
        self.maybe(self.value_type)
        self.maybe(self.value_type)

    def _fixed_list(self) -> None:
        self.value_type()
        self.index()

    def _function(self) -> None:
        self.each("parameters", self._labelled)
        if self.one_of("a kind of result (0 or 1)", range(2)):
            self.one_of("the end of no result (0)", range(1))
        else:
            self.value_type()

    def _resource(self) -> None:
        self.one_of("a representation (0x7F)", frozenset({0x7F}))
        self.maybe(self.index)

    def _instance_declaration(self) -> None:
        kind = self.one_of("a declaration (0, 1, 2 or 4)", frozenset({0, 1, 2, 4}))
        (self.core_type, self.type, self.alias, None, self._export_declaration)[kind]()  # type: ignore[misc]

    def _component_declaration(self) -> None:
        if self.source[self.at] == 3:
            self.byte()
            self.extern_name()
            self.extern()
        else:
            self._instance_declaration()

    def _export_declaration(self) -> None:
        self.extern_name()
        self.extern()

    def extern(self) -> str:
        """What an import or export is of."""
        kind = self.one_of("a kind of import or export (0 to 5)", range(6))
        if kind == 0:
            self.one_of("a core module (0x11)", frozenset({0x11}))
            self.index()
            return "core module"
        if kind == 2 and self.one_of("a bound of a value (0 or 1)", range(2)):
            self.value_type()
        elif kind != 3 or not self.one_of("a bound of a type (0 or 1)", range(2)):
            self.index()
        return SORTS[kind]

    def core_type(self) -> None:
        """An entry of the core type section: a function, or the type of a module."""
        form = self.byte()
        if form == 0x60:
            self.each("parameters", self._core_value)
            self.each("results", self._core_value)
        elif form == 0x50:
            self.deeper(lambda: self.each("declarations", self._module_declaration))
        else:
            raise Malformed(self.at - 1, f"0x{form:02X} does not start a core type that is known here")

    def _core_value(self) -> None:
        _, self.at = value_type(self.source, self.at)

    def _module_declaration(self) -> None:
        kind = self.one_of("a declaration (0 to 3)", range(4))
        if kind == 1:
            self.core_type()
        elif kind == 2:
            self.one_of("a core sort", CORE_SORTS)
            self.one_of("an outer alias (1)", frozenset({1}))
            self.index()
            self.index()
        else:
            self.text()
            if kind == 0:
                self.text()
            self._core_extern()

    def _core_extern(self) -> None:
        kind = self.one_of("a kind of import (0 to 4)", range(5))
        if kind in (0, 4):
            self.index()
            if kind == 4:
                self.index()
            return
        _, self.at = (table_type, memory_type, global_type)[kind - 1](self.source, self.at)

    # Canonical functions, start, imports, exports.

    def canonical(self) -> None:
        """An entry of the canon section."""
        kind = self.byte()
        if kind > 4:
            raise UnknownBuiltin
        if kind > 1:
            self.index()
            return
        self.one_of("a function (0)", range(1))
        self.index()
        self.each("options", self._option)
        if kind == 0:
            self.index()

    def _option(self) -> None:
        if self.one_of("an option (0 to 9)", range(10)) in (3, 4, 5, 7, 9):
            self.index()

    def start(self) -> None:
        """The start section."""
        self.index()
        self.each("arguments", self.index)
        self.index()

    def imported(self) -> None:
        """An entry of the import section."""
        found = self.extern_name()
        self._keep(self.extern(), found)

    def exported(self) -> None:
        """An entry of the export section."""
        found = self.extern_name()
        kind = self.sort_index()
        self.maybe(self.extern)
        self._keep(kind, found)

    def _keep(self, kind: str, found: str) -> None:
        if len(self.names) < KEPT:
            self.names.append((kind, found))


class UnknownBuiltin(Exception):  # noqa: N818 -- no fault of the component
    """A canonical built-in that is not known here."""


_VECTORS: Final[dict[int, Callable[[Walk], Callable[[], object]]]] = {
    2: lambda walk: walk.core_instance,
    3: lambda walk: walk.core_type,
    5: lambda walk: walk.instance,
    6: lambda walk: walk.alias,
    7: lambda walk: walk.type,
    8: lambda walk: walk.canonical,
    10: lambda walk: walk.imported,
    11: lambda walk: walk.exported,
}
START: Final = 9


def check_section(draft: Draft, section: int, start: int, end: int) -> list[tuple[str, str]]:
    """Walk one section of a component; gives the (kind, name) of what it imports or exports. Raises Malformed."""
    walk = Walk(draft, start, end)
    try:
        if section == START:
            walk.start()
        elif section in _VECTORS:
            walk.each("entries", _VECTORS[section](walk))
        else:
            return []
    except UnknownBuiltin:
        return walk.names
    except IndexError:
        raise Malformed(end, "the section ends too early") from None
    if walk.at != end:
        where = "runs past the end of the section" if walk.at > end else f"leaves {end - walk.at:,} bytes over"
        raise Malformed(min(walk.at, end), f"its last entry {where}")
    return walk.names
