"""Reading fields of a parsed contract file one by one: each of the right kind, or a ContractError that says where."""

from __future__ import annotations

import string
from collections.abc import Callable, Iterable, Mapping
from typing import Final, NoReturn, TypeVar

from tui.facts import Fact
from tui.gateway.contract.contract import ContractError
from tui.text import printable
from tui.wasm.module import FuncType

T = TypeVar("T")
VALUE_TYPES: Final = ("i32", "i64", "f32", "f64", "v128", "funcref", "externref")
_KINDS: Final = {
    type(None): "null",
    bool: "a boolean",
    int: "a number",
    float: "a number",
    str: "a string",
    list: "an array",
    dict: "an object",
}


def _kind(value: object) -> str:
    """What a JSON value is, in JSON's own words."""
    return _KINDS.get(type(value), type(value).__name__)


class Fields(Fact):
    """One object of the file, with the path to it. Readers take a key and say where it stands when it is wrong."""

    source: str
    where: str
    content: Mapping[str, object]

    def at(self, key: str) -> str:
        """The path of a key below this object."""
        return f"{self.where}.{key}" if self.where else key

    def fail(self, key: str, problem: str, remedy: str) -> NoReturn:
        """Raise the ContractError about a key ("" for the object itself)."""
        raise ContractError(self.source, printable(self.at(key) if key else self.where, 120), problem, remedy)

    def only(self, *known: str) -> None:
        """Refuse keys that nothing reads: most are slips of the pen, and silence would hide them."""
        for key in self.content:
            if key not in known:
                self.fail(printable(key, 60), "no such field", "known here: " + ", ".join(sorted(known)))

    def _typed(self, key: str, kind: type[T], wanted: str) -> T | None:
        value = self.content.get(key)
        if value is None:
            return None
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            self.fail(key, f"{_kind(value)}, where {wanted} belongs", f"write {wanted}")
        return value

    def text(self, key: str, default: str | None = None) -> str:
        """A string; required where there is no default."""
        value = self._typed(key, str, "a string")
        if value is None and default is None:
            self.fail(key, "missing", "add a string")
        return value if value is not None else default or ""

    def optional_text(self, key: str) -> str | None:
        """A string or None."""
        return self._typed(key, str, "a string")

    def number(self, key: str) -> int | None:
        """An integer or None."""
        return self._typed(key, int, "a whole number")

    def flag(self, key: str) -> bool:
        """A boolean, false where it is missing."""
        return bool(self._typed(key, bool, "true or false"))

    def texts(self, key: str, required: bool = False) -> tuple[str, ...]:
        """An array of strings; required means present and not empty."""
        value = self._typed(key, list, "an array of strings")
        if required and not value:
            self.fail(key, "missing or empty", "add an array with at least one string")
        for index, item in enumerate(value or ()):
            if not isinstance(item, str):
                self.fail(f"{key}[{index}]", f"{_kind(item)}, where a string belongs", "write a string")
        return tuple(value or ())

    def object(self, key: str, required: bool = False) -> Fields:
        """An object; an empty one where it is missing and not required."""
        value = self._typed(key, dict, "an object")
        if value is None and required:
            self.fail(key, "missing", "add an object")
        return Fields(self.source, self.at(key), value or {})

    def objects(self, key: str, required: bool = False) -> tuple[Fields, ...]:
        """An array of objects; required means present and not empty."""
        value = self._typed(key, list, "an array of objects")
        if required and not value:
            self.fail(key, "missing or empty", "add an array with at least one object")
        found = []
        for index, item in enumerate(value or ()):
            path = f"{key}[{index}]"
            if not isinstance(item, dict):
                self.fail(path, f"{_kind(item)}, where an object belongs", "write an object")
            found.append(Fields(self.source, self.at(path), item))
        return tuple(found)

    def named(self, key: str, read: Callable[[str, Fields], T]) -> dict[str, T]:
        """An object of objects, each read with its name."""
        inside = self.object(key, required=True)
        return {name: read(name, inside.object(name, required=True)) for name in inside.content}

    def type(self) -> FuncType:
        """The function type in `params` and `results`, both required so that nobody leaves one out by mistake."""
        return FuncType(self._value_types("params"), self._value_types("results"))

    def _value_types(self, key: str) -> tuple[str, ...]:
        if key not in self.content:
            self.fail(key, "missing", 'add an array of value types, [] for none: ["i32", "i32"]')
        types = self.texts(key)
        for index, name in enumerate(types):
            self.one_of(f"{key}[{index}]", name, VALUE_TYPES)
        return types

    def one_of(self, key: str, value: str, allowed: Iterable[str]) -> None:
        """Refuse a value outside a set."""
        choices = tuple(allowed)
        if value not in choices:
            self.fail(key, f'"{printable(value, 60)}" is not known here', "use one of: " + ", ".join(choices))

    def template(self, key: str, default: str, names: frozenset[str]) -> str:
        """A text with places such as {module}; refuses places that the situation cannot fill."""
        text = self.text(key, default)
        try:
            used = [name for _, name, spec, conversion in string.Formatter().parse(text) if name is not None]
            plain = all(not spec and not conversion for _, _, spec, conversion in string.Formatter().parse(text))
        except ValueError as error:
            self.fail(key, f"not a template ({error})", "write {{ and }} for braces that stand for themselves")
        unknown = [name for name in used if name not in names]
        if unknown or not plain:
            places = ", ".join(f"{{{name}}}" for name in sorted(names)) or "none"
            self.fail(key, "a place that nothing fills", f"places known here: {places}")
        return text
