"""Value types: how they are written, and what they may hold."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tui.wasm.decode.component.cursor import invalid
from tui.wasm.decode.component.names import is_label
from tui.wasm.decode.component.types.types import PRIMITIVES, Resource, Value, weigh
from tui.wasm.decode.leb import Malformed, signed

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.wasm.decode.component.cursor import Cursor
    from tui.wasm.decode.component.scope import Scope

BIGGEST: Final = 1 << 28  # bytes that a value may take in memory
MOST_FLAGS: Final = 32
KEYS: Final = frozenset(["bool", "s8", "u8", "s16", "u16", "s32", "u32", "s64", "u64", "char", "string"])
POINTER: Final = 8  # of the larger of the two addresses
_ANY: Final = PRIMITIVES[0x7F]


def value_type(cursor: Cursor, scope: Scope | None) -> Value:
    """A value type: a primitive one or an index, which is not looked up without a scope."""
    at = cursor.at
    if cursor.peek() in PRIMITIVES:
        return PRIMITIVES[cursor.byte()]
    found, cursor.at = signed(cursor.source, at, 33)
    if found < 0:
        raise Malformed(at, f"0x{cursor.source[at]:02X} is not a value type")
    return scope.value_type(found, at) if scope else _ANY


def _maybe(cursor: Cursor, scope: Scope) -> Value | None:
    return value_type(cursor, scope) if cursor.flag("a mark of what may be there") else None


class Labels:
    """The names in one type, which are labels and differ."""

    def __init__(self, what: str, at: int) -> None:
        self._what = what
        self._at = at
        self._seen: dict[str, str] = {}

    def add(self, text: str) -> str:
        """One more. Raises Malformed."""
        if not is_label(text):
            raise invalid(self._at, f"{self._what} {text[:80]!r}: {'not in kebab case' if text else 'no name'}")
        if text.lower() in self._seen:
            raise invalid(self._at, f"{self._what} {text[:80]!r} is there twice")
        self._seen[text.lower()] = text
        return text

    def all(self) -> tuple[str, ...]:
        """The names, of which there must be one."""
        if not self._seen:
            raise invalid(self._at, f"a type without a {self._what}")
        return tuple(self._seen.values())


def read_value(cursor: Cursor, scope: Scope, form: int) -> Value:
    """The value type that starts with this byte, which was read."""
    at = cursor.at - 1
    if form in PRIMITIVES:
        return replace(PRIMITIVES[form])
    reader = _FORMS.get(form)
    if reader is None:
        raise Malformed(at, f"0x{form:02X} does not start a type of a component")
    made = reader(cursor, scope, at)
    if made.bytes >= BIGGEST:
        raise invalid(at, f"a value of {made.bytes:,} bytes, at most {BIGGEST - 1:,} are allowed")
    return made


def aligned(position: int, align: int) -> int:
    """The next position of that alignment."""
    return -(-position // align) * align


def _product(form: str, names: tuple[str, ...], parts: list[Value]) -> Value:
    position = 0
    for part in parts:
        position = aligned(position, part.align) + part.bytes
    align = max((part.align for part in parts), default=1)
    weight = weigh(part.weight for part in parts)
    return Value(form, names, tuple(parts), weight=weight, bytes=aligned(position, align), align=align)


def _tag_bytes(cases: int) -> int:
    """What the number of a case takes in memory."""
    return 1 if cases <= 1 << 8 else 2 if cases <= 1 << 16 else 4


def _sum(form: str, names: tuple[str, ...], cases: list[Value | None]) -> Value:
    tag = _tag_bytes(len(cases))
    there = [case for case in cases if case is not None]
    align = max([tag, *(case.align for case in there)])
    inner = max((case.align for case in there), default=1)
    size = aligned(tag, inner) + max((case.bytes for case in there), default=0)
    weight = weigh(case.weight for case in there)
    return Value(form, names, tuple(cases), weight=weight, bytes=aligned(size, align), align=align)


def _record(cursor: Cursor, scope: Scope, at: int) -> Value:
    labels, parts = Labels("field", at), []
    for _ in cursor.each("fields"):
        labels.add(cursor.text())
        parts.append(value_type(cursor, scope))
    return _product("record", labels.all(), parts)


def _variant(cursor: Cursor, scope: Scope, at: int) -> Value:
    labels, cases = Labels("case", at), []
    for _ in cursor.each("cases"):
        labels.add(cursor.text())
        cases.append(_maybe(cursor, scope))
        cursor.one_of("the end of a case (0)", range(1))
    return _sum("variant", labels.all(), cases)


def _tuple(cursor: Cursor, scope: Scope, at: int) -> Value:
    parts = [value_type(cursor, scope) for _ in cursor.each("types")]
    if not parts:
        raise invalid(at, "a tuple without a type")
    return _product("tuple", (), parts)


def _list(cursor: Cursor, scope: Scope, at: int) -> Value:  # noqa: ARG001 -- a row of the table of forms
    part = value_type(cursor, scope)
    weight = weigh([part.weight], points=True)
    return Value("list", (), (part,), weight=weight, bytes=2 * POINTER, align=POINTER)


def _fixed_list(cursor: Cursor, scope: Scope, at: int) -> Value:
    part = value_type(cursor, scope)
    length = cursor.number()
    if not length:
        raise invalid(at, "a list of fixed length without an element")
    weight = weigh([part.weight])
    return Value("list", (), (part,), length, weight=weight, bytes=part.bytes * length, align=part.align)


def _map(cursor: Cursor, scope: Scope, at: int) -> Value:
    key, value = value_type(cursor, scope), value_type(cursor, scope)
    if key.form not in KEYS:
        raise invalid(at, f"a map by {key.form}, which is not a type of keys")
    weight = weigh([key.weight, value.weight], points=True)
    return Value("map", (), (key, value), weight=weight, bytes=2 * POINTER, align=POINTER)


def _flags(cursor: Cursor, scope: Scope, at: int) -> Value:  # noqa: ARG001 -- a row of the table of forms
    labels, found = Labels("flag", at), 0
    for _ in cursor.each("labels"):
        labels.add(cursor.text())
        found += 1
    names = labels.all()
    if found > MOST_FLAGS:
        raise invalid(at, f"{found:,} flags, at most {MOST_FLAGS} are allowed")
    size = 1 if found <= 8 else 2 if found <= 16 else 4
    return Value("flags", names, bytes=size, align=size)


def _enum(cursor: Cursor, scope: Scope, at: int) -> Value:  # noqa: ARG001 -- a row of the table of forms
    labels = Labels("case", at)
    for _ in cursor.each("labels"):
        labels.add(cursor.text())
    names = labels.all()
    size = _tag_bytes(len(names))
    return Value("enum", names, bytes=size, align=size)


def _option(cursor: Cursor, scope: Scope, at: int) -> Value:  # noqa: ARG001 -- a row of the table of forms
    return _sum("option", (), [None, value_type(cursor, scope)])


def _result(cursor: Cursor, scope: Scope, at: int) -> Value:  # noqa: ARG001 -- a row of the table of forms
    return _sum("result", (), [_maybe(cursor, scope), _maybe(cursor, scope)])


def _handle(form: str) -> Callable[[Cursor, Scope, int], Value]:
    def read(cursor: Cursor, scope: Scope, at: int) -> Value:
        found: Resource = scope.resource(cursor.number(), at)
        weight = weigh([], borrows=form == "borrow", free=found.key)
        return Value(form, resource=found, weight=weight, bytes=4, align=4)

    return read


def _stream(form: str) -> Callable[[Cursor, Scope, int], Value]:
    def read(cursor: Cursor, scope: Scope, at: int) -> Value:
        part = _maybe(cursor, scope)
        if part is not None and part.weight.borrows:
            raise invalid(at, f"a {form} of what holds a borrow")
        if form == "stream" and part is not None and part.form == "char":
            raise invalid(at, "a stream of char is not allowed yet: a stream of u8 in its place")
        weight = weigh([part.weight] if part else [])
        return Value(form, (), (part,), weight=replace(weight, points=False), bytes=4, align=4)  # it is a number

    return read


_FORMS: Final[dict[int, Callable[[Cursor, Scope, int], Value]]] = {
    0x72: _record,
    0x71: _variant,
    0x70: _list,
    0x6F: _tuple,
    0x6E: _flags,
    0x6D: _enum,
    0x6B: _option,
    0x6A: _result,
    0x69: _handle("own"),
    0x68: _handle("borrow"),
    0x67: _fixed_list,
    0x66: _stream("stream"),
    0x65: _stream("future"),
    0x63: _map,
}
