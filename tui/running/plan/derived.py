"""What is made of a decoded module: its outline, and the bytes that wasmtime is given to compile."""

from __future__ import annotations

from typing import Final

from tui.running.plan.elements import ELEMENT_SECTION, rewritten_elements
from tui.running.plan.outline import Outline
from tui.running.plan.rewrite import EXPORT_SECTION, FUNCTION, MEMORY, START_SECTION, replaced, with_exports
from tui.wasm.module import Module

# Names that no compiler gives. One that is taken all the same gets more dots.
_MEMORY_NAME: Final = "fn-tui.memory"
_START_NAME: Final = "fn-tui.start"
PAGE: Final = 65536  # bytes
# Entries of a table that take the gateway's engine longer to lay out than any call may take.
SLOW_TABLE: Final = 50_000_000


def outline_of(module: Module) -> Outline:
    """What a run asks of it. Of one with errors no more than what it takes and offers."""
    outside = module.imports, module.exports, module.functions.imported
    if module.errors:
        return Outline(*outside, module.start)
    taken = {one.name for one in module.exports}
    memory = next((one.name for one in module.exports if one.kind == "memory"), None)
    if memory is None and module.memories:
        memory = _free(_MEMORY_NAME, taken)
    return Outline(
        *outside,
        start=module.start,
        start_export=_free(_START_NAME, taken) if module.start is not None else None,
        memory=memory,
        memory_bytes=module.memories[0].limits.minimum * PAGE if module.memories else 0,
        slow_table=any(one.limits.minimum > SLOW_TABLE for one in module.tables),
        data_refusal=_data_refusal(module),
    )


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "."
    return name


def _data_refusal(module: Module) -> str | None:
    """The engine's words for the first active data segment that does not fit, also an empty one past the end."""
    size = module.memories[0].limits.minimum * PAGE if module.memories else 0
    for index, segment in enumerate(module.data_segments):
        if segment.memory is not None and segment.address is not None and segment.address + segment.size > size:
            return f"data[{index}]: out of bounds memory access"
    return None


def runnable(source: bytes, module: Module, outline: Outline) -> bytes:
    """The module's bytes where nothing has to change, else bytes of the same meaning that wasmtime runs our way."""
    if module.errors:
        return source
    added: list[tuple[str, int, int]] = []
    if outline.memory is not None and all(one.kind != "memory" for one in module.exports):
        added.append((outline.memory, MEMORY, 0))
    if outline.start_export is not None:
        added.append((outline.start_export, FUNCTION, module.start or 0))
    changes: dict[int, bytes | None] = {}
    if added:
        changes[EXPORT_SECTION] = with_exports(source, module, added)
    if module.start is not None:
        changes[START_SECTION] = None
    elements = rewritten_elements(source, module)
    if elements is not None:
        changes[ELEMENT_SECTION] = elements
    return replaced(source, module, changes) if changes else source
