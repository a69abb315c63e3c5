"""The rows below the input: what came of the last call of the function that is shown."""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic

from tui.app.colours.roles import Line, Part
from tui.app.desk.record import FunctionRecord
from tui.app.desk.running.desk import RunDesk
from tui.app.desk.standing import BUSY, state_of
from tui.app.panes.content import PaneContent, Room
from tui.app.panes.run.answer_rows import answer_rows
from tui.app.panes.run.gateway_rows import HEAD as GATEWAY
from tui.app.panes.run.gateway_rows import gateway_rows
from tui.app.panes.run.kept_rows import HEAD as KEPT
from tui.app.panes.run.kept_rows import difference_rows, tested_rows
from tui.app.panes.run.trace_rows import HEAD, trace_rows, trap_rows
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import line_of, outside
from tui.app.rows.pane_rows import blank, text_row
from tui.app.rows.table import Row


class RunContent(PaneContent):
    """Notices first, then the answer, then the trace."""

    def __init__(self, desk: RunDesk, glyphs: Glyphs | None = None) -> None:
        super().__init__(glyphs)
        self.desk = desk
        self.opened = {HEAD, KEPT, GATEWAY}

    def drawn(self, record: FunctionRecord) -> tuple[object, ...]:
        """The runs, and whether there is a module, of now."""
        known = self.desk.of(record.path)
        runs = (known.reports, known.under_way, known.phase, known.awaiting)
        asked = (known.difference, known.tested, known.testing)
        return (*runs, *asked, self.desk.gateway.view, record.staleness, record.module, state_of(record))

    def rows(self, record: FunctionRecord, room: Room) -> Sequence[Row]:
        """All of it."""
        known, width = self.desk.of(record.path), room.width
        rows = [row for row in (self._now(record, width), self._notice(record, width)) if row is not None]
        if known.difference is not None:
            rows += difference_rows(known.difference, self.glyphs, width)
            rows.append(blank("after-difference"))
        report = known.last
        if report is not None and known.under_way is None:
            rows += answer_rows(report, self.glyphs, width)
            rows += trap_rows(report, self.glyphs, width)
            if report.answer is not None:
                rows += trace_rows(report.answer, self.glyphs, width, room.listed)
        if known.testing:
            rows += [blank("testing"), text_row("testing", (Part("the kept calls run", "accent"),), width)]
        elif known.tested is not None:
            rows += tested_rows(known.tested, self.glyphs, width)
        rows += gateway_rows(self.desk.gateway.view, self.glyphs, width)
        return rows or [text_row("nothing", (Part("nothing was run on this screen yet", "muted"),), width)]

    def _now(self, record: FunctionRecord, width: int) -> Row | None:
        """What happens now."""
        known = self.desk.of(record.path)
        if known.under_way is not None:
            elapsed = monotonic() - known.started
            lead = Part(f"{self.glyphs.spinner(0)} {known.phase}", "accent strong")
            words = (lead, Part(f"  {elapsed:.0f} s", "muted"))
            return text_row("running", line_of(*words, *self._key("cancel", "ends it")), width)
        if known.awaiting is not None:
            building = state_of(record) in BUSY
            words_ = "building; it runs then" if building else "the build failed: it was not run"
            return text_row("awaiting", (Part(words_, "accent" if building else "error"),), width)
        return None

    def _key(self, action: str, does: str) -> Line:
        return Part(f"   {self.glyphs.key(action)}", "key"), Part(f" {does}", "muted")

    def _notice(self, record: FunctionRecord, width: int) -> Row | None:
        """That there is no module, or one that is older than its sources; and the way on."""
        if state_of(record) in BUSY or self.desk.of(record.path).awaiting is not None:
            return None
        way = self._key("run-build", "builds it, then runs it")
        if record.refusal is not None:
            lead = Part(f"{self.glyphs.state('refused')} function.yaml is refused: nothing can run", "error")
            return text_row("refused", line_of(lead, *self._key("edit", "opens it")), width)
        if record.reading is not None and record.modified is None and record.module is None:
            lead = Part(f"{self.glyphs.state('unbuilt')} not built: there is no function.wasm", "strong")
            return text_row("unbuilt", line_of(lead, *way), width)
        if record.staleness is not None and record.staleness.is_stale:
            reason = self.glyphs.text(outside(record.staleness.reason or "", limit=80).text)
            lead = Part(f"{self.glyphs.state('stale')} stale: {reason}", "warn")
            return text_row("stale", line_of(lead, *way), width)
        return None
