"""The overview: how a function stands, the command that builds it, its module, its last builds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from tui.app.colours.roles import Line, Part
from tui.app.desk.record import FunctionRecord
from tui.app.functions.standing import first_trouble, state_of
from tui.app.panes.content import PaneContent, Room
from tui.app.panes.pane_rows import blank, fact
from tui.app.panes.places import copy_of_record, place_to_edit
from tui.app.rows.lines import fit, for_screen, in_lines, line_of, outside, paragraph, plain
from tui.app.rows.table import EditPlace, Row
from tui.app.shell.messages import CopyRequested
from tui.assessment.ran import ran_words
from tui.building.compilers import stands_in
from tui.lines.states import STATES
from tui.text import human_bytes, human_seconds

if TYPE_CHECKING:
    from tui.building.model import BuildPlan, Diagnostic

SPARKLINE = 12  # builds whose sizes the sparkline shows
BUILDS = 8  # builds before the last one that are listed
_ENDED = {"built": ("ok", "ok"), "failed": ("error", "error")}  # status -> sign and role
LABEL = 12  # cells of a fact's name


class OverviewContent(PaneContent):
    """One screen about one function: what is wrong first, then all that a person asks of it most."""

    def drawn(self, record: FunctionRecord) -> tuple[object, ...]:
        """Nearly everything."""
        return (
            *(record.reading, record.plan, record.module, record.module_error, record.modified, record.staleness),
            *(record.verdict, record.progress, record.last, record.finished, record.ended, record.history),
            *(record.previous_size, record.validation, record.ran),
        )

    def rows(self, record: FunctionRecord, room: Room) -> list[Row]:
        """State and remedy, the planned command, the module, the builds."""
        groups, width = (self._state, self._plan, self._module, self._builds), room.width
        rows: list[Row] = []
        for number, group in enumerate(groups):
            made = list(group(record, width))
            if made and rows:
                rows.append(blank(str(number)))
            rows += made
        return rows

    def copied(self, record: FunctionRecord) -> CopyRequested:
        """The planned command, where the cursor is on nothing."""
        return copy_of_record(record)

    def _fact(self, key: str, name: str, value: Line, width: int, row: Row | None = None) -> Row:
        safe = tuple(Part(self.glyphs.text(part.text), part.role) for part in value)
        copy = row or Row(key=key, copy=plain(value), what=name.lower() or "the line")
        return fact(key, name, safe, width, label=LABEL, row=copy)

    # -- how it stands

    def _state(self, record: FunctionRecord, width: int) -> Iterator[Row]:
        state = state_of(record)
        sign = STATES[state]
        value = [Part(f"{self.glyphs.sign(sign)} {sign.word}", f"{sign.role} strong")]
        trouble = first_trouble(record)
        if trouble is None and record.verdict is not None and record.verdict.findings:
            trouble = record.verdict.findings[0].message
        first, *rest = in_lines(trouble) if trouble else [""]
        role = "error" if sign.role == "error" else ""
        if first:
            value += [Part("  "), outside(first, role)]
        row = self._fact("state", "State", tuple(value), width, self._edit_row(record, "state", trouble or sign.word))
        for text in rest:  # what a parser tells in lines stays in lines
            lead = (Part(" " * LABEL + "  " * text.startswith(" ")),)
            lines = paragraph(self.glyphs.text(outside(text.lstrip()).text), width, role, lead)
            row = row._replace(lines=(*row.lines, *lines))
        yield row
        stale = record.staleness.reason if record.staleness is not None and record.staleness.is_stale else None
        reason = _older_module(record) or stale
        if reason:
            line = line_of(Part(f"{self.glyphs['stale']} ", "warn"), outside(reason, "warn"))
            yield self._fact("stale", "Stale", line, width)
        if (remedy := _remedy(record)) is not None:
            yield self._fact("remedy", "To do", (outside(for_screen(remedy), "accent"),), width)
        if record.ran is not None:
            role = "ok" if record.ran.answered else "error"
            words = outside(for_screen(ran_words(record.ran)), "" if record.ran.answered else role)
            yield self._fact("ran", "Last run", line_of(Part(f"{self.glyphs[role]} ", role), words), width)

    def _edit_row(self, record: FunctionRecord, key: str, text: str) -> Row:
        return Row(key=key, copy=text, what="the state", edit=place_to_edit(record))

    # -- the planned command

    def _plan(self, record: FunctionRecord, width: int) -> Iterator[Row]:
        from tui.building.plan.plan import plan_build

        config = record.reading.config if record.reading is not None else None
        if config is None:
            return
        runs = record.plan if record.plan is not None and stands_in(record.plan.compiler) else None
        plan = (
            record.plan if runs is None and record.plan is not None else plan_build(record.function.directory, config)
        )
        yield self._command("plan", "Build" if runs is None else "Planned", plan, width)
        yield self._fact("reason", "Mode", line_of(Part(plan.mode, "strong"), Part(f"  {plan.reason}", "muted")), width)
        if runs is not None:
            yield self._command("stand-in", "Runs now", runs, width)

    def _command(self, key: str, name: str, plan: BuildPlan, width: int) -> Row:
        from tui.building.plan.plan import shell_line, shell_word

        def quoted(word: str) -> str:
            # An equals sign needs no quotes behind the program's name.
            bare = word.replace("=", "")
            return word if shell_word(bare) == bare else shell_word(word, ascii_only=self.glyphs.ascii)

        words = [f"{variable}={value}" for variable, value in plan.env.items()]
        words += [f'{variable}="${{{variable}:-{value}}}"' for variable, value in plan.env_defaults.items()]
        words += [quoted(word) for word in plan.argv]
        parts = [Part((" " if number else "") + word, "code") for number, word in enumerate(words)]
        what = "the planned command" if key == "plan" else "the stand-in's command"
        return self._fact(key, name, tuple(parts), width, Row(key=key, copy=shell_line(plan), what=what))

    # -- the module

    def _module(self, record: FunctionRecord, width: int) -> Iterator[Row]:
        from tui.app.functions.module_words import difference, function_words, toolchain_part
        from tui.wasm.insight import memory_words, trace_words

        module = record.module
        if module is None:
            if record.module_error is not None:
                yield self._fact("module", "Module", (outside(record.module_error, "error"),), width)
            return
        valid = self._validity(record)
        size = [*valid, Part("   "), Part(human_bytes(module.size), "strong")]
        sizes = _built_sizes(record)
        if (change := difference(module.size, _size_before(record, sizes))) is not None:
            size += [Part("  "), change]
        if len(sizes) > 1:
            size += [Part("  "), Part(self.glyphs.sparkline(sizes, SPARKLINE), "accent")]
        yield self._fact("module", "Module", tuple(size), width)
        made = [toolchain_part(module)]
        if module.kind == "core":
            made.append(Part(f"   {trace_words(module)}", "muted"))
        yield self._fact("made", "Made by", tuple(made), width)
        yield self._fact("functions", "Functions", (Part(function_words(module)),), width)
        for number, memory in enumerate(module.memories[:3]):
            yield self._fact(f"memory{number}", "Memory", (Part(memory_words(memory.limits)),), width)

    def _validity(self, record: FunctionRecord) -> Line:
        module = record.module
        if module is None or module.errors or module.kind != "core":
            kinds = {"component": "a component, not a core module", "not-wasm": "not WebAssembly"}
            words = kinds.get(module.kind) if module is not None else None
            first = module.errors[0] if module is not None and module.errors else None
            text = words or (f"malformed at {first.offset:#x}: {first.message}" if first else "unknown")
            return (Part(f"{self.glyphs['error']} ", "error"), outside(text, "error"))
        validation = record.validation
        if validation is None:
            return (Part(f"{self.glyphs['ok']} ", "ok"), Part("well-formed"))
        if validation.refused:
            where = f" in {validation.symbol}" if validation.symbol else ""
            text = f"{validation.outcome}{where}: {validation.message}"
            return (Part(f"{self.glyphs['error']} ", "error"), outside(text, "error"))
        return (Part(f"{self.glyphs['ok']} ", "ok"), Part("valid" if validation.ok else "well-formed"))

    # -- the builds

    def _builds(self, record: FunctionRecord, width: int) -> Iterator[Row]:
        from tui.app.functions.module_words import clock

        last = record.last
        if last is not None:
            ended = _ENDED.get(last.status, ("dot", "muted"))
            value = [Part(f"{self.glyphs[ended[0]]} {last.status}", ended[1])]
            value.append(Part(f" {clock(record.finished)}" if record.finished is not None else ""))
            value.append(Part(f" in {human_seconds(last.seconds)}"))
            value.append(Part(f"   exit {last.exit_code}" if last.exit_code is not None else "", "muted"))
            value.append(Part(f"   {last.compiler}" + (", the stand-in" if stands_in(last.compiler) else ""), "muted"))
            yield self._fact("last", "Last build", tuple(value), width)
            first = next((found for found in last.diagnostics if found.severity == "error"), None)
            if first is not None:
                yield self._error(record, first, width)
        yield from self._recorded(record, width)

    def _recorded(self, record: FunctionRecord, width: int) -> Iterator[Row]:
        """What is known of builds before this session."""
        from tui.app.functions.module_words import clock

        shown = 0
        for build in reversed(record.history):
            if record.last is not None and record.finished is not None and build.finished > record.finished - 1:
                continue  # it stands above as the last one
            name = "Last build" if record.last is None and not shown else "Before" * (shown == (record.last is None))
            sign, role = _ENDED.get(build.status, ("dot", "muted"))
            size = human_bytes(build.size) if build.size is not None else ""
            why = (build.error if build.status != "built" else build.trigger) or ""
            words = f" {clock(build.finished)} in {human_seconds(build.seconds):<8}{size:>8}   {build.compiler:<8}"
            parts = (
                Part(self.glyphs[sign], role),
                Part(f" {build.status:<9}", role),
                outside(words),
                outside(why, "muted"),
            )
            yield self._fact(f"build:{build.finished}", name, fit(parts, max(width - LABEL - 1, 8)), width)
            shown += 1
            if shown == BUILDS:
                return

    def _error(self, record: FunctionRecord, first: Diagnostic, width: int) -> Row:
        where = ":".join(str(part) for part in (first.path, first.line, first.column) if part is not None)
        text = f"{where}: {first.message}" if where else first.message
        row = Row(key="error", copy=text, what="the error")
        if first.path is not None:
            row = row._replace(edit=EditPlace(record.function.directory / first.path, first.line, first.column))
        return self._fact("error", "First error", (outside(text, "error"),), width, row)


def _built_sizes(record: FunctionRecord) -> list[int]:
    """Sizes in bytes of the modules on record, oldest first."""
    return [build.size for build in record.history if build.status == "built" and build.size is not None]


def _size_before(record: FunctionRecord, sizes: Sequence[int]) -> int | None:
    """The size of the module before this one, in bytes."""
    if len(sizes) > 1 and record.module is not None and sizes[-1] == record.module.size:
        return sizes[-2]
    built = record.last is None or record.last.status == "built"
    return record.previous_size if built else None  # a build that failed replaced nothing


def _older_module(record: FunctionRecord) -> str | None:
    """That function.wasm is not what the sources and the config of now would give."""
    from tui.app.functions.module_words import clock

    if record.modified is None:
        return None
    is_older = state_of(record) in ("failed", "cancelled", "refused")
    return f"function.wasm is from an earlier build, {clock(record.modified)}" if is_older else None


def _remedy(record: FunctionRecord) -> str | None:
    """What to do first, where the verdict or the build knows it."""
    if state_of(record) == "failed" and record.last is not None:
        known = (found.explanation or found.fix for found in record.last.diagnostics)
        return next((text for text in known if text), None)
    if record.last is None and record.state == "failed":
        return None  # the state says it: b
    findings = record.verdict.findings if record.verdict is not None else ()
    if findings and findings[0].remedy:
        return findings[0].remedy
    stale = record.staleness is not None and record.staleness.is_stale
    return "b rebuilds it" if stale else "b builds it" if state_of(record) == "unbuilt" else None
