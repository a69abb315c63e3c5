"""What a module is made of: sections with sizes and shares, custom ones decoded, notes of the decoder, headroom."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tui.app.colours.roles import Part
from tui.app.desk.record import FunctionRecord
from tui.app.panes.absent import absent_rows, module_parts
from tui.app.panes.content import LISTED, PaneContent, Room
from tui.app.panes.sections.details import details
from tui.app.rows.lines import cut, line_of, outside, paragraph
from tui.app.rows.pane_rows import blank, more_row, text_row, title
from tui.app.rows.table import Column, Row, heading
from tui.text import exact_bytes, human_bytes, offset, percent, plural
from tui.wasm.insight import dwarf_share, trace_words
from tui.wasm.module import DecodeNote, Module, Section

BAR: Final = 16  # cells of a full share bar
_NOTES: Final = 200  # notes shown; the rest are counted
_MODES: Final = {
    "command": "command (_start)",
    "reactor": "reactor (_initialize)",
    "both": "both hooks: contradictory",
    "library": "library: neither hook",
    "unknown": "module, not read to its end",
}


def _formed(module: Module) -> str:
    """What reading says of the format; of a module not read to its end no more than that nothing is wrong so far."""
    return "well-formed" if module.complete else "so far well-formed"


_KINDS: Final = {
    "component": "a component, not a core module",
    "not-wasm": "not WebAssembly",
    "unknown": "of an unknown version",
}
COLUMNS: Final = (
    Column("section", minimum=20, middle=True),
    Column("id", "right", drop=4),
    Column("offset", "right", drop=3),
    Column("decimal", "right", drop=5),
    Column("size", "right"),
    Column("entries", "right", drop=2),
    Column("share", "right"),
    Column("", drop=1),
)


class SectionsContent(PaneContent):
    """Sections in file order, DWARF folded into one row, those that can be decoded unfold to what is in them."""

    COLUMNS = COLUMNS

    def drawn(self, record: FunctionRecord) -> tuple[object, ...]:
        """The module, and what the validator says of it."""
        return (*module_parts(record), record.validation)

    def rows(self, record: FunctionRecord, room: Room) -> list[Row]:
        """Summary, notes, sections, headroom."""
        width = room.width
        absent = absent_rows(record, self.glyphs, width)
        module = record.module
        if absent is not None or module is None:
            return absent or []
        rows = [*self._summary(record, module, width), *self._notes(module, width)]
        if module.sections:
            rows += [blank("sections"), heading(COLUMNS), *self._sections(module, room)]
        return [*rows, *self._children(module), *self._headroom(module)]

    # -- what it is

    def _summary(self, record: FunctionRecord, module: Module, width: int) -> Iterator[Row]:
        sign = Part(f"{self.glyphs['ok']} ", "ok") if module.ok else Part(f"{self.glyphs['error']} ", "error")
        words = _KINDS.get(module.kind) or f"{_formed(module)} {_MODES[module.mode]}" * module.ok or "malformed"
        size = Part(f"   {human_bytes(module.size)}", "strong")
        exact = Part(f"  {exact_bytes(module.size)}", "muted")
        yield text_row("kind", (sign, Part(words), size, exact), width)
        if module.kind == "core" and module.sections:
            yield text_row("traces", (Part(self.glyphs.text(trace_words(module)), "muted"),), width, line_of("  "))
        if (found := dwarf_share(module)) is not None:
            # The exact flag, and what it keeps: the one thing that makes most modules a third of their size.
            line = line_of(
                Part(f"DWARF is {percent(found.share)} of the file: ", "muted"),
                Part(found.flag, "code"),
                Part(f" removes it and keeps {found.keeps}", "muted"),
            )
            yield text_row("dwarf-share", line, width, line_of("  "))
        validation = record.validation
        if validation is not None and validation.refused:
            where = f" at {offset(validation.offset)}" if validation.offset is not None else ""
            inside = f" in {validation.symbol} ({validation.package})" if validation.symbol else ""
            text = f"{validation.outcome}{where}{inside}: {validation.message}"
            lines = paragraph(self._safe(text), width, "error", (Part(f"{self.glyphs['error']} ", "error"),))
            yield Row(key="validation", lines=tuple(lines), copy=text, what="the validator's error", full=text)

    def _notes(self, module: Module, width: int) -> Iterator[Row]:
        for sign, role, notes in (("error", "error", module.errors), ("warn", "warn", module.warnings)):
            for number, note in enumerate(notes[:_NOTES]):
                yield self._note(note, f"{role}:{number}", sign, role, width)
            if len(notes) > _NOTES:
                yield more_row(role, [f"{offset(note.offset)}: {note.message}" for note in notes[_NOTES:]], self.glyphs)

    def _note(self, note: DecodeNote, key: str, sign: str, role: str, width: int) -> Row:
        lead = line_of(Part(f"{self.glyphs[sign]} ", role), Part(f"{offset(note.offset)}  ", "muted"))
        text = f"{offset(note.offset)}: {note.message}"
        lines = paragraph(self._safe(note.message), width, role, lead)
        return Row(key=key, lines=tuple(lines), copy=text, what="the note", full=text)

    def _safe(self, text: str, limit: int = 400) -> str:
        return self.glyphs.text(outside(text, limit=limit).text)

    # -- sections

    def _sections(self, module: Module, room: Room) -> Iterator[Row]:
        dwarf = [section for section in module.sections if section.name.startswith(".debug_") and section.id == 0]
        grouped = len(dwarf) > 1
        for number, section in enumerate(module.sections[: room.listed]):
            if grouped and section in dwarf:
                if section is dwarf[0]:
                    yield from self._dwarf(dwarf, module)
                continue
            yield from self._section(section, number, module, room)
        if len(module.sections) > room.listed:
            yield more_row("sections", [section.name for section in module.sections[room.listed :]], self.glyphs)

    def _section(self, section: Section, number: int, module: Module, room: Room) -> Iterator[Row]:
        lines = details(section, module)
        key = f"section:{number}"
        yield self._row(section, module, key)._replace(branch=bool(lines))
        for index, (name, text) in enumerate(lines if key in self.opened or room.sifting else ()):
            named = cut(self._safe(name, 40), room.width // 3, self.glyphs["ellipsis"])
            lead = (Part(f"{named}  " if name else "", "muted"),)
            wrapped = paragraph(self._safe(text), max(room.width - 4, 8), "", lead)
            yield Row(f"{key}:{index}", lines=tuple(wrapped), level=1, copy=text, what=name or "the line", full=text)

    def _row(self, section: Section, module: Module, key: str, level: int = 0) -> Row:
        whole = section.header + section.size
        share = whole / module.size if module.size else 0.0
        count = "" if section.count is None else f"{section.count:,}"
        at = offset(section.offset)
        role = "accent" if section.id == 0 else ""
        name = Part(self._safe(section.name, 200), role)
        cells = (
            (name,),
            (Part(str(section.id), "muted"),),
            (Part(at, "muted"),),
            (Part(f"{section.offset:,}", "faint"),),
            *self._sizes(whole, count, share),
        )
        where = f"offset {at} ({section.offset:,})"
        text = f"{section.name}: id {section.id}, {where}, header {section.header}, size {section.size}"
        return Row(key, cells, level=level, copy=text, what=f"section {self._safe(section.name, 40)}", full=text)

    def _sizes(self, whole: int, count: str, share: float) -> tuple[tuple[Part, ...], ...]:
        bar = Part(self.glyphs.bar(share if share >= 0.005 else 0, BAR), "accent")
        told = percent(share)
        return ((Part(human_bytes(whole)),), (Part(count, "muted"),), (Part(told),), (bar,))

    def _dwarf(self, sections: list[Section], module: Module) -> Iterator[Row]:
        """All of DWARF as one row, which unfolds to its sections."""
        whole = sum(section.header + section.size for section in sections)
        cells = (
            (Part("DWARF (.debug_*)", "accent"),),
            (Part("0", "muted"),),
            (Part(f"{offset(sections[0].offset)}", "muted"),),
            (Part(f"{sections[0].offset:,}", "faint"),),
            *self._sizes(whole, str(len(sections)), whole / module.size if module.size else 0.0),
        )
        yield Row("dwarf", cells, branch=True, copy=f"DWARF: {exact_bytes(whole)}", what="DWARF's size")
        for number, section in enumerate(sections):
            yield self._row(section, module, f"dwarf:{number}", level=1)

    # -- the rest

    def _children(self, module: Module) -> Iterator[Row]:
        if module.kind != "component":
            return
        yield from self._named("imports", module.component_imports)
        yield from self._named("exports", module.component_exports)
        yield blank("children")
        yield title("children", "Inside", plural(len(module.children), "module"))
        for number, child in enumerate(module.children[:LISTED]):
            words = _KINDS.get(child.kind) or _MODES[child.mode]
            at, size = f"{offset(child.offset):>10}  ", f"{human_bytes(child.size):>8}  "
            line = line_of(Part(at, "muted"), size, Part(words))
            yield Row(f"child:{number}", lines=(line,), copy=offset(child.offset), what="the offset")

    def _named(self, what: str, names: tuple[tuple[str, str], ...]) -> Iterator[Row]:
        """What a component imports or exports."""
        if not names:
            return
        yield blank(what)
        yield title(what, f"What the component {what}", f"{len(names):,}")
        for number, (kind, name) in enumerate(names[:LISTED]):
            line = line_of(Part(f"{kind:<11}  ", "muted"), self._safe(name, 80))
            yield Row(f"{what}:{number}", lines=(line,), copy=name, what="the name")
        if len(names) > LISTED:
            yield more_row(what, [name for _, name in names[LISTED:]], self.glyphs)

    def _headroom(self, module: Module) -> Iterator[Row]:
        if not module.headroom:
            return
        yield blank("headroom")
        yield title("headroom", "Near an engine's limit")
        for near in module.headroom:
            role = "error" if near.share > 1 else "warn"
            line = line_of(
                Part(self.glyphs.bar(near.share, BAR), role),
                Part(f" {percent(near.share):>7}  ", role),
                f"{near.used:,} of {near.limit:,} {near.what}",
            )
            yield Row(f"near:{near.what}", lines=(line,), copy=f"{near.used} of {near.limit} {near.what}", what="it")
