"""From bytes to a Module. Never raises on any bytes: what is wrong with them is in `Module.errors`.

Function bodies are skipped by their size; the rules of WebAssembly 3.0's binary format hold for all the rest. Work is
bounded by the bytes that are there (no allocation by a declared count) and by a deadline.
"""

from __future__ import annotations

from tui.wasm.decode.budget import Budget, OutOfTime, Uncollected
from tui.wasm.decode.core.draft import NOTE_LIMIT, Draft
from tui.wasm.decode.core.freeze import freeze
from tui.wasm.decode.core.walk import CODE, DATA_COUNT, walk
from tui.wasm.decode.leb import MAGIC, Malformed
from tui.wasm.module import DecodeNote, Module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from tui.wasm.decode.component.scope import Scope
    from tui.wasm.decode.component.types.types import Component

CORE, COMPONENT = (1, 0), (0x0D, 1)  # version, layer
CORE_HEADER: Final = bytes((1, 0, 0, 0))
COMPONENT_HEADER: Final = bytes((0x0D, 0, 1, 0))
OLD_CORE: Final = frozenset({0x0B, 0x0C, 0x0D})


def decode(source: bytes, deadline: float | None = None, budget: Budget | None = None) -> Module:
    """The Module that these bytes are, as far as they can be read.

    `deadline` is a time on `time.monotonic()`; None gives a minute. Past it the module comes back incomplete, with a
    warning that says where reading stopped. `budget`: what others may spend on these bytes afterwards, in its place.
    """
    with Uncollected():
        return _decode(bytes(source), 0, len(source), budget or Budget(len(source), deadline), 0)[0]


def _decode(  # noqa: PLR0917 -- what lies where, what it may cost, and what is around it
    source: bytes, start: int, end: int, budget: Budget, depth: int, outer: Scope | None = None
) -> tuple[Module, Component | None]:
    """What lies there; of a component also its type, for the one around it."""
    size = end - start
    if source[start : min(end, start + 4)] != MAGIC:
        from tui.wasm.decode.guess import looks_like

        note = DecodeNote(start, f"not a WebAssembly module: {looks_like(source[start : min(end, start + 512)])}")
        return Module(size, "not-wasm", offset=start, errors=(note,)), None
    if size < 8:
        note = DecodeNote(start, f"the header needs 8 bytes, there are {size}")
        return Module(size, "unknown", offset=start, errors=(note,)), None
    version = int.from_bytes(source[start + 4 : start + 6], "little")
    layer = int.from_bytes(source[start + 6 : start + 8], "little")
    draft = Draft(source, start, end, budget)
    if (version, layer) == CORE:
        return read_core(draft), None
    if (version, layer) == COMPONENT:
        return _component(draft, budget, depth, outer)
    note = DecodeNote(start + 4, _unknown_version(version, layer))
    return Module(size, "unknown", offset=start, errors=(note,)), None


def _unknown_version(version: int, layer: int) -> str:
    if layer == 0 and version in OLD_CORE:
        return f"version 0x{version:x} of before 2017: build it anew with a current compiler"
    what = {0: "core module", 1: "component"}.get(layer, f"layer {layer}")
    return f"version {version} of a {what} is not known (1 is current)" if layer == 0 else f"version {version}, {what}"


def read_core(draft: Draft) -> Module:
    """The Module that a core module's sections tell of. What is in `draft.unread` already is known to be left out."""
    whole = True
    try:
        walk(draft)
    except Malformed as fault:
        draft.fail(fault.offset, fault.message)
        draft.broken.update(range(14))
        _tell_cause(draft)
    except OutOfTime as stop:
        draft.warn(draft.start, f"{stop.reason}; not all sections are read")
        draft.unread.update({*range(14)} - draft.seen)
        whole = False
    if whole:
        _check_counts(draft)
    return freeze(draft)


def _tell_cause(draft: Draft) -> None:
    """In front of what a decoder meets, what was done to the file: here, line ends changed as if it were text."""
    returns = draft.source.count(b"\r\n", draft.start, draft.end)
    if returns and returns == draft.source.count(b"\n", draft.start, draft.end):
        at = draft.source.find(b"\r\n", draft.start, draft.end)
        why = "every line feed has a carriage return before it: the file was changed as if it were text (CRLF)"
        draft.errors.insert(0, DecodeNote(at, why))


def _check_counts(draft: Draft) -> None:
    """Rules that tie two sections together."""
    bodies = max(len(draft.body_offsets) - 1, 0)
    functions = len(draft.function_types)
    offset = next((section.offset for section in draft.sections if section.id == CODE), draft.end)
    if functions != bodies and not (draft.broken | draft.unread) & {3, 10}:
        draft.fail(offset, f"{functions:,} functions are declared, {bodies:,} have a body")
    declared = draft.declared_data
    if declared is not None and declared != draft.data_count and not (draft.broken | draft.unread) & {11, 12}:
        place = next((section.offset for section in draft.sections if section.id == DATA_COUNT), draft.end)
        draft.fail(place, f"{declared:,} data segments are announced, {draft.data_count:,} are there")


def _component(draft: Draft, budget: Budget, depth: int, outer: Scope | None) -> tuple[Module, Component | None]:
    from tui.wasm.decode.component.walk import DEEPEST, Walk, too_deep

    def nested(start: int, end: int, scope: Scope) -> tuple[Module, Component | None]:
        if depth >= DEEPEST:
            return too_deep(start, end - start), None
        return _decode(draft.source, start, end, budget, depth + 1, scope)

    walk = Walk(draft, outer, nested)
    found = walk.run()
    errors = (draft.errors + [note for child in walk.children for note in child.errors])[:NOTE_LIMIT]
    module = Module(
        size=draft.end - draft.start,
        kind="component",
        sections=tuple(draft.sections),
        errors=tuple(errors),
        warnings=tuple(draft.warnings),
        offset=draft.start,
        children=tuple(walk.children),
        component_imports=tuple(draft.component_imports),
        component_exports=tuple(draft.component_exports),
        unread=frozenset(draft.unread),
    )
    return module, None if errors else found
