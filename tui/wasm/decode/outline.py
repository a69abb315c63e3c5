"""A file that is too large to be read as a whole: its sections' frames, and the small sections in them.

Code, data and large custom sections are passed over; types, imports and exports are read as in any module, so that mode
and signatures are what they are. What the rest would tell is not known, and `Module.unread` says so.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from tui.wasm.decode.budget import Budget
from tui.wasm.decode.component.walk import NAMES as COMPONENT_NAMES
from tui.wasm.decode.core.custom import READERS
from tui.wasm.decode.core.draft import NOTE_LIMIT, Draft
from tui.wasm.decode.core.freeze import not_counted
from tui.wasm.decode.core.walk import CODE, CUSTOM, CUSTOMS_LISTED, DATA_COUNT, NAMES, START
from tui.wasm.decode.decode import COMPONENT_HEADER, CORE_HEADER, decode, read_core
from tui.wasm.decode.leb import MAGIC, Malformed, name, u32
from tui.wasm.module import DecodeNote, Module, Section, SegmentCounts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

WINDOW: Final = 1024  # bytes read at a section's start: id, size, and count or name
ELEMENT, DATA = 9, 11
PASSED_OVER: Final = frozenset({ELEMENT, CODE, DATA})
TAKEN: Final = 32 << 20  # bytes of small sections that are read, together
SHORTER: Final = "the file became shorter while it was read"


@dataclass(slots=True)
class _Frames:
    """What a walk over the frames gathers."""

    descriptor: int
    size: int
    sections: list[Section] = field(default_factory=list)
    errors: list[DecodeNote] = field(default_factory=list)
    end: int = 8  # where the walk stopped
    customs: int = 0


def _section(frames: _Frames, position: int, names: tuple[str, ...]) -> Section:
    """The section at `position`; its count or name as far as a window of bytes tells."""
    window = os.pread(frames.descriptor, WINDOW, position)
    section = window[0]
    if section >= len(names):
        raise Malformed(position, f"{section} is not a section id (0 to {len(names) - 1})")
    try:
        length, start = u32(window, 1)
    except IndexError:
        raise Malformed(position, f"the file ends inside the header of a section ({names[section]})") from None
    if position + start + length > frames.size:
        left = max(frames.size - position - start, 0)
        raise Malformed(position, f"the {names[section]} section needs {length:,} bytes, {left:,} left")
    title, count = names[section], None
    if section == CUSTOM:
        frames.customs += 1
        title = _title(frames, window, position, start, length)
    elif length and not (names is NAMES and section in (START, DATA_COUNT)):
        try:
            count, _ = u32(window, start)
        except (Malformed, IndexError):
            count = None  # what is wrong with it is told where the section is read
    return Section(section, title, position, start, length, count)


def _title(frames: _Frames, window: bytes, position: int, start: int, length: int) -> str:
    """A custom section's name; of one longer than the window only that it is custom. A fault is noted."""
    try:
        return name(window, start, min(start + length, len(window)))[0]
    except (Malformed, IndexError) as error:
        if start + length <= len(window):
            message = error.message if isinstance(error, Malformed) else "it has no name"
            frames.errors.append(DecodeNote(position + start, f"custom section: {message}"))
        return NAMES[CUSTOM]


def _walk(frames: _Frames, names: tuple[str, ...]) -> None:
    """Note the frames up to the end of the file, the first fault in one, or as many as are listed."""
    try:
        while frames.end < frames.size and len(frames.sections) < CUSTOMS_LISTED and len(frames.errors) < NOTE_LIMIT:
            frames.sections.append(_section(frames, frames.end, names))
            frames.end = frames.sections[-1].end
    except Malformed as fault:
        frames.errors.append(DecodeNote(fault.offset, fault.message))
    except IndexError:
        frames.errors.append(DecodeNote(frames.end, SHORTER))


def _is_small(section: Section) -> bool:
    """Whether a section is one of those that are read."""
    return section.name in READERS if section.id == CUSTOM else section.id not in PASSED_OVER


