"""What is decided about a module before it runs: what of it can be called, and what wasmtime is given to compile."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from tui.running.plan.outline import Outline
from tui.wasm.module import Export, FuncType, Import

if TYPE_CHECKING:
    from tui.wasm.module import Module

CODE_SECTION: Final = 10
# Raised whenever the bytes given to wasmtime, or what an outline says, change; part of a cache entry's name.
PREPARING: Final = 2


class Prepared:
    """A module that the gateway's engine compiles, by its outline. The rest of it is read where it is asked for."""

    def __init__(self, source: bytes, outline: Outline, module: Module | None = None) -> None:
        """`source` are the file's own bytes; `module` is what they were decoded to, where they were."""
        self.source = source
        self.outline = outline
        self._decoded = module

    @cached_property
    def module(self) -> Module:
        """All that is known of the module."""
        from tui.wasm.decode.decode import decode  # for traces; a run that answers needs none

        return self._decoded if self._decoded is not None else decode(self.source)

    @cached_property
    def runnable(self) -> bytes:
        """The bytes for wasmtime. A module with errors is left as it is, for wasmtime to refuse."""
        from tui.running.plan.derived import runnable

        return runnable(self.source, self.module, self.outline)

    def function(self, name: str) -> Export | None:
        """The export of that name, where it is a function."""
        found = self.export(name)
        return found if found is not None and found.kind == "func" and isinstance(found.type, FuncType) else None

    def export(self, name: str) -> Export | None:
        """The export of that name."""
        return next((one for one in self.outline.exports if one.name == name), None)

    def is_imported(self, export: Export) -> bool:
        """Whether an exported function is one of the host's."""
        return export.index < self.outline.imported

    def imported(self, index: int) -> Import:
        """The import that is the function of that index."""
        functions = [one for one in self.outline.imports if one.kind == "func"]
        return functions[index]

    @property
    def memory_exports(self) -> tuple[str, ...]:
        """The names under which the memory is exported."""
        return tuple(one.name for one in self.outline.exports if one.kind == "memory")

    @property
    def shift(self) -> int:
        """How many bytes further the code lies in `runnable` than in `source`."""
        code = next((one for one in self.module.sections if one.id == CODE_SECTION), None)
        if code is None or self.runnable is self.source:
            return 0
        return self.runnable.find(self.source[code.offset : code.end]) - code.offset


def prepare(source: bytes, module: Module) -> Prepared:
    """What there is to know before running a module."""
    from tui.running.plan.derived import outline_of

    return Prepared(source, outline_of(module), module)
