"""How `fn-tui check` prints: for people, as JSON lines, as workflow annotations, as SARIF."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from tui import __version__
from tui.assessment.assessment import BAD, Assessment
from tui.assessment.ran import ran_words
from tui.assessment.summary import summary_line
from tui.cli.exact import readable_only
from tui.cli.folders import place
from tui.cli.output import emit, write_text
from tui.cli.paint import Paint, role_of
from tui.gateway.checks.remedy import for_both, for_shell
from tui.gateway.life.picture import draw, one_line
from tui.gateway.verdict import Finding, Life, Severity
from tui.lines.canvas import Line, Role, cells, wrap
from tui.text import printable

_SEVERITY_ROLES: Final[dict[Severity, Role]] = {"error": "missing", "warning": "warning", "info": "muted"}
_KINDS: Final[dict[Severity, str]] = {"error": "error", "warning": "warning", "info": "notice"}
# check -> where its `at_run_time` is met, where that is before the function runs.
_LABELS: Final[dict[str, str]] = {
    "config-refused": "the deploy tool says",
    "go-mod": "the build says",
    "go-package": "the build says",
    "config-limit": "the gateway says",
    "config-no-effect": "otherwise",
    "config-key": "otherwise",
    "config-note": "otherwise",
    "config-secret": "otherwise",
    "kinds-clash": "otherwise",
    "source-unread": "otherwise",
    "module-absent": "otherwise",
    "build-failed": "otherwise",
    "module-stale": "otherwise",
}
MOST_COLUMNS: Final = 120  # wider text is harder to read, not easier


@dataclass(frozen=True, slots=True)
class CheckedFunction:
    """One function with what is known of it: `path` as the person would name it, from where they are."""

    path: str
    found: Assessment

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the gateway would refuse, swallow, or one should know; worst first."""
        return self.found.findings

    @property
    def worth_telling(self) -> list[Finding]:
        """The same for people, without what the head says."""
        return [finding for finding in self.findings if finding.check != "module-absent"]


class Report(Protocol):
    """A format: told of each function as it is checked, and of the end."""

    def function(self, checked: CheckedFunction) -> None:
        """Print, or keep, one function."""

    def end(self, all_checked: list[CheckedFunction]) -> None:
        """Print what only the whole tells."""


def finding_record(finding: Finding, path: str) -> dict[str, object]:
    """One finding on the function at `path`, as JSON has it."""
    return {
        "check": finding.check,
        "severity": finding.severity,
        "message": finding.message,
        "at_run_time": finding.at_run_time,
        "remedy": for_both(finding.remedy, path),
        "where": str(finding.where) if finding.where is not None else None,
    }


class JsonReport:
    """A JSON object a function, as soon as it is checked."""

    def function(self, checked: CheckedFunction) -> None:
        """Print one line."""
        findings = [finding_record(finding, checked.path) for finding in checked.findings]
        found = checked.found
        record: dict[str, object] = {**place(checked.path), "state": found.state, "verdict": found.verdict_word}
        record["findings"] = findings
        if found.ran is not None:
            from tui.cli.commands.listing import ran_record

            record["ran"] = ran_record(found.ran)
        emit(record)

    def end(self, all_checked: list[CheckedFunction]) -> None:
        """Nothing: every line stands for itself."""


class SarifReport:
    """One SARIF document at the end."""

    def function(self, checked: CheckedFunction) -> None:
        """Nothing yet: the document is one."""

    def end(self, all_checked: list[CheckedFunction]) -> None:
        """Print the document."""
        from tui.cli.reports.sarif import sarif_log

        verdicts = ((one.found.function.directory, one.findings) for one in all_checked)
        log = sarif_log(verdicts, Path.cwd(), __version__)
        text = json.dumps(readable_only(log), ensure_ascii=True, indent=1)
        _write(text)


class GithubReport:
    """A workflow command a finding, so that it stands in the diff, and the summary."""

    def function(self, checked: CheckedFunction) -> None:
        """Print the annotations of one function."""
        from tui.cli.reports.github import command

        for finding in checked.findings:
            place = finding.where
            path = checked.found.function.directory / (place.path if place is not None else "function.yaml")
            remedy = for_shell(finding.remedy, checked.path)
            message = f"{finding.message}\nat run time: {finding.at_run_time}\nremedy: {remedy}"
            line = str(place.line) if place is not None and place.line is not None else None
            column = str(place.column) if place is not None and place.column is not None else None
            file = os.path.relpath(path)
            _write(command(_KINDS[finding.severity], message, file=file, line=line, col=column, title=finding.check))

    def end(self, all_checked: list[CheckedFunction]) -> None:
        """Print the summary as plain text of the job's log."""
        _write(_summary(all_checked))


