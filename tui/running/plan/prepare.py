"""What is decided about a module before it runs: what of it can be called, and what wasmtime is given to compile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tui.running.plan.elements import ELEMENT_SECTION, rewritten_elements
from tui.running.plan.rewrite import EXPORT_SECTION, FUNCTION, MEMORY, START_SECTION, replaced, with_exports
from tui.wasm.model import Export, FuncType, Import, Module

# Names that no compiler gives. One that is taken all the same gets more dots.
_MEMORY_NAME: Final = "fn-tui.memory"
_START_NAME: Final = "fn-tui.start"
PAGE: Final = 65536  # bytes
CODE_SECTION: Final = 10
REWRITING: Final = 1  # raised whenever the bytes given to wasmtime change; part of a cache entry's name
# Entries of a table that take the gateway's engine longer to lay out than any call may take.
SLOW_TABLE: Final = 50_000_000


@dataclass(frozen=True, slots=True)
class Prepared:
    """A module that the gateway's engine compiles. `runnable` are the bytes for wasmtime, `source` the file's own."""

    source: bytes
    module: Module
    runnable: bytes
    memory: str | None  # the export under which wasmtime shows the memory; None: there is none
    start: str | None  # the export that stands for the start section
    data_refusal: str | None  # the engine's words at instantiation

    def function(self, name: str) -> Export | None:
        """The export of that name, where it is a function."""
        found = self.module.export(name)
        return found if found is not None and found.kind == "func" and isinstance(found.type, FuncType) else None

    def is_imported(self, export: Export) -> bool:
        """Whether an exported function is one of the host's."""
        return export.index < self.module.functions.imported

    def imported(self, index: int) -> Import:
        """The import that is the function of that index."""
        functions = [one for one in self.module.imports if one.kind == "func"]
        return functions[index]

    @property
    def memory_bytes(self) -> int:
        """Bytes of memory at start."""
        return self.module.memories[0].limits.minimum * PAGE if self.module.memories else 0

    @property
    def memory_exports(self) -> tuple[str, ...]:
        """The names under which the memory is exported."""
        return tuple(one.name for one in self.module.exports if one.kind == "memory")

    @property
    def shift(self) -> int:
        """How many bytes further the code lies in `runnable` than in `source`."""
        code = next((one for one in self.module.sections if one.id == CODE_SECTION), None)
        if code is None or self.runnable is self.source:
            return 0
        return self.runnable.find(self.source[code.offset : code.end]) - code.offset

    @property
    def slow_table(self) -> bool:
        """Whether laying out its tables outlasts any call's deadline on the gateway."""
        return any(one.limits.minimum > SLOW_TABLE for one in self.module.tables)


def prepare(source: bytes, module: Module) -> Prepared:
    """What there is to know before running a module. One with errors is left as it is, for wasmtime to refuse."""
    if module.errors:
        return Prepared(source, module, source, None, None, None)
    exports = {one.name: one for one in module.exports}
    memory = next((one.name for one in module.exports if one.kind == "memory"), None)
    added: list[tuple[str, int, int]] = []
    if memory is None and module.memories:
        memory = _free(_MEMORY_NAME, exports)
        added.append((memory, MEMORY, 0))
    start = None
    if module.start is not None:
        start = _free(_START_NAME, exports)
        added.append((start, FUNCTION, module.start))
    return Prepared(source, module, _runnable(source, module, added), memory, start, _data_refusal(module))


def _free(name: str, taken: dict[str, Export]) -> str:
    while name in taken:
        name += "."
    return name


def _runnable(source: bytes, module: Module, added: list[tuple[str, int, int]]) -> bytes:
    """The module's bytes where nothing has to change, else bytes of the same meaning that wasmtime runs our way."""
    changes: dict[int, bytes | None] = {}
    if added:
        changes[EXPORT_SECTION] = with_exports(source, module, added)
    if module.start is not None:
        changes[START_SECTION] = None
    elements = rewritten_elements(source, module)
    if elements is not None:
        changes[ELEMENT_SECTION] = elements
    return replaced(source, module, changes) if changes else source


def _data_refusal(module: Module) -> str | None:
    """The engine's words for the first active data segment that does not fit, also an empty one past the end."""
    size = module.memories[0].limits.minimum * PAGE if module.memories else 0
    for index, segment in enumerate(module.data_segments):
        if segment.memory is not None and segment.address is not None and segment.address + segment.size > size:
            return f"data[{index}]: out of bounds memory access"
    return None
