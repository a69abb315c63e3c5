"""The panes of the detail: one table, each imported and made only when it is first looked at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tui.app.colours.roles import Line, Part
from tui.app.desk.record import FunctionRecord
from tui.app.desk.store import Store
from tui.app.frame.title_bar import Tab
from tui.app.rows.glyphs import Glyphs

if TYPE_CHECKING:
    from tui.app.log.pane import LogPane
    from tui.app.panes.errors.pane import ErrorsPane
    from tui.app.panes.record_pane import RecordPane

    AnyPane = RecordPane | ErrorsPane | LogPane  # widgets that are a tui.app.panes.pane.Pane each


@dataclass(frozen=True, slots=True)
class PaneTools:
    """What panes are made with."""

    glyphs: Glyphs
    store: Store
    wrap: bool = False  # whether the log wraps from the start


@dataclass(frozen=True, slots=True)
class PaneKind:
    """One pane: its key and digit, its label, and what makes it. Its code is loaded when it is first looked at."""

    key: str
    digit: str
    label: str
    short: str
    make: Callable[[PaneTools], AnyPane]


def _overview(tools: PaneTools) -> RecordPane:
    from tui.app.panes.overview import OverviewContent
    from tui.app.panes.record_pane import RecordPane

    return RecordPane(OverviewContent(tools.glyphs))


def _config(tools: PaneTools) -> RecordPane:
    from tui.app.panes.config import ConfigContent
    from tui.app.panes.record_pane import RecordPane

    return RecordPane(ConfigContent(tools.glyphs))


def _verdict(tools: PaneTools) -> RecordPane:
    from tui.app.panes.record_pane import RecordPane
    from tui.app.panes.verdict import VerdictContent

    return RecordPane(VerdictContent(tools.glyphs))


def _sections(tools: PaneTools) -> RecordPane:
    from tui.app.panes.record_pane import RecordPane
    from tui.app.panes.sections.content import SectionsContent

    return RecordPane(SectionsContent(tools.glyphs))


def _externs(tools: PaneTools) -> RecordPane:
    from tui.app.panes.externs import ExternsContent
    from tui.app.panes.record_pane import RecordPane

    return RecordPane(ExternsContent(tools.glyphs))


def _size(tools: PaneTools) -> RecordPane:
    from tui.app.panes.record_pane import RecordPane
    from tui.app.panes.size.content import SizeContent

    return RecordPane(SizeContent(tools.glyphs))


def _log(tools: PaneTools) -> LogPane:
    from tui.app.log.pane import LogPane

    return LogPane(glyphs=tools.glyphs, wrap=tools.wrap)


def _errors(tools: PaneTools) -> ErrorsPane:
    from tui.app.panes.errors.pane import ErrorsPane

    return ErrorsPane(tools.store, glyphs=tools.glyphs)


TABS: Final = (
    PaneKind("overview", "1", "Overview", "Over", _overview),
    PaneKind("config", "2", "Config", "Conf", _config),
    PaneKind("verdict", "3", "Verdict", "Verd", _verdict),
    PaneKind("sections", "4", "Sections", "Sect", _sections),
    PaneKind("externs", "5", "Imports/Exports", "Imp", _externs),
    PaneKind("size", "6", "Size", "Size", _size),
)
LOGS: Final = (
    PaneKind("log", "7", "Log", "Log", _log),
    PaneKind("errors", "8", "Errors", "Err", _errors),
)
KINDS: Final = {kind.key: kind for kind in (*TABS, *LOGS)}


def verdict_badge(record: FunctionRecord | None, glyphs: Glyphs) -> Line:
    """`✗1 ▲2` behind the verdict's tab."""
    if record is None or record.verdict is None:
        return ()
    parts: list[Part] = []
    for severity, role in (("error", "error"), ("warning", "warn")):
        count = record.verdict.count(severity)  # type: ignore[arg-type]
        if count:
            parts.append(Part(f"{' ' if parts else ''}{glyphs.severity(severity)}{count}", role))  # type: ignore[arg-type]
    return tuple(parts)


def config_badge(record: FunctionRecord | None, glyphs: Glyphs) -> Line:
    """A sign behind the config's tab, where function.yaml is refused or has warnings."""
    if record is None or record.reading is None:
        return ()
    if record.reading.error is not None:
        return (Part(glyphs["error"], "error"),)
    return (Part(f"{glyphs['warn']}{len(record.reading.warnings)}", "warn"),) if record.reading.warnings else ()


def errors_badge(record: FunctionRecord | None) -> Line:
    """How many errors the last build had, behind the errors' tab."""
    if record is None or record.last is None:
        return ()
    count = sum(1 for found in record.last.diagnostics if found.severity == "error")
    return (Part(str(count), "error"),) if count else ()


def tabs_of(kinds: Sequence[PaneKind], record: FunctionRecord | None, glyphs: Glyphs) -> list[Tab]:
    """The tabs of these panes, with what is worth knowing before one looks."""
    badges = {
        "verdict": verdict_badge(record, glyphs),
        "config": config_badge(record, glyphs),
        "errors": errors_badge(record),
    }
    return [Tab(kind.key, kind.label, kind.short, kind.digit, badges.get(kind.key, ())) for kind in kinds]
