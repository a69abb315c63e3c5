"""What is in a section, as named lines: producers, features, names, memories, segments. Raw: escape before showing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from tui.text import human_bytes, offset, plural
from tui.wasm.insight import memory_words, table_words, type_words
from tui.wasm.module import Module, Section

Detail = tuple[str, str]  # name, text
_MOST: Final = 60  # lines of one section


def details(section: Section, module: Module) -> list[Detail]:
    """What there is to tell of a section; empty where nothing more is known than its size."""
    reader = _CUSTOM.get(section.name) if section.id == 0 else _KNOWN.get(section.name)
    found = list(reader(module)) if reader is not None else []
    more = len(found) - _MOST
    return found if more <= 0 else [*found[:_MOST], ("", f"and {more:,} more")]


def _producers(module: Module) -> Iterator[Detail]:
    for field, pairs in module.producers.items():
        yield field, ", ".join(f"{name} {version}".strip() for name, version in pairs)


def _features(module: Module) -> Iterator[Detail]:
    if module.target_features:
        yield "", " ".join(module.target_features)


def _names(module: Module) -> Iterator[Detail]:
    if module.name is not None:
        yield "module", module.name
    for part in module.name_parts:
        if part.count is not None:
            yield part.name, f"{plural(part.count, 'entry').replace('entrys', 'entries')}, {human_bytes(part.size)}"


def _build_id(module: Module) -> Iterator[Detail]:
    if module.build_id:
        yield "", module.build_id


def _source_map(module: Module) -> Iterator[Detail]:
    if module.source_map:
        yield "", module.source_map


def _memories(module: Module) -> Iterator[Detail]:
    for index, memory in enumerate(module.memories):
        yield f"memory {index}", memory_words(memory.limits)


def _tables(module: Module) -> Iterator[Detail]:
    for index, table in enumerate(module.tables):
        yield f"table {index}", f"{table.element}, {table_words(table.limits)}"


def _globals(module: Module) -> Iterator[Detail]:
    for index, entry in enumerate(module.globals):
        yield f"global {index}", type_words(entry)


def _data(module: Module) -> Iterator[Detail]:
    counts = module.segments
    passive = f", {counts.passive_data:,} passive" if counts.passive_data else ""
    yield "", f"{plural(counts.data, 'segment')}, {human_bytes(counts.data_bytes)} of contents{passive}"
    for index, segment in enumerate(module.data_segments):
        where = "passive" if segment.memory is None else "at a computed address"
        if segment.address is not None:
            where = f"at {offset(segment.address)}"
        yield f"segment {index}", f"{human_bytes(segment.size)} {where}"


def _elements(module: Module) -> Iterator[Detail]:
    counts = module.segments
    yield "", f"{plural(counts.elements, 'segment')}, {plural(counts.element_entries, 'function')} that calls may reach"


def _start(module: Module) -> Iterator[Detail]:
    if module.start is not None:
        yield "", f"function {module.start:,} runs at instantiation"


def _code(module: Module) -> Iterator[Detail]:
    counts = module.functions
    yield "", f"{plural(counts.defined, 'function')}, {human_bytes(counts.code_bytes)} of bodies"


_KNOWN: Final[dict[str, Callable[[Module], Iterator[Detail]]]] = {
    "memory": _memories,
    "table": _tables,
    "global": _globals,
    "data": _data,
    "element": _elements,
    "start": _start,
    "code": _code,
}
_CUSTOM: Final[dict[str, Callable[[Module], Iterator[Detail]]]] = {
    "producers": _producers,
    "target_features": _features,
    "name": _names,
    "build_id": _build_id,
    "go:buildid": _build_id,
    "go.buildid": _build_id,
    "sourceMappingURL": _source_map,
}