class TextReport:
    """For people: the picture of each function with its findings, the good ones in one line, and the summary."""

    def __init__(self, width: int, paint: Paint, whole: bool) -> None:
        self.width = min(width, MOST_COLUMNS)
        self.paint = paint
        self.glyphs = paint.glyphs
        self.whole = whole  # the picture of good functions too

    def function(self, checked: CheckedFunction) -> None:
        """Print one function."""
        found, drawn = checked.found, checked.found.life
        role = role_of(found.state)
        mark = (f"{self.paint.sign(found.state)} {printable(checked.path)}", role)
        # Nobody can draw the life of a refused config. Only a picture of what goes wrong tells more than a line.
        known = drawn is not None and (drawn.expected is not None or drawn.has_module)
        whole = known and drawn is not None and (self.whole or _goes_wrong(drawn))
        if drawn is not None and found.state in ("ready", "unbuilt") and not checked.worth_telling and not whole:
            room = max(self.width - cells(mark[0]) - 2, 20)
            self._say((mark, ("  ", "space"), *one_line(drawn, room, self.glyphs)))
            self._ran(found)
            return
        self._say((mark, (f"  {headline(found)}", role)))
        if drawn is not None and whole:
            shown = drawn._replace(remedy=for_shell(drawn.remedy, checked.path))
            for line in draw(shown, self.width - 2, "boxes", ascii_only=self.paint.ascii_only):
                self._say((("  ", "space"), *line))
        elif drawn is not None and known:
            self._say((("   ", "space"), *one_line(drawn, self.width - 3, self.glyphs)))
        self._ran(found)
        for finding in checked.worth_telling:
            self._finding(finding, checked.path)
        self._say(())

    def _ran(self, found: Assessment) -> None:
        """What the last run here says."""
        if found.ran is not None:
            self._paragraph("   ", ran_words(found.ran), "muted")

    def _finding(self, finding: Finding, path: str) -> None:
        """A finding in up to four parts: what, where, what it would look like, what to do."""
        glyphs = {"error": self.glyphs.missing, "warning": self.glyphs.warning, "info": self.glyphs.unknown}
        role = _SEVERITY_ROLES[finding.severity]
        where = f"  {printable(str(finding.where))}" if finding.where is not None else ""
        self._paragraph(f"   {glyphs[finding.severity]} ", finding.message + where, role)
        label = _LABELS.get(finding.check, "at run time")
        if finding.at_run_time and not _repeats(finding):
            self._paragraph(f"     {label}: ", finding.at_run_time, "muted")
        self._paragraph(f"     {self.glyphs.to} ", for_shell(finding.remedy, path), "remedy")

    def _paragraph(self, head: str, text: str, role: Role) -> None:
        first, *rest = wrap(printable(text), max(self.width - cells(head), 20))
        self._say(((head, role), (first, role)))
        for piece in rest:
            self._say(((" " * cells(head), "space"), (piece, role)))

    def end(self, all_checked: list[CheckedFunction]) -> None:
        """Print the summary."""
        self._say(((_summary(all_checked), "label"),))

    def _say(self, line: Line) -> None:
        self.paint.say(line)


def _goes_wrong(life: Life) -> bool:
    """Whether the life breaks, or the module has another mode than function.yaml asks for."""
    return life.has_module and (life.arrives is False or life.matches is False)


def headline(found: Assessment) -> str:
    """The state, and the verdict where that says more: `stale`, `unbuilt, with warnings`, `warnings, incomplete`."""
    state, verdict = found.state, found.verdict_word
    if verdict in BAD and verdict != state and not (verdict == "blocked" and state == "refused"):
        return f"{state}, {verdict}"
    if state == "unbuilt" and found.verdict is not None and found.verdict.status == "warnings":
        return f"{state}, with warnings"
    return state


def _repeats(finding: Finding) -> bool:
    """Whether the words met otherwise are the message once more, behind what the tool says before any message."""
    return finding.at_run_time.rstrip(".").endswith(finding.message.rstrip("."))


def _summary(all_checked: Iterable[CheckedFunction]) -> str:
    return summary_line(one.found.state for one in all_checked)


def _write(text: str) -> None:
    """Print a line whatever the locale can encode; its pieces are harmless already."""
    write_text(text + "\n")
