"""The gateway's verdict: what would be refused, swallowed or should be known, worst first, each with a remedy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tui.app.colours.roles import Line, Part, chip
from tui.app.desk.record import FunctionRecord
from tui.app.desk.standing import state_of
from tui.app.messages import EditPlace
from tui.app.panes.content import PaneContent, Room
from tui.app.rows.glyphs import SEVERITIES
from tui.app.rows.lines import in_lines, line_of, outside, paragraph, wrap
from tui.app.rows.pane_rows import blank, text_row
from tui.app.rows.table import Row
from tui.gateway.checks.remedy import for_screen, without_build
from tui.gateway.verdict import Finding, Verdict, VerdictStatus
from tui.text import plural

_STATUS: Final[dict[VerdictStatus, tuple[str, str, str]]] = {
    "ready": ("ok", "ok", "the gateway takes it, and nothing is known that would break it"),
    "warnings": ("warn", "warn", "it can be deployed; something to know"),
    "blocked": ("error", "error", "the gateway would refuse it, or it would not work at its first call"),
}
_INSTEAD: Final = {
    "failed": "its last build failed",
    "refused": "the deploy tool refuses its function.yaml",
}
_COUNTED: Final = (("error", "error"), ("warning", "warning"), ("info", "note"))


class VerdictContent(PaneContent):
    """The verdict on top, then a block for each finding: what, what one would see, what to do, where."""

    def drawn(self, record: FunctionRecord) -> tuple[object, ...]:
        """The verdict, and what it is of."""
        return (
            *(record.verdict, record.reading, record.module, record.module_error),
            *(record.modified, record.staleness, record.progress.phase),
        )

    def rows(self, record: FunctionRecord, room: Room) -> list[Row]:
        """Verdict and findings."""
        verdict, width = record.verdict, room.width
        if verdict is None:
            return [text_row("waiting", (Part("being checked", "muted"),), width)]
        rows = list(self._status(record, verdict, width))
        for number, finding in enumerate(verdict.findings):
            rows += [blank(str(number)), self._finding(record, finding, number, width)]
        return rows

    def _status(self, record: FunctionRecord, verdict: Verdict, width: int) -> Iterator[Row]:
        sign, kind, words = _STATUS[verdict.status]
        name: str = verdict.status
        if verdict.status != "blocked" and not _has_module(record):
            sign, kind, name, words = "dot", "muted", "unbuilt", "nothing to judge yet"
        state = state_of(record)
        if state in ("failed", "refused"):  # which says more than that it is blocked
            name, words = state, _INSTEAD[state]
        counts = ", ".join(
            plural(count, noun)
            for severity, noun in _COUNTED
            if (count := verdict.count(severity))  # type: ignore[arg-type]
        )
        badge = chip(f"{self.glyphs[sign]} {name}", kind)
        line = line_of(Part(counts, "strong"), Part(f"{'   ' * bool(counts)}{words}", "muted"))
        yield text_row("verdict", line, width, line_of(badge, "  "))

    def _finding(self, record: FunctionRecord, finding: Finding, number: int, width: int) -> Row:
        sign = SEVERITIES[finding.severity]
        lead = (Part(f"{self.glyphs.sign(sign)} ", f"{sign.role} strong"),)
        lines = paragraph(self._safe(finding.message), width, "strong", lead)
        if wanted := finding.remedy if record.progress.phase == "idle" else without_build(finding.remedy):
            arrow = line_of("  ", Part(f"{self.glyphs['right']} ", "accent strong"))
            remedy = self._safe(for_screen(wanted, self.glyphs.key("build")))
            lines += wrap((Part(remedy, "accent strong"),), width, arrow)
        if finding.at_run_time:
            lines += self._aside("at run time  ", finding.at_run_time, "muted", width)
        place = f"{self._safe(str(finding.where))}  " if finding.where is not None else ""
        lines += wrap((Part(place, "muted"), Part(self._safe(finding.check), "faint")), width, (Part("  "),))
        return Row(
            key=f"{finding.check}:{number}",
            lines=tuple(lines),
            copy=finding_text(finding),
            what="the finding",
            full=finding_text(finding),
            edit=_place(record, finding),
        )

    def _aside(self, title: str, text: str, role: str, width: int) -> list[Line]:
        lead = line_of("  ", Part(title, "faint")) if width >= 60 else (Part("  "),)
        return wrap((Part(self._safe(text), role),), width, lead)

    def _safe(self, text: str) -> str:
        return self.glyphs.words(outside(" ".join(line.strip() for line in in_lines(text, 100))).text)


def _has_module(record: FunctionRecord) -> bool:
    """Whether there is a function.wasm, be it one that cannot be read."""
    return record.module is not None or record.module_error is not None or record.modified is not None


def _place(record: FunctionRecord, finding: Finding) -> EditPlace | None:
    """Where the editor can do something about it; a module is not edited."""
    where = finding.where
    if where is None or where.path.endswith(".wasm"):
        return None
    return EditPlace(record.function.directory / where.path, where.line, where.column)


def finding_text(finding: Finding) -> str:
    """A finding as lines of plain text, for copying."""
    pieces = (finding.message, finding.at_run_time and f"at run time: {finding.at_run_time}", finding.remedy)
    place = f"{finding.where} " if finding.where is not None else ""
    return "\n".join(piece for piece in (*pieces, f"{place}[{finding.check}]") if piece)
