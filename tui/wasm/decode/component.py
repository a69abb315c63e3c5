"""Components: their sections, each checked by its grammar, what they import and export, what lies inside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui.wasm.decode.budget import OutOfTime
from tui.wasm.decode.component_sections import KEPT, check_section
from tui.wasm.decode.draft import NOTE_LIMIT
from tui.wasm.decode.leb import Malformed, name, u32
from tui.wasm.model import DecodeNote, Module, Section

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.wasm.decode.draft import Draft

NAMES: Final = (
    "custom", "core module", "core instance", "core type", "component", "instance", "alias", "type", "canon", "start",
    "import", "export", "value",
)  # fmt: skip
CUSTOM, CORE_MODULE, COMPONENT, START, IMPORT, EXPORT = 0, 1, 4, 9, 10, 11
NESTED: Final = frozenset({CORE_MODULE, COMPONENT})
DEEPEST: Final = 20  # components in components that are listed
MOST_CHILDREN: Final = 1000
SECTIONS_LISTED: Final = 10_000


def _section(draft: Draft, position: int) -> Section:
    """The section whose id byte is at `position`."""
    section = draft.source[position]
    if section >= len(NAMES):
        raise Malformed(position, f"{section} is not a section id of a component (0 to {len(NAMES) - 1})")
    size, start = u32(draft.source, position + 1)
    if start + size > draft.end:
        left = max(draft.end - start, 0)
        raise Malformed(position, f"the {NAMES[section]} section needs {size:,} bytes, {left:,} left")
    title, count = NAMES[section], None
    if section == CUSTOM:
        title, _ = name(draft.source, start, start + size)
    elif section not in NESTED and section != START and size:
        count, _ = u32(draft.source, start)
    return Section(section, title, position, start - position, size, count)


def walk_component(draft: Draft, nested: Callable[[int, int], Module]) -> tuple[Module, ...]:
    """Note the sections of a component; gives what `nested` makes of each module and component inside."""
    position = draft.start + 8
    children: list[Module] = []
    met = inside = 0
    try:
        while position < draft.end:
            met += 1
            if not met & 0xFFF:
                draft.tick()
            section = _section(draft, position)
            if met <= SECTIONS_LISTED:
                draft.sections.append(section)
            inside += section.id in NESTED
            if section.id in NESTED and len(children) < MOST_CHILDREN:
                children.append(_part(draft, section, nested(section.start, section.end)))
            _check(draft, section)
            position = section.end
    except Malformed as fault:
        draft.fail(fault.offset, fault.message)
    except IndexError:
        draft.fail(position, "the component ends inside the header of a section")
    except OutOfTime as stop:
        draft.warn(position, f"{stop.reason}; the rest is not read")
        draft.unread.add(CUSTOM)
    if inside > len(children):
        draft.warn(draft.start, f"{inside:,} modules and components inside, the first {len(children):,} are listed")
    return tuple(children)


def _part(draft: Draft, section: Section, child: Module) -> Module:
    """What lies in a section, which must be of the kind that the section is for."""
    wanted = "core" if section.id == CORE_MODULE else "component"
    if child.kind in ("core", "component") and child.kind != wanted:
        words = {"core": "a core module", "component": "a component"}
        draft.fail(section.start, f"{words[child.kind]} where {words[wanted]} belongs")
    return child


def _check(draft: Draft, section: Section) -> None:
    """The grammar of one section. A fault in it is noted, and the walk goes on."""
    if len(draft.errors) >= NOTE_LIMIT:
        return
    try:
        names = check_section(draft, section.id, section.start, section.end)
    except Malformed as fault:
        draft.fail(fault.offset, f"{NAMES[section.id]} section: {fault.message}")
        return
    if section.id in (IMPORT, EXPORT):
        kept = draft.component_imports if section.id == IMPORT else draft.component_exports
        kept += names[: max(KEPT - len(kept), 0)]


def too_deep(offset: int, size: int) -> Module:
    """A component nested deeper than anyone would look."""
    note = DecodeNote(offset, f"more than {DEEPEST} components inside one another: not read further", "invalid")
    return Module(size, "component", offset=offset, warnings=(note,), unread=frozenset({CUSTOM}))
