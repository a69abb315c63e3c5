"""The main screen's furniture: which boxes there are, and where they stand at each size. What keys do is elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, cast

from textual import events
from textual.app import ComposeResult
from textual.containers import Container, Horizontal, Vertical
from textual.screen import Screen
from textual.widget import Widget

from tui.app.desk.store import Store
from tui.app.functions.function_list import FunctionList
from tui.app.functions.name_tag import NameTag
from tui.app.keys.actions import Action
from tui.app.panes.panes import LOGS, TABS, Pane, PaneHost, PaneKind
from tui.app.rows.glyphs import Glyphs
from tui.app.shell.footer import Footer
from tui.app.shell.header import Header
from tui.app.shell.layout import Layout, ModeLevel, layout_of
from tui.app.shell.splitter import Splitter
from tui.app.shell.title_bar import Tab, TitleBar

VERDICT: Final = next(kind for kind in TABS if kind.key == "verdict")
# Rows of the export mode's body, its border included where it has one.
MODE_HEIGHTS: Final[dict[ModeLevel, int]] = {"full": 10, "medium": 7, "line": 1}
LOG_KEYS: Final = frozenset(kind.key for kind in LOGS)


class Stage(Screen[None]):
    """Boxes and their places. `tab` is the pane that shows, `log_tab` the one in the log's box where it has its own."""

    DEFAULT_CSS = """
    Stage { layout: vertical; background: $background; color: $foreground; }
    #body, #list-box, #detail, #tab-box, #third { height: 1fr; }
    #detail { width: 1fr; }
    #mode-box { height: auto; }
    Stage .box-body { border: round $border-blurred; border-top: none; }
    #list-body { height: 1fr; }
    #mode-body { height: auto; padding: 0 1; }
    #third { margin-left: 1; }
    Stage .box:focus-within TitleBar { color: $border; }
    Stage .box:focus-within .box-body { border: round $border; border-top: none; }
    Stage.-ascii .box-body { border: ascii $border-blurred; border-top: none; }
    Stage.-ascii .box:focus-within .box-body { border: ascii $border; border-top: none; }
    #mode-box.-line { layout: horizontal; }
    #mode-box.-line #mode-body, Stage.-ascii #mode-box.-line #mode-body { border: none; }
    """
    AUTO_FOCUS = "FunctionList"
    TITLE = "fn-tui"

    def __init__(self, store: Store, glyphs: Glyphs, actions: Iterable[Action], sizes: Mapping[str, int]) -> None:
        super().__init__(id="main", classes="-ascii" if glyphs.ascii else None)
        self.store = store
        self.glyphs = glyphs
        self.table = tuple(actions)
        self.sizes: dict[str, int] = dict(sizes)
        self.plan: Layout = layout_of(120, 40, self.sizes)
        self.tab = "overview"
        self.log_tab = "log"
        self.in_detail = False  # which of the two shows where list and detail take turns
        self.solo: str | None = None  # id of the box that stands alone
        self.furnished = False
        self._third: PaneHost | None = None

    def compose(self) -> ComposeResult:
        """All boxes, in reading order, which is tab order."""
        glyphs = self.glyphs
        yield Header(glyphs)
        with Horizontal(id="body"):
            with Vertical(id="list-box", classes="box"):
                yield TitleBar(glyphs, (Tab("list", "Functions", "Functions"),), "list", id="list-title")
                with Container(id="list-body", classes="box-body"):
                    yield FunctionList(self.store, glyphs)
            yield Splitter("list", "column", glyphs)
            with Vertical(id="detail"):
                with Vertical(id="mode-box", classes="box"):
                    yield TitleBar(glyphs, id="mode-title")
                    yield NameTag(glyphs)
                    yield Container(id="mode-body", classes="box-body")
                with Vertical(id="tab-box", classes="box"):
                    yield TitleBar(glyphs, id="tabs", words_first=True)
                    yield PaneHost(glyphs, self.tab, id="panes")
                with Vertical(id="log-box", classes="box"):
                    yield TitleBar(glyphs, id="log-title", drags="log")
                    yield PaneHost(glyphs, self.log_tab, id="logs", made=self.pane_made)
        yield Footer(glyphs, self.table)

    def furnish(self) -> None:
        """Put the panes into their boxes: after the first frame, so that the names are there at once."""
        from tui.app.panes.export_mode.panel import ExportModePanel

        self.box("mode-body").mount(ExportModePanel(glyphs=self.glyphs))
        self.panes.activate(self.tab if self.tab not in LOG_KEYS else "overview")
        if self.plan.log_below or self.tab in LOG_KEYS:
            self.logs.activate(self.log_tab)
        self.furnished = True
        self.place_boxes()

    def pane_made(self, pane: Widget) -> None:
        """Called with each pane of the log's box when it is made."""

    # -- the parts

    @property
    def functions(self) -> FunctionList:
        """The list."""
        return self.query_one(FunctionList)

    @property
    def panes(self) -> PaneHost:
        """The tabs' panes."""
        return self.query_one("#panes", PaneHost)

    @property
    def logs(self) -> PaneHost:
        """Log and errors."""
        return self.query_one("#logs", PaneHost)

    @property
    def third(self) -> PaneHost | None:
        """The verdict's own column, where it was ever wanted."""
        return self._third

    @property
    def mode_panel(self) -> Pane | None:
        """The export mode panel, once it is there."""
        children = self.query_one("#mode-body").children
        return cast("Pane", children[0]) if children else None

    def box(self, key: str) -> Widget:
        """The box by id."""
        return self.query_one(f"#{key}")

    # -- places

    def on_resize(self, event: events.Resize) -> None:
        """Arrange for the new size."""
        self.place_boxes(event.size.width, event.size.height)

    def place_boxes(self, width: int | None = None, height: int | None = None) -> None:
        """Put every box where it belongs at this size, in this view."""
        self.plan = plan = self.plan_now(width, height)
        empty = self.nothing_found
        single, solo = plan.single, self.solo
        self.query_one(Header).display = plan.header and solo is None
        self.query_one(Footer).display = plan.footer
        self._show_empty(empty)
        self._show("list-box", solo in (None, "list-box") and not (single and self.in_detail))
        self._show("list-splitter", not single and solo is None)
        self._show("detail", solo not in ("list-box", "third") and not (single and not self.in_detail))
        self._arrange_detail(plan)
        self._arrange_third(plan)
        # The list takes what is left where nothing stands beside it.
        alone = single or solo == "list-box"
        self.box("list-box").styles.width = "1fr" if alone else plan.list_width
        self.arranged()

    def plan_now(self, width: int | None = None, height: int | None = None) -> Layout:
        """The layout for a size (that of the screen where none is given), the person's sizes and the names listed."""
        natural = self.functions.natural_width
        return layout_of(width or self.size.width, height or self.size.height, self.sizes, natural)

    def _show_empty(self, empty: bool) -> None:
        """The text that teaches, in the place of the body; made when first needed."""
        self.box("body").display = not empty
        found = self.query("EmptyState")
        if found:
            found.first().display = empty
        elif empty:
            from tui.app.panes.empty_state import EmptyState

            self.mount(EmptyState(self.glyphs), after=self.box("body"))

    @property
    def nothing_found(self) -> bool:
        """Whether there is nothing to list, and nothing is being looked for."""
        return not len(self.store)

    def _arrange_detail(self, plan: Layout) -> None:
        solo = self.solo
        log_shows = plan.log_below or self.tab in LOG_KEYS
        logs_alone = self.tab in LOG_KEYS and not plan.log_below
        self._show("mode-box", solo in (None, "mode-box"))
        level: ModeLevel = "full" if solo == "mode-box" else plan.mode_level
        self._show("mode-title", level != "line")
        self._show("name-tag", level == "line")
        self.box("mode-box").set_class(level == "line", "-line")
        self.box("mode-body").styles.height = MODE_HEIGHTS[level]
        if self.mode_panel is not None:
            self.query_one("ExportModePanel").level = level  # type: ignore[attr-defined]
        self._show("tab-box", solo in (None, "tab-box") or (solo == "log-box" and not plan.log_below))
        self._show("panes", not logs_alone)
        self.box("tab-box").styles.height = 1 if logs_alone else "1fr"
        self._show("log-box", (log_shows and solo in (None, "log-box")) or (logs_alone and solo == "tab-box"))
        self._show("log-title", plan.log_below)
        below = plan.log_below and solo is None
        self.box("log-box").styles.height = plan.log_height if below else "1fr"

    def _arrange_third(self, plan: Layout) -> None:
        wanted = self.furnished and plan.third and self.solo in (None, "third")
        if wanted and self.third is None:
            bar = TitleBar(self.glyphs, id="third-title")
            host = PaneHost(self.glyphs, "verdict", id="verdict-column")
            self.box("body").mount(Vertical(bar, host, id="third", classes="box"))
            host.activate("verdict")
            self._third = host
        if self.third is not None:
            self._show("third", wanted)
            self.box("third").styles.width = "1fr" if self.solo == "third" else plan.verdict_width

    def _show(self, key: str, shown: bool) -> None:
        self.box(key).display = shown

    def arranged(self) -> None:
        """Called after each arrangement: titles and panes follow."""

    def tab_kinds(self) -> list[PaneKind]:
        """The panes that are tabs at this size."""
        tabs = [kind for kind in TABS if not (self.plan.third and kind is VERDICT and self.solo is None)]
        return tabs if self.plan.log_below else [*tabs, *LOGS]
