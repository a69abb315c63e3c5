"""Which WebAssembly features a module uses beyond those that an engine has, and what shows it.

Names are those of the target_features convention. What a compiler claims there is not a proof: `claimed_features` tells
the claims, `used_features` what sections, types and instructions show.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Final

from tui.facts import Fact
from tui.gateway.engine.opcodes import NAMES, allowed, first_foreign, leb
from tui.gateway.engine.typesection import ONE_BYTE, after_value_type, foreign_type, has_extended_constant
from tui.wasm.decode.budget import OutOfTime, no_tick, paced
from tui.wasm.decode.core.data_runs import by_start
from tui.wasm.decode.core.instructions import usual_frame
from tui.wasm.module import GlobalType, Module

if TYPE_CHECKING:
    from tui.gateway.engine.opcodes import Swallow
    from tui.wasm.decode.budget import Tick

SMALL: Final = 3_000_000  # bytes of code that are scanned whatever the compiler says
_TAG_SECTION: Final = 13
# target_features name -> the features that it stands for here, where they differ
_CLAIMS: Final = {"shared-mem": "atomics", "multimemory": "multimemory"}
_USUAL_FRAME: Final = re.compile(usual_frame(ONE_BYTE), re.DOTALL)
_GC_TYPES: Final = ("anyref", "eqref", "i31ref", "structref", "arrayref", "nullref", "nullfuncref", "(ref")


class FeatureUse(Fact):
    """A feature, and the first thing in the module that needs it."""

    feature: str
    evidence: str  # "a tag section", "return_call in function 12"
    function: int | None = None  # the function whose body shows it


def claimed_features(module: Module) -> tuple[str, ...]:
    """The features that the compiler says the module may use."""
    names = (claim[1:] for claim in module.target_features if claim[:1] in "+=")
    return tuple(dict.fromkeys(_CLAIMS.get(name, name) for name in names))


def used_features(
    module: Module, source: bytes | None, have: frozenset[str], tick: Tick = no_tick
) -> tuple[FeatureUse, ...]:
    """Every feature outside `have` that the module uses, once. `source` are the file's bytes; None skips the bodies.

    Where `tick` raises OutOfTime, those come that were found before.
    """
    uses: dict[str, FeatureUse] = {}
    for feature, evidence in _declared(module):
        if feature not in have:
            uses.setdefault(feature, FeatureUse(feature, evidence))
    if source is not None and len(source) == module.size:
        try:
            for use in chain(_in_sections(module, source, tick), _in_bodies(module, source, have, tick)):
                if use.feature not in have:
                    uses.setdefault(use.feature, use)
        except OutOfTime:
            return tuple(uses.values())
    return tuple(uses.values())


def _declared(module: Module) -> Iterator[tuple[str, str]]:
    """What sections, limits and types show without reading a body."""
    if any(section.id == _TAG_SECTION for section in module.sections) or any(i.kind == "tag" for i in module.imports):
        yield "exception-handling", "it has exception tags"
    if len(module.memories) > 1:
        yield "multimemory", f"{max(len(module.memories), module.counts.memories):,} memories"
    for memory in module.memories:
        if memory.limits.shared:
            yield "atomics", "a shared memory"
        if memory.limits.is64:
            yield "memory64", "a memory with 64-bit addresses"
        if memory.limits.page_size != 65536:
            yield "custom-page-sizes", f"pages of {memory.limits.page_size:,} bytes"
    for table in module.tables:
        if table.limits.is64:
            yield "memory64", "a table with 64-bit indices"
        if table.element.startswith(_GC_TYPES):
            yield "gc", f"a table of {table.element}"
    shared = (*(entry.type for entry in module.imports), *(entry.type for entry in module.exports))
    if any(isinstance(type_, GlobalType) and type_.mutable for type_ in shared):
        yield "mutable-globals", "a mutable global is imported or exported"


def _in_sections(module: Module, source: bytes, tick: Tick) -> Iterator[FeatureUse]:
    for section in module.sections:
        if section.id not in (1, 6, 11):
            continue
        try:
            if (
                section.id == 1
                and (found := foreign_type(source, section.start, min(section.end, len(source)), tick)) is not None
            ):
                yield FeatureUse(*found)
            elif section.id != 1 and has_extended_constant(section, source, by_start(module.data_runs), tick):
                yield FeatureUse("extended-const", "a constant that is computed")
        except (ValueError, IndexError):
            continue  # malformed: the decoder has said so


def worth_scanning(module: Module, have: frozenset[str]) -> bool:
    """Whether to read the bodies: of large modules only where the compiler names a feature outside `have`."""
    if module.functions.code_bytes <= SMALL:
        return True
    return any(claim not in have for claim in claimed_features(module))


def _in_bodies(module: Module, source: bytes, have: frozenset[str], tick: Tick) -> Iterator[FeatureUse]:
    if not worth_scanning(module, have):
        return
    first = module.functions.imported
    of_go = (module.toolchain or "").partition(" ")[0] == "Go"
    frame, swallow = _USUAL_FRAME.match, allowed(have, of_go=of_go)
    for number, (start, end) in enumerate(paced(pairwise(module.body_offsets), tick)):
        usual = frame(source, start, end)
        found = swallow(source, usual.end(), end) if usual is not None else None
        if found is not None and found.end() == end:
            continue  # nearly every body
        try:
            known = found.end() if found is not None else None
            use = _in_body(source, start, end, have, tick, known=known, swallow=swallow)
        except (ValueError, IndexError):
            continue  # malformed: a validator says more
        if use is not None:
            yield FeatureUse(use[0], f"{use[1]} in function {first + number}", first + number)


def _in_body(
    source: bytes, start: int, end: int, have: frozenset[str], tick: Tick, *, known: int | None, swallow: Swallow
) -> tuple[str, str] | None:
    """The first thing in a body that `have` does not have: the feature, and what shows it.

    `known`: up to where it holds none for sure; None where not even its locals were looked at. `swallow` is what
    matches instructions that `have` brought.
    """
    if known is None:
        known, typed = after_locals(source, start, end, tick)
        if typed:
            return "gc", "a local of a GC type"
    found = first_foreign(source, known, end, have, tick, swallow=swallow)
    if found is None:
        return None
    return found[0], NAMES.get(source[found[1]], f"instruction 0x{source[found[1]]:02x}")


def after_locals(source: bytes, position: int, end: int, tick: Tick = no_tick) -> tuple[int, bool]:
    """Position of a body's first instruction, past its size and its locals, and whether a local has a GC type."""
    usual = _USUAL_FRAME.match(source, position, end)
    if usual is not None:
        return usual.end(), False
    _, position = leb(source, position, end)
    runs, position = leb(source, position, end)
    found = False
    for _ in paced(range(min(runs, end - position)), tick):
        _, position = leb(source, position, end)
        position, typed = after_value_type(source, position, end)
        found = found or typed
    return position, found
