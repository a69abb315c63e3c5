"""The panes of the detail: one table, each imported and made only when it is first looked at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Final, Protocol, cast

from textual.containers import Container
from textual.widget import Widget

from tui.app.desk.record import FunctionRecord
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import plain
from tui.app.shell.messages import CopyRequested
from tui.app.shell.roles import Line, Part
from tui.app.shell.title_bar import Tab


class Pane(Protocol):
    """What the screen asks of a pane, besides being a widget."""

    def show(self, record: FunctionRecord | None) -> None:
        """Show this function, or none. Cheap where nothing changed."""

    def copy_target(self) -> CopyRequested | None:
        """What `y` copies here."""


@dataclass(frozen=True, slots=True)
class PaneKind:
    """One pane: its key and digit, its label, and where its class is."""

    key: str
    digit: str
    label: str
    short: str
    module: str
    name: str
    taking: str = "glyphs"  # the argument by which it learns of the alphabet

    def make(self, glyphs: Glyphs) -> Widget:
        """A new pane of this kind."""
        made = getattr(import_module(f"tui.app.{self.module}"), self.name)(**{self.taking: self._given(glyphs)})
        return cast("Widget", made)

    def _given(self, glyphs: Glyphs) -> object:
        return glyphs.ascii if self.taking == "ascii_only" else glyphs

    def tell(self, pane: Widget, record: FunctionRecord | None, glyphs: Glyphs) -> None:
        """Show a function in a pane of this kind. The log is told a transcript and its title."""
        if self.key != "log":
            cast("Pane", pane).show(record)
            return
        from tui.app.log.pane import LogPane
        from tui.app.log.words import log_words, no_log_lines

        if isinstance(pane, LogPane):
            transcript = record.transcript if record is not None else None
            title = plain(log_words(record, glyphs)) if record is not None else ""
            key = record.path if record is not None else ""
            pane.show(transcript, title, key, lambda: no_log_lines(record, glyphs))


TABS: Final = (
    PaneKind("overview", "1", "Overview", "Over", "panes.overview", "OverviewPane"),
    PaneKind("config", "2", "Config", "Conf", "panes.config", "ConfigPane"),
    PaneKind("verdict", "3", "Verdict", "Verd", "panes.verdict", "VerdictPane"),
    PaneKind("sections", "4", "Sections", "Sect", "panes.sections", "SectionsPane"),
    PaneKind("externs", "5", "Imports/Exports", "Imp", "panes.externs", "ExternsPane"),
    PaneKind("size", "6", "Size", "Size", "panes.size.pane", "SizePane"),
)
LOGS: Final = (
    PaneKind("log", "7", "Log", "Log", "log.pane", "LogPane", "ascii_only"),
    PaneKind("errors", "8", "Errors", "Err", "panes.errors", "ErrorsPane"),
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


class PaneHost(Container):
    """Holds panes of which one shows. Each is made when it is first shown, and told only while it shows."""

    DEFAULT_CSS = """
    PaneHost { height: 1fr; border: round $border-blurred; border-top: none; padding: 0 1; }
    PaneHost > * { display: none; height: 1fr; }
    PaneHost > .-active { display: block; }
    """

    def __init__(
        self,
        glyphs: Glyphs,
        active: str,
        *,
        id: str | None = None,  # noqa: A002
        made: Callable[[Widget], None] = lambda _: None,
    ) -> None:
        """`made` is told of each pane that is made, before it shows."""
        super().__init__(id=id, classes="box-body")
        self._made = made
        self.glyphs = glyphs
        self.active = active
        self.record: FunctionRecord | None = None
        self._panes: dict[str, Widget] = {}

    def on_mount(self) -> None:
        """Take in what was activated before there was a place for it."""
        self.mount(*(pane for pane in self._panes.values() if not pane.is_attached))
        self.call_after_refresh(self._tell)

    def activate(self, key: str) -> Widget:
        """Show a pane; it is made where it was not, and told the function of now."""
        pane = self._panes.get(key)
        if pane is None:
            pane = self._panes[key] = KINDS[key].make(self.glyphs)
            pane.add_class("pane")
            self._made(pane)
            if self.is_attached:
                self.mount(pane)
        self.active = key
        for other_key, other in self._panes.items():
            other.set_class(other_key == key, "-active")
        if self.record is not None or pane.is_attached:
            self.call_after_refresh(self._tell)
        return pane

    def show(self, record: FunctionRecord | None) -> None:
        """Tell the pane that shows."""
        self.record = record
        self._tell()

    def _tell(self) -> None:
        pane = self._panes.get(self.active)
        if pane is not None and pane.is_attached and self.display:
            KINDS[self.active].tell(pane, self.record, self.glyphs)

    @property
    def pane(self) -> Widget | None:
        """The pane that shows."""
        return self._panes.get(self.active)

    def get(self, key: str) -> Widget | None:
        """The pane of that key, where it was made."""
        return self._panes.get(key)