def _small(frames: _Frames) -> tuple[bytes, list[tuple[int, int]], set[int]]:
    """The small sections as a module of their own, (offset there, offset in the file) of each; ids of all others."""
    parts, places = [MAGIC + CORE_HEADER], list[tuple[int, int]]()
    left_out, length = set[int](), 8
    for section in frames.sections:
        whole = section.header + section.size
        if not _is_small(section) or length + whole > TAKEN:
            if section.id != CUSTOM or section.name in READERS:
                left_out.add(section.id)
            continue
        part = os.pread(frames.descriptor, whole, section.offset)
        if len(part) < whole:
            frames.errors.append(DecodeNote(section.offset, SHORTER))
            left_out.update(range(len(NAMES)))
            break
        places.append((length, section.offset))
        parts.append(part)
        length += whole
    if frames.end < frames.size:
        left_out |= {*range(len(NAMES))} - {section.id for section in frames.sections if section.id != CUSTOM}
    return b"".join(parts), places, left_out


def _moved(offset: int, places: list[tuple[int, int]]) -> int:
    """The offset in the file of what is at `offset` among the small sections."""
    there, here = next((pair for pair in reversed(places) if pair[0] <= offset), (0, 0))
    return offset - there + here


def _notes(notes: tuple[DecodeNote, ...], places: list[tuple[int, int]]) -> list[DecodeNote]:
    return [note._replace(offset=_moved(note.offset, places)) for note in notes]


def _core(frames: _Frames, warnings: list[DecodeNote]) -> Module:
    """What the small sections of a core module tell."""
    source, places, left_out = _small(frames)
    draft = Draft(source, 0, len(source), Budget(len(source)))
    draft.unread |= left_out
    told = read_core(draft)
    unread = told.unread or PASSED_OVER
    counts = {section.id: section.count or 0 for section in frames.sections}
    return told._replace(
        size=frames.size,
        sections=tuple(frames.sections),
        errors=tuple([*frames.errors, *_notes(told.errors, places)][:NOTE_LIMIT]),
        warnings=tuple([*warnings, *_notes(told.warnings, places)][:NOTE_LIMIT]),
        counts=told.counts._replace(customs=frames.customs),
        segments=SegmentCounts(data=counts.get(DATA, 0), elements=counts.get(ELEMENT, 0)),
        dwarf_bytes=_dwarf(frames),
        name_parts=tuple(part._replace(offset=_moved(part.offset, places)) for part in told.name_parts),
        unread=unread,
        not_counted=not_counted(unread, counts.keys()),
    )


def _dwarf(frames: _Frames) -> int:
    return sum(section.header + section.size for section in frames.sections if section.name.startswith(".debug_"))


def frame_fault(descriptor: int, size: int) -> DecodeNote | None:
    """The first fault in the sections' frames of a core module: cut short, or no section at all. None for all else."""
    if os.pread(descriptor, 8, 0) != MAGIC + CORE_HEADER:
        return None
    frames = _Frames(descriptor, size)
    _walk(frames, NAMES)
    return frames.errors[0] if frames.errors else None


def outline(descriptor: int, size: int) -> Module:
    """The Module that frames and small sections tell of, with a warning that the rest was not read."""
    header = os.pread(descriptor, 512, 0)
    if header[4:8] not in (CORE_HEADER, COMPONENT_HEADER) or not header.startswith(MAGIC):
        told = decode(header)
        return Module(size, told.kind, errors=told.errors, unread=frozenset({CUSTOM}))
    is_core = header[4:8] == CORE_HEADER
    frames = _Frames(descriptor, size)
    _walk(frames, NAMES if is_core else COMPONENT_NAMES)
    note = f"{size:,} bytes are too many to be read whole: code, data and large custom sections are passed over"
    warnings = [DecodeNote(0, note, "limit")]
    if frames.end < size and (not frames.errors or len(frames.errors) >= NOTE_LIMIT):
        more = f"{len(frames.sections):,} sections are shown: those that follow are not read"
        warnings.append(DecodeNote(frames.end, more, "limit"))
    if is_core:
        return _core(frames, warnings)
    return Module(
        size,
        "component",
        sections=tuple(frames.sections),
        errors=tuple(frames.errors),
        warnings=tuple(warnings),
        dwarf_bytes=_dwarf(frames),
        unread=frozenset({CUSTOM}),
    )
