"""The main screen's boxes: which there are, where they stand at each size, and which of them the keys go to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from textual.app import ComposeResult
from textual.containers import Container, Horizontal, Vertical
from textual.widget import Widget

from tui.app.frame.footer import Footer
from tui.app.frame.header import Header
from tui.app.frame.layout import LOG_SHARE, MODE_HEIGHTS, RUN_SHARE, Layout, ModeLevel, Wants, layout_of
from tui.app.frame.splitter import Splitter
from tui.app.frame.title_bar import TitleBar
from tui.app.functions.function_list import FunctionList
from tui.app.functions.name_tag import NameTag
from tui.app.keys.actions import Action
from tui.app.panes.host import PaneHost
from tui.app.panes.pane import Pane
from tui.app.panes.panes import LOGS, TABS, PaneKind, PaneTools
from tui.app.rows.tabs import Tab

if TYPE_CHECKING:
    from textual.screen import Screen

    from tui.app.panes.empty_state import EmptyState
    from tui.app.panes.export_mode.panel import ExportModePanel

VERDICT: Final = next(kind for kind in TABS if kind.key == "verdict")
NOTICE_ROWS: Final = 2  # what stands in the place of a log
LOG_KEYS: Final = frozenset(kind.key for kind in LOGS)
# Boxes that can stand alone, innermost first.
BOXES: Final = ("list-box", "mode-box", "log-box", "third", "tab-box")


@dataclass(slots=True)
class View:
    """What a person chose to see; the boxes follow it."""

    tab: str = "overview"  # key of the pane that shows
    log_tab: str = "log"  # of the one in the log's box, where that has its own place
    in_detail: bool = False  # which of the two shows where list and detail take turns
    solo: str | None = None  # id of the box that stands alone
    log_chosen: bool = False  # a person chose between log and errors: moving to another function changes it no more


class Boxes:
    """Owns the widgets of the main screen and their places."""

    def __init__(self, tools: PaneTools, actions: Sequence[Action], sizes: Mapping[str, int]) -> None:
        glyphs = tools.glyphs
        self.tools = tools
        self.view = View()
        self.sizes: dict[str, int] = dict(sizes)
        self.wants = Wants()
        self.plan: Layout = layout_of(120, 40, self.sizes)
        self.furnished = False
        self.heading_for: str | None = None  # the box that the focus is on its way to
        self.header, self.footer = Header(glyphs), Footer(glyphs, actions)
        self.functions = FunctionList(tools.errors.store, glyphs)
        self.list_title = TitleBar(glyphs, (Tab("list", "Functions", "Functions"),), "list", id="list-title")
        self.list_body = Container(self.functions, id="list-body", classes="box-body")
        self.list_box = Vertical(self.list_title, self.list_body, id="list-box", classes="box")
        self.splitter = Splitter("list", "column", glyphs)
        self.mode_title, self.tag = TitleBar(glyphs, id="mode-title"), NameTag(glyphs)
        self.mode_body = Container(id="mode-body", classes="box-body")
        self.mode_box = Vertical(self.mode_title, self.tag, self.mode_body, id="mode-box", classes="box")
        self.tabs = TitleBar(glyphs, id="tabs", words_first=True)
        self.panes = PaneHost(tools, self.view.tab, id="panes")
        self.tab_box = Vertical(self.tabs, self.panes, id="tab-box", classes="box")
        self.log_title = TitleBar(glyphs, id="log-title", drags="log")
        self.logs = PaneHost(tools, self.view.log_tab, id="logs", told=True)
        self.log_box = Vertical(self.log_title, self.logs, id="log-box", classes="box")
        self.detail = Vertical(self.mode_box, self.tab_box, self.log_box, id="detail")
        self.body = Horizontal(self.list_box, self.splitter, self.detail, id="body")
        self.third_title = TitleBar(glyphs, id="third-title")
        self.third: PaneHost | None = None  # the verdict's own column, where it was ever wanted
        self.third_box: Widget | None = None
        self.mode_panel: ExportModePanel | None = None
        self.empty: EmptyState | None = None  # the text that teaches, where there is nothing to list

    def compose(self) -> ComposeResult:
        """All boxes, in reading order, which is tab order."""
        yield self.header
        yield self.body
        yield self.footer

    def furnish(self) -> None:
        """Put the panes into their boxes: after the first frame, so that the names are there at once."""
        from tui.app.panes.export_mode.panel import ExportModePanel

        self.mode_panel = ExportModePanel(glyphs=self.tools.glyphs)
        self.mode_body.mount(self.mode_panel)
        self.panes.activate(self.tab if self.tab not in LOG_KEYS else "overview")
        if self.view.tab in LOG_KEYS:
            self.logs.activate(self.view.log_tab)
        self.furnished = True

    # -- which is which

    @property
    def screen(self) -> Screen[object]:
        """The screen that they are on."""
        return self.body.screen

    @property
    def stand(self) -> bool:
        """Whether they are all there: while the app ends, builds are cancelled after the widgets are gone."""
        return self.header.is_attached and self.footer.is_attached

    def panes_in_sight(self) -> Iterator[Pane]:
        """The panes that tell of a function, whether or not their boxes show just now."""
        if self.mode_panel is not None:
            yield self.mode_panel
        for host in (self.panes, self.logs, self.third):
            if host is not None and host.pane is not None:
                yield host.pane

    def hosts(self) -> list[PaneHost]:
        """What holds panes."""
        return [host for host in (self.panes, self.logs, self.third) if host is not None]

    @property
    def in_use(self) -> str | None:
        """The box that has the keys, or was just given them: the focus follows a frame later."""
        return self.heading_for or self.box_of(self.screen.focused)

    def box_of(self, widget: Widget | None) -> str | None:
        """The box that a widget is in."""
        ids = {node.id for node in widget.ancestors_with_self} if widget is not None else set()
        return next((box for box in BOXES if box in ids), None)

    def mark_in_use(self) -> None:
        """Have the edge of the box in use drawn as such. Textual restyles only what is around the focused widget,
        and an edge stands beside that.
        """
        in_use = self.box_of(self.screen.focused)
        for box in (self.list_box, self.mode_box, self.tab_box, self.log_box, self.third_box):
            if box is not None:
                box.set_class(box.id == in_use, "-in-use")

    @property
    def where(self) -> str:
        """The place that the keys go to: "list", or a pane's key."""
        inside = {"third": "verdict", "log-box": self.view.log_tab, "tab-box": self.tab, "mode-box": "mode"}
        return inside.get(self.in_use or "list-box", "list")

    @property
    def pane_in_use(self) -> Pane | None:
        """The pane that the keys go to; None where they go to the list."""
        inside = {"third": self.third, "log-box": self.logs, "tab-box": self.panes}
        host = inside.get(self.in_use or "list-box")
        return host.pane if host is not None else None

    def tab_kinds(self) -> list[PaneKind]:
        """The panes that are tabs at this size."""
        tabs = [kind for kind in TABS if not (self.plan.third and kind is VERDICT and self.view.solo is None)]
        return tabs if self.plan.log_below else [*tabs, *LOGS]

    @property
    def tab(self) -> str:
        """The pane that shows in the tabs: the one that a person chose, where it is among them now."""
        return self.view.tab if self.view.tab in {kind.key for kind in self.tab_kinds()} else "overview"

    # -- places

    def wanted(self, *, verdict: bool) -> Wants:
        """What the boxes would fill. A log with nothing to say opens for a person who goes into it."""
        tab, log = self.panes.pane, self.logs.pane
        log_rows = log.rows_wanted if log is not None else 0
        if log_rows == 0 and self.in_use == "log-box":
            log_rows = NOTICE_ROWS
        return Wants(
            list_width=self.functions.natural_width,
            tab_rows=tab.rows_wanted if tab is not None else None,
            log_rows=log_rows,
            mode_rows=self.mode_panel.rows_wanted if self.mode_panel is not None else None,
            log_share=RUN_SHARE if self.logs.active == "run" else LOG_SHARE,
            verdict=verdict,
        )

    def plan_for(self, width: int, height: int) -> Layout:
        """The layout for a size, the person's sizes and the names listed."""
        return layout_of(width, height, self.sizes, self.wants)

    def place(self, width: int, height: int, *, nothing: bool) -> None:
        """Put every box where it belongs at this size, in this view. `nothing`: there is nothing to list."""
        self.plan = plan = self.plan_for(width, height)
        single, solo, inside = plan.single, self.view.solo, self.view.in_detail
        self.header.display = plan.header and solo is None
        self.footer.display = plan.footer
        self._show_empty(nothing)
        self.list_box.display = solo in (None, "list-box") and not (single and inside)
        self.splitter.display = not single and solo is None
        self.detail.display = solo not in ("list-box", "third") and not (single and not inside)
        self._place_mode(plan)
        self._place_tabs_and_log(plan)
        self._place_third(plan)
        # The list takes what is left where nothing stands beside it.
        self.list_box.styles.width = "1fr" if single or solo == "list-box" else plan.list_width

    def _show_empty(self, nothing: bool) -> None:
        """The text that teaches, in the place of the body; made when first needed."""
        self.body.display = not nothing
        if self.empty is not None:
            self.empty.display = nothing
        elif nothing:
            from tui.app.panes.empty_state import EmptyState

            self.empty = EmptyState(self.tools.glyphs)
            self.screen.mount(self.empty, after=self.body)

    def _place_mode(self, plan: Layout) -> None:
        alone = self.view.solo == "mode-box"
        self.mode_box.display = alone or self.view.solo is None
        level: ModeLevel = "full" if alone else plan.mode_level
        in_line = level == "line"
        self.mode_title.display, self.tag.display = not in_line, in_line
        self.mode_box.set_class(in_line, "-line")
        self.mode_box.set_class(not alone, "-open")
        height = MODE_HEIGHTS[level] if alone else plan.mode_height
        self.mode_body.styles.height = height - (not in_line and not alone)
        if self.mode_panel is not None:
            self.mode_panel.level = level

    def _place_tabs_and_log(self, plan: Layout) -> None:
        """Tabs and log, in one frame with the export mode: an upper edge each, and a lower one for the last."""
        solo, in_log = self.view.solo, self.tab in LOG_KEYS
        logs_alone = in_log and not plan.log_below
        self.tab_box.display = solo in (None, "tab-box") or (solo == "log-box" and not plan.log_below)
        self.panes.display = not logs_alone
        self.tab_box.styles.height = 1 if logs_alone else "1fr"
        below = plan.log_below and solo in (None, "log-box")
        closed = below and solo is None and plan.log_height == 1
        self.log_box.display = below or logs_alone
        self.log_title.display = plan.log_below
        self.logs.display = not closed
        self.log_box.styles.height = plan.log_height if below and solo is None else "1fr"
        self.tabs.stand("top" if solo is not None or plan.mode_level == "line" else "between")
        self.log_title.stand("bottom" if closed else "top" if solo is not None else "between")
        self.tab_box.set_class(below and solo is None, "-open")

    def _place_third(self, plan: Layout) -> None:
        wanted = self.furnished and plan.third and self.view.solo in (None, "third")
        if wanted and self.third is None:
            self.third = PaneHost(self.tools, "verdict", id="verdict-column")
            self.third_box = Vertical(self.third_title, self.third, id="third", classes="box")
            self.body.mount(self.third_box)
            self.third.activate("verdict")
        if self.third_box is not None:
            self.third_box.display = wanted
            self.third_box.styles.width = "1fr" if self.view.solo == "third" else plan.verdict_width
