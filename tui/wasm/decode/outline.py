"""Header and sections of a file that is too large to be read as a whole: a few bytes at each section's start."""

from __future__ import annotations

import os
from typing import Final

from tui.wasm.decode.component import NAMES as COMPONENT_NAMES
from tui.wasm.decode.decode import COMPONENT_HEADER, CORE_HEADER, decode
from tui.wasm.decode.guess import MAGIC
from tui.wasm.decode.leb import Malformed, name, u32
from tui.wasm.decode.sections import CUSTOM, CUSTOMS_LISTED, DATA_COUNT, NAMES, START
from tui.wasm.model import DecodeNote, Module, Section

WINDOW: Final = 1024  # bytes read at a section's start: id, size, and count or name


def _section(descriptor: int, position: int, size: int, names: tuple[str, ...]) -> Section:
    """The section at `position`; its count or name as far as a window of bytes tells."""
    window = os.pread(descriptor, WINDOW, position)
    section = window[0]
    if section >= len(names):
        raise Malformed(position, f"{section} is not a section id (0 to {len(names) - 1})")
    try:
        length, start = u32(window, 1)
    except IndexError:
        raise Malformed(position, f"the file ends inside the header of a section ({names[section]})") from None
    if position + start + length > size:
        left = max(size - position - start, 0)
        raise Malformed(position, f"the {names[section]} section needs {length:,} bytes, {left:,} left")
    title, count = names[section], None
    try:
        if section == CUSTOM:
            title, _ = name(window, start, len(window))
        elif length and not (names is NAMES and section in (START, DATA_COUNT)):
            count, _ = u32(window, start)
    except (Malformed, IndexError):
        title = names[section]  # a name longer than the window, or a count that is none: the frame is what matters
    return Section(section, title, position, start, length, count)


def outline(descriptor: int, size: int) -> Module:
    """The Module that header and section frames tell of, with a warning that the rest was not read."""
    header = os.pread(descriptor, 512, 0)
    if header[4:8] not in (CORE_HEADER, COMPONENT_HEADER) or not header.startswith(MAGIC):
        told = decode(header)
        return Module(size, told.kind, errors=told.errors, complete=False)
    is_core = header[4:8] == CORE_HEADER
    note = DecodeNote(0, f"{size:,} bytes are too many to be read whole: only header and sections are shown", "limit")
    sections: list[Section] = []
    errors: list[DecodeNote] = []
    position = 8
    try:
        while position < size and len(sections) < CUSTOMS_LISTED:
            sections.append(_section(descriptor, position, size, NAMES if is_core else COMPONENT_NAMES))
            position = sections[-1].end
    except Malformed as fault:
        errors.append(DecodeNote(fault.offset, fault.message))
    except IndexError:
        errors.append(DecodeNote(position, "the file became shorter while it was read"))
    return Module(
        size,
        "core" if is_core else "component",
        sections=tuple(sections),
        errors=tuple(errors),
        warnings=(note,),
        dwarf_bytes=sum(s.header + s.size for s in sections if s.name.startswith(".debug_")),
        complete=False,
    )
