"""The panes of the detail: one table, each imported and made only when it is first looked at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from tui.app.colours.roles import Line, Part
from tui.app.desk.error_book import ErrorBook
from tui.app.desk.record import FunctionRecord
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.tabs import Tab
from tui.facts import Fact

if TYPE_CHECKING:
    from tui.app.desk.running.desk import RunDesk
    from tui.app.log.pane import LogPane
    from tui.app.panes.errors.pane import ErrorsPane
    from tui.app.panes.record_pane import RecordPane
    from tui.app.panes.run.pane import RunPane

    AnyPane = RecordPane | ErrorsPane | LogPane | RunPane  # widgets that are a tui.app.panes.pane.Pane each


class PaneTools(Fact):
    """What panes are made with."""

    glyphs: Glyphs
    errors: ErrorBook
    runs: Callable[[], RunDesk]  # what runs functions: made with the pane
    wrap: bool = False  # whether the log wraps from the start


class PaneKind(Fact):
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

    return ErrorsPane(tools.errors, glyphs=tools.glyphs)


def _run(tools: PaneTools) -> RunPane:
    from tui.app.panes.run.pane import RunPane

    return RunPane(tools.runs(), tools.glyphs)


TABS: Final = (
    PaneKind("overview", "1", "Overview", "Over", _overview),
    PaneKind("config", "2", "Config", "Conf", _config),
    PaneKind("verdict", "3", "Verdict", "Verd", _verdict),
    PaneKind("sections", "4", "Sections", "Sect", _sections),
    PaneKind("externs", "5", "Imports/Exports", "Imports", _externs),
    PaneKind("size", "6", "Size", "Size", _size),
)
LOGS: Final = (
    PaneKind("log", "7", "Log", "Log", _log),
    PaneKind("errors", "8", "Errors", "Err", _errors),
    PaneKind("run", "9", "Run", "Run", _run),
)
KINDS: Final = {kind.key: kind for kind in (*TABS, *LOGS)}


def count_badge(errors: int, warnings: int, glyphs: Glyphs) -> Line:
    """`1✗ 2▲` behind a tab."""
    counted = ((errors, "error", "error"), (warnings, "warn", "warn"))
    parts = [Part(f"{count:,}{glyphs[sign]}", role) for count, sign, role in counted if count]
    return tuple(piece for part in parts for piece in (part, Part(" ")))[:-1]


def verdict_badge(record: FunctionRecord | None, glyphs: Glyphs) -> Line:
    """How many errors and warnings the verdict has."""
    if record is None or record.verdict is None:
        return ()
    return count_badge(record.verdict.count("error"), record.verdict.count("warning"), glyphs)


def config_badge(record: FunctionRecord | None, glyphs: Glyphs) -> Line:
    """That function.yaml is refused, or how many warnings it has."""
    if record is None or record.reading is None:
        return ()
    if record.reading.error is not None:
        return count_badge(max(len(record.reading.error.problems), 1), 0, glyphs)
    return count_badge(0, len(record.reading.warnings), glyphs)


def tabs_of(
    kinds: Sequence[PaneKind], record: FunctionRecord | None, glyphs: Glyphs, errors: ErrorBook | None = None
) -> list[Tab]:
    """The tabs of these panes, with what is worth knowing before one looks."""
    badges = {
        "verdict": verdict_badge(record, glyphs),
        "config": config_badge(record, glyphs),
        "errors": count_badge(errors.count("error"), errors.count("warning"), glyphs) if errors is not None else (),
    }
    return [Tab(kind.key, kind.label, kind.short, kind.digit, badges.get(kind.key, ())) for kind in kinds]
