"""A component's sections in order: each read into its scope, and what lies inside made by whoever reads the file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui.wasm.decode.budget import BATCH, OutOfTime
from tui.wasm.decode.component.scope import Scope, check_weight
from tui.wasm.decode.component.sections import EXPORT, IMPORT, KEPT, START, check_section, list_section
from tui.wasm.decode.component.types.core_types import module_type
from tui.wasm.decode.leb import Malformed, name, u32
from tui.wasm.module import DecodeNote, Module, Section

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.wasm.decode.component.types.types import Component
    from tui.wasm.decode.core.draft import Draft

    Nested = Callable[[int, int, Scope], tuple[Module, Component | None]]

NAMES: Final = (
    "custom", "core module", "core instance", "core type", "component", "instance", "alias", "type", "canon", "start",
    "import", "export", "value",
)  # fmt: skip
CUSTOM, CORE_MODULE, COMPONENT = 0, 1, 4
NESTED: Final = frozenset({CORE_MODULE, COMPONENT})
DEEPEST: Final = 20  # components in components that are listed
MOST_CHILDREN: Final = 1000
SECTIONS_LISTED: Final = 10_000


class Walk:
    """One component on the way through its sections. Once it has a fault, no more is told of its indices."""

    def __init__(self, draft: Draft, outer: Scope | None, nested: Nested) -> None:
        self._draft = draft
        self._nested = nested
        self._scope = Scope("component", outer, draft.tick)
        self._lost = False  # what an index stands for is not known any more
        self._inside = 0
        self.children: list[Module] = []

    def run(self) -> Component | None:
        """Note all sections in the draft; gives the component's type where it is whole and without a fault."""
        draft = self._draft
        position = draft.start + 8
        try:
            self._sections(position)
            if not self._lost:
                found = self._scope.finish(draft.end)
                check_weight(found, draft.start, self._scope.meter)
                return found
        except Malformed as fault:
            draft.fail(fault.offset, fault.message, fault.fault)
        except IndexError:
            draft.fail(draft.end, "the component ends inside the header of a section")
        except OutOfTime as stop:
            draft.warn(draft.start, f"{stop.reason}; the rest is not read")
            draft.unread.add(CUSTOM)
        return None

    def _sections(self, position: int) -> None:
        draft, met = self._draft, 0
        try:
            while position < draft.end:
                met += 1
                if not met & BATCH:
                    draft.tick()
                section = read_header(draft, position)
                if met <= SECTIONS_LISTED:
                    draft.sections.append(section)
                self._section(section)
                position = section.end
        finally:
            if self._inside > len(self.children):
                words = f"{self._inside:,} modules and components inside, the first {len(self.children):,} are listed"
                draft.warn(draft.start, words)

    def _section(self, section: Section) -> None:
        if section.id in NESTED:
            self._inside += 1
            if len(self.children) < MOST_CHILDREN:
                self._child(section)
            else:
                self._lost = True
            return
        names: list[tuple[str, str]] = []
        if not self._lost:
            names = self._read(section)
        elif section.id in (IMPORT, EXPORT):
            names = list_section(self._draft, section.id, section.start, section.end)
        if section.id in (IMPORT, EXPORT):
            draft = self._draft
            kept = draft.component_imports if section.id == IMPORT else draft.component_exports
            kept += names[: max(KEPT - len(kept), 0)]

    def _read(self, section: Section) -> list[tuple[str, str]]:
        """A section into the scope. A fault in it is noted, and the walk goes on."""
        try:
            return check_section(self._draft, self._scope, section.id, section.start, section.end)
        except Malformed as fault:
            self._draft.fail(fault.offset, f"{NAMES[section.id]} section: {fault.message}", fault.fault)
        self._lost = True
        if section.id in (IMPORT, EXPORT):
            return list_section(self._draft, section.id, section.start, section.end)
        return []

    def _child(self, section: Section) -> None:
        """What lies in a section, which must be of the kind that the section is for."""
        child, found = self._nested(section.start, section.end, self._scope)
        self.children.append(child)
        wanted = "core" if section.id == CORE_MODULE else "component"
        if child.kind in ("core", "component") and child.kind != wanted:
            words = {"core": "a core module", "component": "a component"}
            self._draft.fail(section.start, f"{words[child.kind]} where {words[wanted]} belongs")
            self._lost = True
        elif child.errors or not child.complete or (wanted == "component" and found is None):
            self._lost = True
        elif not self._lost:
            self._enter(child, found, section.start)

    def _enter(self, child: Module, found: Component | None, at: int) -> None:
        if found is None:
            self._scope.core_modules.add(module_type(child, at), at)
        else:
            self._scope.components.add(found, at)


def read_header(draft: Draft, position: int) -> Section:
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


def too_deep(offset: int, size: int) -> Module:
    """A component nested deeper than anyone would look."""
    note = DecodeNote(offset, f"more than {DEEPEST} components inside one another: not read further", "invalid")
    return Module(size, "component", offset=offset, warnings=(note,), unread=frozenset({CUSTOM}))
