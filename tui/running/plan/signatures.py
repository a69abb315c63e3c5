"""Names and types of a module's functions by index, for traces. Read when something trapped, and not before."""

from __future__ import annotations

from functools import cached_property

from tui.wasm.decode.core.names import read_names
from tui.wasm.decode.leb import u32
from tui.wasm.decode.types import value_type
from tui.wasm.module import FuncType, Module, Section

TYPE_SECTION, FUNCTION_SECTION = 1, 3


class Signatures:
    """What a trace says of each function, as the gateway's engine says it."""

    def __init__(self, source: bytes, module: Module) -> None:
        self._source = source
        self._module = module

    @cached_property
    def _names(self) -> dict[int, str]:
        return read_names(self._source, self._module).symbols

    @cached_property
    def _types(self) -> list[FuncType]:
        section = self._section(TYPE_SECTION)
        if section is None:
            return []
        count, position = u32(self._source, section.start)
        found = []
        for _ in range(count):
            params, position = self._vector(position + 1)
            results, position = self._vector(position)
            found.append(FuncType(params, results))
        return found

    def _vector(self, position: int) -> tuple[tuple[str, ...], int]:
        count, position = u32(self._source, position)
        found = []
        for _ in range(count):
            name, position = value_type(self._source, position)
            found.append(name)
        return tuple(found), position

    @cached_property
    def _defined(self) -> list[int]:
        """The type index of each defined function."""
        section = self._section(FUNCTION_SECTION)
        if section is None:
            return []
        count, position = u32(self._source, section.start)
        found = []
        for _ in range(count):
            index, position = u32(self._source, position)
            found.append(index)
        return found

    def _section(self, number: int) -> Section | None:
        return next((one for one in self._module.sections if one.id == number), None)

    def type(self, index: int) -> FuncType:
        """The type of a function."""
        functions = [one for one in self._module.imports if one.kind == "func"]
        if index < len(functions):
            found = functions[index].type
            return found if isinstance(found, FuncType) else FuncType()
        return self._types[self._defined[index - self._module.functions.imported]]

    def symbol(self, index: int) -> str:
        """The compiler's name of a function, "" where the name section has none."""
        return self._names.get(index, "")

    def frame(self, index: int) -> str:
        """A line of a stack trace: `main.runtime.alloc(i32,i32) i32`, `.$7()`."""
        name = f"{self._module.name or ''}.{self.symbol(index) or f'${index}'}"
        return name + signature(self.type(index))


def signature(type_: FuncType) -> str:
    """A function type as a trace writes it."""
    results = type_.results
    after = "" if not results else f" {results[0]}" if len(results) == 1 else f" ({','.join(results)})"
    return f"({','.join(type_.params)}){after}"
