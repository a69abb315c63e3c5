"""The canon section: functions lifted from core ones, lowered to them, and the built-ins that a host offers.

Source: the component model's Binary.md and CanonicalABI.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tui.wasm.decode.component.canon.flat import lifted, lowered
from tui.wasm.decode.component.canon.options import check_core, check_lift, memory_pointer, read_options
from tui.wasm.decode.component.cursor import invalid
from tui.wasm.decode.component.definitions import read_result
from tui.wasm.decode.component.types.types import CoreExtern, Function, weigh
from tui.wasm.decode.leb import Malformed
from tui.wasm.decode.types import value_type as core_value_type
from tui.wasm.module import FuncType, TableType

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.wasm.decode.component.canon.options import Options
    from tui.wasm.decode.component.cursor import Cursor
    from tui.wasm.decode.component.scope import Scope
    from tui.wasm.decode.component.types.types import Value

LIFT, LOWER = 0, 1


def read_canonical(cursor: Cursor, scope: Scope) -> None:
    """An entry of the canon section."""
    at = cursor.at
    code = cursor.byte()
    if code in (LIFT, LOWER):
        cursor.one_of("a function (0)", range(1))
        (_lift if code == LIFT else _lower)(cursor, scope, at)
    elif code in _READERS:
        made = _READERS[code](cursor, scope, at)
        scope.core["func"].add(CoreExtern("func", made), at)
    else:
        raise Malformed(at, f"0x{code:02X} is not a canonical function that is known here")


def _lift(cursor: Cursor, scope: Scope, at: int) -> None:
    index = cursor.number()
    core = scope.core_function(index, at)
    options = read_options(cursor, scope)
    found = scope.function_type(cursor.number(), at)
    check_lift(scope, options, core, at)
    _check_async(options, found, at)
    if not options.gc:
        check_core(core, lifted(found, options, at, cursor.draft.tick), f"core func {index:,}, which is lifted,", at)
    scope.functions.add(found, at)


def _lower(cursor: Cursor, scope: Scope, at: int) -> None:
    found = scope.functions.at(cursor.number(), at)
    options = read_options(cursor, scope)
    _check_lower(options, "a lowered function", at)
    _check_async(options, found, at)
    made = _declared(scope, options, at) if options.gc else lowered(found, options, at, cursor.draft.tick)
    scope.core["func"].add(CoreExtern("func", made), at)


def _check_lower(options: Options, what: str, at: int) -> None:
    options.refuse(at, what, "post-return", "callback")
    if options.gc and options.core_type is None:
        raise invalid(at, f"{what} has the option gc without core-type")


def _check_async(options: Options, found: Function, at: int) -> None:
    if options.is_async and not found.is_async:
        raise invalid(at, "the option async on a function that is not async")


def _declared(scope: Scope, options: Options, at: int) -> FuncType | None:
    found = None if options.core_type is None else scope.core_types.at(options.core_type, at)
    return found if isinstance(found, FuncType) else None


@dataclass(frozen=True, slots=True)
class Plain:
    """A built-in whose core type is always the same, with what is read behind its code."""

    type: FuncType
    flags: int = 0

    def __call__(self, cursor: Cursor, scope: Scope, at: int) -> FuncType:  # noqa: ARG002 -- a row of the table
        """Read it."""
        for _ in range(self.flags):
            cursor.flag("a flag of a built-in")
        return self.type


@dataclass(frozen=True, slots=True)
class OfStream:
    """A built-in of a stream or a future, which its type index names."""

    form: str
    type: FuncType
    flags: int = 0
    passes: str = ""  # "in" where elements come in, "out" where they go out

    def __call__(self, cursor: Cursor, scope: Scope, at: int) -> FuncType | None:
        """Read it."""
        found = scope.value_type(cursor.number(), at)
        if found.form != self.form:
            raise invalid(at, f"a built-in of a {self.form} with a type that is {found.form}")
        for _ in range(self.flags):
            cursor.flag("a flag of a built-in")
        return self._passing(cursor, scope, found, at) if self.passes else self.type

    def _passing(self, cursor: Cursor, scope: Scope, found: Value, at: int) -> FuncType | None:
        options = read_options(cursor, scope)
        element = found.parts[0]
        if element is not None:
            options.need_memory(at)
            if self.passes == "in" and element.weight.points:
                options.need_realloc(at)
        _check_lower(options, f"a built-in of a {self.form}", at)
        params = tuple(options.pointer if core == "address" else core for core in self.type.params)
        wanted = FuncType(params, self.type.results)
        if options.gc:
            check_core(_declared(scope, options, at), wanted, f"core type {options.core_type or 0:,}", at)
        return wanted


def _resource_new(cursor: Cursor, scope: Scope, at: int) -> FuncType:
    return FuncType((_representation(cursor, scope, at),), ("i32",))


def _resource_rep(cursor: Cursor, scope: Scope, at: int) -> FuncType:
    return FuncType(("i32",), (_representation(cursor, scope, at),))


def _representation(cursor: Cursor, scope: Scope, at: int) -> str:
    index = cursor.number()
    found = scope.defined.get(scope.resource(index, at).key)
    if found is None:
        raise invalid(at, f"type {index:,} is not a resource that is defined here")
    return found


def _resource_drop(cursor: Cursor, scope: Scope, at: int) -> FuncType:
    scope.resource(cursor.number(), at)
    return FuncType(("i32",))


def _task_return(cursor: Cursor, scope: Scope, at: int) -> FuncType:
    result = read_result(cursor, scope)
    options = read_options(cursor, scope)
    options.refuse(at, "task.return", "realloc", "async")
    _check_lower(options, "task.return", at)
    params = (("v", result),) if result else ()
    return lowered(Function(params, None, False, weigh([])), options, at, cursor.draft.tick)


def _context(*, sets: bool) -> Callable[[Cursor, Scope, int], FuncType]:
    def read(cursor: Cursor, scope: Scope, at: int) -> FuncType:
        own, cursor.at = core_value_type(cursor.source, cursor.at)
        slot = cursor.number()
        if own not in ("i32", "i64"):
            raise invalid(at, f"a context of {own}, it is i32 or i64")
        if scope.context not in (None, own):
            raise invalid(at, f"a context of {own} where another is {scope.context}")
        if slot > 1:
            raise invalid(at, f"slot {slot:,} of the context, there are 0 and 1")
        scope.context = own
        return FuncType((own,)) if sets else FuncType((), (own,))

    return read


def _error_context(result: FuncType, *, makes_room: bool) -> Callable[[Cursor, Scope, int], FuncType]:
    def read(cursor: Cursor, scope: Scope, at: int) -> FuncType:
        options = read_options(cursor, scope)
        options.need_memory(at)
        if makes_room:
            options.need_realloc(at)
        options.refuse(at, "a built-in of an error context", "async")
        _check_lower(options, "a built-in of an error context", at)
        return result

    return read


def _waitable_set(cursor: Cursor, scope: Scope, at: int) -> FuncType:
    cursor.flag("a flag of a built-in")
    return FuncType(("i32", memory_pointer(scope, cursor.number(), at)), ("i32",))


def _thread_function(cursor: Cursor, scope: Scope, at: int) -> None:
    index = cursor.number()
    found = scope.core_types.at(index, at)
    wanted = FuncType(("i32",))
    if found is not None and found != wanted:
        raise invalid(at, f"core type {index:,} is not that of a thread, {wanted}")


def _thread_indirect(cursor: Cursor, scope: Scope, at: int) -> FuncType:
    _thread_function(cursor, scope, at)
    index = cursor.number()
    table = scope.core["table"].at(index, at).type
    if isinstance(table, TableType) and (table.element != "funcref" or table.limits.is64):
        raise invalid(at, f"core table {index:,} is not one of functions by 32 bits")
    return FuncType(("i32", "i32"), ("i32",))


def _thread_ref(cursor: Cursor, scope: Scope, at: int) -> FuncType | None:
    _thread_function(cursor, scope, at)
    return None


_I32, _NOTHING = ("i32",), FuncType()
_TAKES, _GIVES, _BOTH = FuncType(_I32), FuncType((), _I32), FuncType(_I32, _I32)
_STREAM_PASS = FuncType(("i32", "address", "address"), _I32)
_FUTURE_PASS = FuncType(("i32", "address"), _I32)
_ENDS = FuncType((), ("i64",))
_READERS: Final[dict[int, Callable[[Cursor, Scope, int], FuncType | None]]] = {
    0x02: _resource_new,
    0x03: _resource_drop,
    0x04: _resource_rep,
    0x05: Plain(_NOTHING),  # task.cancel
    0x06: Plain(_BOTH, 1),  # subtask.cancel
    0x09: _task_return,
    0x0A: _context(sets=False),
    0x0B: _context(sets=True),
    0x0C: Plain(_GIVES, 1),  # thread.yield
    0x0D: Plain(_TAKES),  # subtask.drop
    0x0E: OfStream("stream", _ENDS),
    0x0F: OfStream("stream", _STREAM_PASS, passes="in"),
    0x10: OfStream("stream", _STREAM_PASS, passes="out"),
    0x11: OfStream("stream", _BOTH, 1),
    0x12: OfStream("stream", _BOTH, 1),
    0x13: OfStream("stream", _TAKES),
    0x14: OfStream("stream", _TAKES),
    0x15: OfStream("future", _ENDS),
    0x16: OfStream("future", _FUTURE_PASS, passes="in"),
    0x17: OfStream("future", _FUTURE_PASS, passes="out"),
    0x18: OfStream("future", _BOTH, 1),
    0x19: OfStream("future", _BOTH, 1),
    0x1A: OfStream("future", _TAKES),
    0x1B: OfStream("future", _TAKES),
    0x1C: _error_context(FuncType(("i32", "i32"), _I32), makes_room=False),
    0x1D: _error_context(FuncType(("i32", "i32")), makes_room=True),
    0x1E: Plain(_TAKES),  # error-context.drop
    0x1F: Plain(_GIVES),  # waitable-set.new
    0x20: _waitable_set,
    0x21: _waitable_set,
    0x22: Plain(_TAKES),  # waitable-set.drop
    0x23: Plain(FuncType(("i32", "i32"))),  # waitable.join
    0x24: Plain(_NOTHING),  # backpressure.inc
    0x25: Plain(_NOTHING),  # backpressure.dec
    0x26: Plain(_GIVES),  # thread.index
    0x27: _thread_indirect,
    0x28: Plain(_TAKES),  # thread.resume-later
    0x29: Plain(_GIVES, 1),  # thread.suspend
    0x2A: Plain(_BOTH, 1),  # thread.suspend-then-resume
    0x2B: Plain(_BOTH, 1),  # thread.yield-then-resume
    0x2C: Plain(_BOTH, 1),  # thread.suspend-then-promote
    0x2D: Plain(_BOTH, 1),  # thread.yield-then-promote
    0x40: _thread_ref,
    0x41: _thread_indirect,
    0x42: Plain(_GIVES),  # thread.available-parallelism
}
