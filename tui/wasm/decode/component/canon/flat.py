"""The core function that a component's function is lifted from or lowered to. Source: CanonicalABI.md, Flattening."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui.wasm.decode.budget import paced
from tui.wasm.module import FuncType

if TYPE_CHECKING:
    from tui.wasm.decode.budget import Tick
    from tui.wasm.decode.component.canon.options import Options
    from tui.wasm.decode.component.types.types import Function, Value

MOST_PARAMS, MOST_ASYNC_PARAMS, MOST_RESULTS = 16, 4, 1
_ROOM: Final = MOST_PARAMS + 1  # more than fit anywhere
_CORE: Final = {"s64": "i64", "u64": "i64", "f32": "f32", "f64": "f64"}
Flat = tuple[str, ...]


class Flattener:
    """Value types as core types. More than `MOST_PARAMS` of them are cut off: nothing takes so many."""

    def __init__(self, pointer: str, tick: Tick) -> None:
        self._pointer = pointer
        self._tick = tick
        self._known: dict[Value, Flat] = {}

    def flat(self, found: Value) -> Flat:
        """The core types of a value."""
        if found not in self._known:
            self._known[found] = self._flat(found)[:_ROOM]
        return self._known[found]

    def params(self, found: Function, most: int) -> tuple[list[str], bool]:
        """The core types of a function's parameters, one pointer where they are more than `most`; and whether any of
        it lies in memory.
        """
        made: list[str] = []
        points = False
        for _, value in paced(found.params, self._tick):
            points = points or bool(value.weight.points)
            made += self.flat(value)
        return (made, points) if len(made) <= most else ([self._pointer], True)

    def _flat(self, found: Value) -> Flat:
        if found.form in ("string", "map") or (found.form == "list" and not found.length):
            return (self._pointer, self._pointer)
        if found.form == "list":
            return self._row([found.parts[0]] * min(found.length, _ROOM))
        if found.form in ("record", "tuple"):
            return self._row(found.parts)
        if found.form in ("variant", "option", "result"):
            return self._cases(found.parts)
        return (_CORE.get(found.form, "i32"),)

    def _row(self, parts: tuple[Value | None, ...] | list[Value | None]) -> Flat:
        made: list[str] = []
        for part in parts:
            made += self.flat(part) if part else ()
            if len(made) >= _ROOM:
                break
        return tuple(made)

    def _cases(self, cases: tuple[Value | None, ...]) -> Flat:
        made: list[str] = []
        for case in paced(cases, self._tick):
            for place, core in enumerate(self.flat(case) if case else ()):
                if place < len(made):
                    made[place] = joined(made[place], core)
                else:
                    made.append(core)
        return ("i32", *made)


def joined(one: str, other: str) -> str:
    """The core type that holds either."""
    if one == other:
        return one
    return "i32" if {one, other} == {"i32", "f32"} else "i64"


def lifted(found: Function, options: Options, at: int, tick: Tick) -> FuncType:
    """The core function that is lifted to a function. Raises Malformed where an option is missing."""
    flattener = Flattener(options.pointer, tick)
    params, is_far = flattener.params(found, MOST_PARAMS)
    if is_far:
        options.need_realloc(at)
    results: Flat = ()
    if found.result is not None:
        results = flattener.flat(found.result)
        if options.is_async:
            if len(results) > MOST_PARAMS or found.result.weight.points:
                options.need_memory(at)
        elif len(results) > MOST_RESULTS:
            options.need_memory(at)
            results = (options.pointer,)
    if options.is_async:
        results = ("i32",) if options.callback is not None else ()
    return FuncType(tuple(params), results)


def lowered(found: Function, options: Options, at: int, tick: Tick) -> FuncType:
    """The core function that a function is lowered to. Raises Malformed where an option is missing."""
    flattener = Flattener(options.pointer, tick)
    params, is_far = flattener.params(found, MOST_ASYNC_PARAMS if options.is_async else MOST_PARAMS)
    if is_far:
        options.need_memory(at)
    results: Flat = flattener.flat(found.result) if found.result else ()
    if found.result is not None and found.result.weight.points:
        options.need_realloc(at)
    if results and (options.is_async or len(results) > MOST_RESULTS):
        options.need_memory(at)
        params.append(options.pointer)
        results = ()
    return FuncType(tuple(params), ("i32",) if options.is_async else results)
