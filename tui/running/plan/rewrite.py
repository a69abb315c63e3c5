"""A module's bytes with a section exchanged, left out, or a few exports more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from tui.wasm.decode.leb import leb, u32
from tui.wasm.module import Module, Section

HEADER_BYTES: Final = 8
EXPORT_SECTION, START_SECTION = 7, 8
# The order in which sections must stand; a custom section (0) may stand anywhere.
_ORDER: Final = (1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11)
FUNCTION, MEMORY = 0, 2  # kinds of export


def with_exports(source: bytes, module: Module, added: Sequence[tuple[str, int, int]]) -> bytes:
    """The export section's content with exports (name, kind, index) added."""
    section = next((one for one in module.sections if one.id == EXPORT_SECTION), None)
    count, old = 0, b""
    if section is not None:
        count, position = u32(source, section.start)
        old = source[position : section.end]
    return leb(count + len(added)) + old + b"".join(_export(*one) for one in added)


def _export(name: str, kind: int, index: int) -> bytes:
    text = name.encode()
    return leb(len(text)) + text + bytes((kind,)) + leb(index)


def replaced(source: bytes, module: Module, contents: Mapping[int, bytes | None]) -> bytes:
    """The module with sections exchanged by id; None leaves one out, one that was not there is put in its place."""
    parts = [source[:HEADER_BYTES]]
    pending = {section: content for section, content in contents.items() if content is not None}
    for section in module.sections:
        parts.extend(_due(section, pending))
        if section.id not in contents:
            parts.append(source[section.offset : section.end])
        elif section.id in pending:
            parts.append(_section(section.id, pending.pop(section.id)))
    parts.extend(_section(one, pending[one]) for one in _ORDER if one in pending)
    return b"".join(parts)


def _due(section: Section, pending: dict[int, bytes]) -> list[bytes]:
    """New sections that have to stand before this one; they are taken from `pending`."""
    if section.id not in _ORDER:
        return []
    before = [one for one in _ORDER[: _ORDER.index(section.id)] if one in pending]
    return [_section(one, pending.pop(one)) for one in before]


def _section(number: int, content: bytes) -> bytes:
    return bytes((number,)) + leb(len(content)) + content
