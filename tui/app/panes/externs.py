"""What a module asks of its host and offers to it: imports judged by the contract, exports in groups, memory limits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from tui.app.colours.roles import Line, Part
from tui.app.desk.record import FunctionRecord
from tui.app.panes.absent import absent_rows, module_parts
from tui.app.panes.content import PaneContent, Room
from tui.app.rows.lines import cut, line_of, outside, paragraph
from tui.app.rows.pane_rows import blank, more_row, title
from tui.app.rows.table import Column, Row
from tui.gateway.checks.imports import ImportGroup, ImportState, JudgedImport
from tui.gateway.verdict import LifeStep
from tui.lines import canvas
from tui.text import plural
from tui.wasm.insight import GROUPS, grouped_exports, memory_words, table_words, type_words
from tui.wasm.module import Export, ExternType, FuncType, Module

if TYPE_CHECKING:
    from tui.wasm.insight import ExportGroup

_MARKS: Final[dict[ImportState, tuple[str, str]]] = {
    "known": ("ok", "ok"),
    "wrong-type": ("wrong", "error"),
    "unknown": ("error", "error"),
    "wrong-module": ("error", "error"),
    "not-a-function": ("error", "error"),
}
_TITLES: Final[dict[ExportGroup, str]] = {
    "lifecycle": "Lifecycle",
    "yours": "Yours",
    "allocator": "Allocator",
    "asyncify": "Asyncify",
    "other": "Other",
}
_NAME: Final = 400  # characters of a name that reach a cell; all of it is one key away
_MODULE: Final = 36  # cells of a module's name: what is said of it stands behind
COLUMNS: Final = (
    Column("", minimum=1),
    Column("name", minimum=14, middle=True),
    Column("type", minimum=12),
    Column("what it does", minimum=16, drop=1),
)


class ExternsContent(PaneContent):
    """Imports by module with a mark each, exports by group with their types, then memories and tables."""

    COLUMNS = COLUMNS

    def drawn(self, record: FunctionRecord) -> tuple[object, ...]:
        """The module, and what the host says of it."""
        return (*module_parts(record), record.imports, record.life)

    def rows(self, record: FunctionRecord, room: Room) -> list[Row]:
        """Imports, exports, limits."""
        absent = absent_rows(record, self.glyphs, room.width)
        module = record.module
        if absent is not None or module is None:
            return absent or []
        imports, exports = self._imports(record, module, room), self._exports(record, module, room)
        return [*imports, blank("exports"), *exports, *self._limits(module)]

    def _safe(self, text: str, limit: int = _NAME) -> str:
        return self.glyphs.text(outside(text, limit=limit).text)

    def _named(self, name: str) -> str:
        """A name that may be empty."""
        return self._safe(name) or '""'

    def _type(self, type_: ExternType | None) -> str:
        """A type in few cells: functions without blanks, others in words."""
        if isinstance(type_, FuncType):
            arrow = (canvas.ASCII if self.glyphs.ascii else canvas.UNICODE).to
            return self._safe(type_.drawn(arrow, self.glyphs["times"]))
        return self._safe(type_words(type_))

    # -- imports

    def _imports(self, record: FunctionRecord, module: Module, room: Room) -> Iterator[Row]:
        bad = sum(not one.ok for group in record.imports for one in group.imports)
        told = plural(max(len(module.imports), module.counts.imports), "import")
        told += f", {bad} that the host refuses" if bad else ""
        yield title("imports", "Imports", told if module.imports else "none: the module asks nothing of its host")
        types = {(entry.module, entry.name): entry.type for entry in reversed(module.imports)}
        left = room.listed
        rest: list[str] = []
        for number, group in enumerate(record.imports):
            rest += [f"{group.module}.{judged.name}" for judged in group.imports[left:]]
            if not left:
                continue
            yield self._group(group, number)
            for index, judged in enumerate(group.imports[:left]):
                key = f"import:{number}:{index}"
                yield self._import(judged, group, types.get((group.module, judged.name)), key)
                if not judged.ok or judged.prefer:
                    yield from self._trouble(judged, group, key, room.width)
            left -= min(left, len(group.imports))
        unlisted = max(module.counts.imports - len(module.imports), 0)
        if rest or unlisted:
            yield more_row("imports", rest, self.glyphs, unlisted)

    def _group(self, group: ImportGroup, number: int) -> Row:
        good = sum(one.ok for one in group.imports)
        sign = Part(f"{self.glyphs['ok' if group.ok else 'error']} ", "ok" if group.ok else "error")
        words = f"  {good} of {len(group.imports)}" if not group.ok else f"  {len(group.imports)}"
        aside = f"  the same table as {self._safe(group.canonical, 60)}" if group.canonical else ""
        if not group.known:
            near = f", did you mean {self._safe(group.nearest, 60)}?" if group.nearest else ""
            aside = f"  the host has no such module{near}"
        name = Part(cut(self._named(group.module), _MODULE, self.glyphs["ellipsis"], middle=True), "strong")
        line = line_of(sign, name, Part(words, "muted"), Part(aside, "muted" if group.known else "error"))
        return Row(
            f"module:{number}", lines=(line,), copy=group.module, what="the module's name", full=group.module, head=True
        )

    def _import(self, judged: JudgedImport, group: ImportGroup, type_: ExternType | None, key: str) -> Row:
        sign, role = _MARKS[judged.state]
        if judged.ok and judged.prefer:
            sign, role = "warn", "warn"
        glyph = self.glyphs.step("wrong") if sign == "wrong" else self.glyphs[sign]
        does = self._safe(judged.does) + (" (needs the allocator)" if judged.returns_bytes else "")
        cells: tuple[Line, ...] = (
            (Part(f"  {glyph}", role),),
            (Part(self._named(judged.name), "" if judged.ok else "error"),),
            (Part(self._type(type_), "code"),),
            (Part(does if judged.ok else "", "muted"),),
        )
        full = "\n".join(
            text for text in (f"{group.module}.{judged.name}", type_words(type_), judged.does, judged.refusal) if text
        )
        return Row(key, cells, copy=judged.name, what="the import's name", full=full)

    def _trouble(self, judged: JudgedImport, group: ImportGroup, key: str, width: int) -> Iterator[Row]:
        """What the host would say of it, and what to write instead."""
        said: list[Line] = []
        lead = line_of("      ")
        if judged.state == "wrong-type":
            text = f"the module has {judged.guest}, the host {judged.host}"
            said += paragraph(self._safe(text), width, "error", lead)
        elif not judged.ok and group.known:
            said += paragraph(self._safe(judged.refusal), width, "error", lead)
        advice = f"did you mean {judged.nearest}?" if judged.nearest else ""
        if judged.ok and judged.prefer:
            advice = f"better: {judged.prefer}" + (f", {judged.why}" if judged.why else "")
        elif judged.since:
            advice = f"newer than this host: since {judged.since}"
        if advice:
            arrow = line_of("      ", Part(f"{self.glyphs['right']} ", "accent"))
            said += paragraph(self._safe(advice), width, "accent", arrow)
        if said:
            copy = judged.prefer or judged.nearest or judged.refusal
            yield Row(f"{key}:why", lines=tuple(said), copy=copy, what="the advice", full=judged.refusal or advice)

    # -- exports

    def _exports(self, record: FunctionRecord, module: Module, room: Room) -> Iterator[Row]:
        steps = (*record.life.steps, *record.life.helpers) if record.life is not None else ()
        wanted = {step.export: step for step in steps if step.export is not None}
        yield title("exports", "Exports", plural(max(len(module.exports), module.counts.exports), "export"))
        grouped = grouped_exports(module)
        for step in steps:
            if step.state == "missing" and step.export is not None and module.export(step.export) is None:
                yield self._missing(step)
        rest: list[str] = []
        for group in GROUPS:
            exports = grouped[group]
            if not exports:
                continue
            rest += [export.name for export in exports[room.listed :]]
            aside = Part(f"  {len(exports)}", "muted")
            yield Row(f"group:{group}", lines=((Part(_TITLES[group], "strong"), aside),), selectable=False)
            for index, export in enumerate(exports[: room.listed]):
                yield self._export(export, wanted.get(export.name), f"export:{group}:{index}")
        unlisted = max(module.counts.exports - len(module.exports), 0)
        if rest or unlisted:
            yield more_row("exports", rest, self.glyphs, unlisted)

    def _export(self, export: Export, step: LifeStep | None, key: str) -> Row:
        words = type_words(export.type)
        wrong = step is not None and step.state == "wrong"
        glyph = self.glyphs.step("wrong" if wrong else "present") if step is not None else " "
        is_func = isinstance(export.type, FuncType)
        does = step.does if step is not None else "" if is_func else words
        if step is not None and wrong and step.expected is not None:
            does = f"the host calls {self._type(step.expected)}"
        cells: tuple[Line, ...] = (
            (Part(f"  {glyph}", "error" if wrong else "ok"),),
            (Part(self._named(export.name), "error" if wrong else ""),),
            # A memory's limits are a sentence: in the column of types it would push all others apart.
            (Part(self._type(export.type) if is_func else export.kind, "code"),),
            (Part(self._safe(does), "error" if wrong else "muted"),),
        )
        full = f"{export.name}\n{export.kind} {export.index}: {words}"
        return Row(key, cells, copy=export.name, what="the export's name", full=full)

    def _missing(self, step: LifeStep) -> Row:
        expected = self._type(step.expected) if step.expected is not None else ""
        cells: tuple[Line, ...] = (
            (Part(f"  {self.glyphs['error']}", "error"),),
            (Part(self._safe(step.export or step.label), "error strong"),),
            (Part(expected, "code"),),
            (Part("missing", "error"),),
        )
        return Row(f"missing:{step.label}", cells, copy=step.export or "", what="the missing export", full=step.note)

    # -- limits

    def _limits(self, module: Module) -> Iterator[Row]:
        words = [("memory", memory_words(memory.limits)) for memory in module.memories[:100]]
        words += [("table", f"{table.element}, {table_words(table.limits)}") for table in module.tables[:100]]
        if not words:
            return
        yield blank("limits")
        yield title("limits", "Memory and tables")
        for number, (kind, text) in enumerate(words):
            line = line_of(Part(f"    {kind:<8}", "muted"), Part(self._safe(text)))
            yield Row(f"limits:{number}", lines=(line,), copy=text, what=f"the {kind}'s limits", full=text)
