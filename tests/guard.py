"""Exports that trap when they are called, as those of TinyGo do in the wrong build mode.

TinyGo puts a guard before each `//go:wasmexport` function: until the runtime is initialised, and again once main has
returned, the call ends in `unreachable`. Stock Go has no such guard: what it builds in command mode works with wazero.
To have the trap for real where no TinyGo is at hand, the exports of a module built by stock Go are led to functions
whose only instruction is `unreachable`.
"""

from __future__ import annotations

from tests.wasm.binary import leb
from tui.wasm.decode.decode import decode
from tui.wasm.decode.leb import u32 as read_u32
from tui.wasm.module import Section

FUNCTION, EXPORT, CODE = 3, 7, 10
TRAP = b"\x03\x00\x00\x0b"  # a body of three bytes: no locals, unreachable, end


def trapping(source: bytes, *names: str) -> bytes:
    """The module with the exported functions of these names led to functions that trap."""
    module = decode(source)
    assert module.ok, module.errors
    wanted = [export for export in module.exports if export.name in names]
    assert len(wanted) == len(names)
    first = module.functions.imported + module.functions.defined
    targets = {export.name: first + number for number, export in enumerate(wanted)}
    sections = {section.id: section for section in module.sections}
    types = _types(source, sections[FUNCTION])
    added = [types[export.index - module.functions.imported] for export in wanted]
    new = {
        FUNCTION: _grown(source, sections[FUNCTION], b"".join(map(leb, added)), len(added)),
        CODE: _grown(source, sections[CODE], TRAP * len(added), len(added)),
        EXPORT: _exports(source, sections[EXPORT], targets),
    }
    parts = [source[:8]]
    for section in module.sections:
        payload = new.get(section.id, source[section.start : section.end])
        parts.append(bytes((section.id,)) + leb(len(payload)) + payload)
    return b"".join(parts)


def _types(source: bytes, section: Section) -> list[int]:
    """The type index of each defined function."""
    count, position = read_u32(source, section.start)
    found = []
    for _ in range(count):
        index, position = read_u32(source, position)
        found.append(index)
    return found


def _grown(source: bytes, section: Section, more: bytes, entries: int) -> bytes:
    """The payload of a vector's section with entries added at its end."""
    count, position = read_u32(source, section.start)
    return leb(count + entries) + source[position : section.end] + more


def _exports(source: bytes, section: Section, targets: dict[str, int]) -> bytes:
    """The payload of the export section with other function indices."""
    count, position = read_u32(source, section.start)
    parts = [leb(count)]
    for _ in range(count):
        length, start = read_u32(source, position)
        name = source[start : start + length].decode()
        index, after = read_u32(source, start + length + 1)
        kind = source[start + length]
        to = targets.get(name, index) if kind == 0 else index
        parts += [source[position : start + length], bytes((kind,)), leb(to)]
        position = after
    return b"".join(parts)
