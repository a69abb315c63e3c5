"""The overview: how a function stands, the command that builds it, its module, its last builds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from tui.app.colours.roles import Line, Part
from tui.app.desk.record import FunctionRecord
from tui.app.desk.standing import first_trouble, state_of
from tui.app.messages import CopyRequested
from tui.app.panes.content import PaneContent, Room
from tui.app.panes.places import copy_of_record, place_to_edit
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import ELLIPSIS, fit, in_lines, line_of, outside, paragraph, plain
from tui.app.rows.pane_rows import blank, fact
from tui.app.rows.table import Row
from tui.assessment.ran import ran_words
from tui.building.compilers import stands_in
from tui.facts import Fact
from tui.gateway.checks.remedy import for_screen
from tui.text import human_bytes, human_seconds, offset

if TYPE_CHECKING:
    from tui.building.events import BuildPlan

SPARKLINE = 12  # builds whose sizes the sparkline shows
BUILDS = 3  # builds that are listed
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
        """What the export mode above does not tell already: what is wrong, or to be known, and what to do."""
        told, step = what_to_tell(record), next_step(record, self.glyphs)
        if told is not None:
            first, *rest = in_lines(told.text)
            edit = Row(key="told", copy=told.text, what="the state", edit=place_to_edit(record))
            row = self._fact("told", told.name, (outside(first, told.role),), width, edit)
            for text in rest:  # what a parser tells in lines stays in lines
                lead = (Part(" " * LABEL + "  " * text.startswith(" ")),)
                lines = paragraph(self.glyphs.text(outside(text.lstrip()).text), width, told.role, lead)
                row = row._replace(lines=(*row.lines, *lines))
            yield row
        if step is not None:
            yield self._fact("step", "To do", (outside(step, "accent"),), width)
        if record.ran is not None:
            role = "ok" if record.ran.answered else "error"
            words = outside(ran_words(record.ran), "" if record.ran.answered else role)
            yield self._fact("ran", "Last run", line_of(Part(f"{self.glyphs[role]} ", role), words), width)

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
        yield self._command("plan", "Build" if runs is None else "Planned", plan, record, width)
        yield self._fact("reason", "Mode", line_of(Part(plan.mode, "strong"), Part(f"  {plan.reason}", "muted")), width)
        if runs is not None:
            yield self._command("stand-in", "Runs now", runs, record, width)

    def _command(self, key: str, name: str, plan: BuildPlan, record: FunctionRecord, width: int) -> Row:
        """The command, the path that it writes in short; copying takes it whole."""
        from tui.building.plan.plan import shell_line, shell_word

        def quoted(word: str) -> str:
            # An equals sign needs no quotes behind the program's name.
            if word == str(record.wasm):
                word = f"{'...' if self.glyphs.ascii else ELLIPSIS}/{record.wasm.parent.name}/{record.wasm.name}"
            bare = word.replace("=", "").replace(ELLIPSIS, "")
            return word if shell_word(bare) == bare else shell_word(word, ascii_only=self.glyphs.ascii)

        words = [f"{variable}={value}" for variable, value in plan.env.items()]
        words += [f'{variable}="${{{variable}:-{value}}}"' for variable, value in plan.env_defaults.items()]
        words += [quoted(word) for word in plan.argv]
        parts = [Part((" " if number else "") + word, "code") for number, word in enumerate(words)]
        what = "the planned command" if key == "plan" else "the stand-in's command"
        return self._fact(key, name, tuple(parts), width, Row(key=key, copy=shell_line(plan), what=what))

    # -- the module

    def _module(self, record: FunctionRecord, width: int) -> Iterator[Row]:
        from tui.app.desk.module_words import difference, function_words, toolchain_part
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
        if (older := _older_module(record)) is not None:
            size.append(Part(older, "warn"))
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
            text = words or (f"malformed at {offset(first.offset)}: {first.message}" if first else "unknown")
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
        """The last few on record; all of them, with errors and logs, are a key away."""
        from tui.app.desk.module_words import clock

        builds = record.history[-BUILDS:]
        clocks = max((len(clock(build.finished)) for build in builds), default=0)
        for number, build in enumerate(reversed(builds)):
            sign, role = _ENDED.get(build.status, ("dot", "muted"))
            size = human_bytes(build.size) if build.size is not None else ""
            words = f"{clock(build.finished):<{clocks}}  {human_seconds(build.seconds):>9}  {size:>7}  "
            words += f"{build.compiler:<8}"
            parts = (
                Part(f"{self.glyphs[sign]} {build.status:<10}", role),
                outside(words),
                outside(build.trigger or "", "muted"),
            )
            line = fit(parts, max(width - LABEL - 1, 8), self.glyphs["ellipsis"])
            yield self._fact(f"build:{build.finished}", "" if number else "Builds", line, width)
        more = len(record.history) - len(builds)
        if record.history:
            rest = f" shows {f'{more:,} more, and ' if more else ''}what each of them said"
            yield self._fact("builds", "", (Part(self.glyphs.key("builds"), "key"), Part(rest, "muted")), width)


class Told(Fact):
    """One thing to say of a function: under which name, in which role."""

    name: str
    text: str
    role: str = ""


def what_to_tell(record: FunctionRecord) -> Told | None:
    """What is wrong with a function, or to be known, where the picture of its life does not say it."""
    state = state_of(record)
    if state == "failed":
        return Told("Error", first_trouble(record) or "the last build failed", "error")
    if state == "stale" and record.staleness is not None and record.staleness.reason:
        return Told("Stale", record.staleness.reason, "warn")
    in_picture = record.life is not None and record.life.arrives is False
    findings = record.findings
    if state in ("blocked", "warnings") and findings and not (state == "blocked" and in_picture):
        return Told("Error" if state == "blocked" else "To know", findings[0].message, "error" * (state == "blocked"))
    if state == "blocked" and record.module_error is not None:
        return Told("Error", record.module_error, "error")
    return None


def next_step(record: FunctionRecord, glyphs: Glyphs) -> str | None:
    """The one thing to do next, where there is one and the picture of its life does not name it."""
    state = state_of(record)
    if state == "refused":
        return _correct(record, glyphs)
    if state == "failed":
        known = (found.explanation or found.fix for found in record.last.diagnostics) if record.last is not None else ()
        first = next((text for text in known if text), None)
        places = record.last is not None and any(found.path for found in record.last.diagnostics)
        way = f"{glyphs.key('next-error')} goes to it, {glyphs.key('open')} opens the editor there"
        if first is None and record.module is None and record.life is not None:
            return None  # the picture names it
        return first or (way if places else f"{glyphs.key('build')} builds it again")
    if state in ("stale", "cancelled"):
        return f"{glyphs.key('build')} builds it again"
    told = what_to_tell(record)
    if state in ("blocked", "warnings") and told is not None and record.findings:
        return for_screen(record.findings[0].remedy, glyphs.key("build")) or None
    return None


def _correct(record: FunctionRecord, glyphs: Glyphs) -> str:
    line = record.refusal.line if record.refusal is not None else None
    place = f" at line {line}" if line else ""
    return f"{glyphs.key('edit')} opens function.yaml{place}; a save is enough, it is read again by itself"


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
    from tui.app.desk.module_words import clock

    if record.modified is None:
        return None
    is_older = state_of(record) in ("failed", "cancelled", "refused")
    return f"   from an earlier build, {clock(record.modified)}" if is_older else None
