"""Where the eye goes: tabs, panes, focus, filter, sizes, maximising. Each action of the table that moves is here."""

from __future__ import annotations

from typing import Final

from textual import events, on
from textual.widget import Widget

from tui.app.functions.function_list import FunctionHighlighted, FunctionOpened
from tui.app.panes.panes import KINDS, PaneHost
from tui.app.shell.layout import LIST_WIDTH, resized, size_key
from tui.app.shell.messages import FilterKept, FilterTyped, TabChosen
from tui.app.shell.splitter import SplitterDragged
from tui.app.shell.stage import LOG_KEYS, Stage

# Boxes that can stand alone, innermost first, and the place that the footer speaks of.
BOXES: Final = ("list-box", "mode-box", "log-box", "third", "tab-box")
STEP: Final = {"list": 4, "log": 2}  # cells or rows by which a key resizes
# The actions that move a cursor, and what Textual's own widgets call them.
MOVES: Final[dict[str, tuple[str, ...]]] = {
    "cursor-down": ("action_cursor_down", "action_scroll_down"),
    "cursor-up": ("action_cursor_up", "action_scroll_up"),
    "cursor-top": ("action_first", "action_scroll_home"),
    "cursor-bottom": ("action_last", "action_scroll_end"),
    "half-page-down": ("action_half_page_down", "action_page_down"),
    "half-page-up": ("action_half_page_up", "action_page_up"),
    "open": ("action_open", "action_select"),
}


class Navigation(Stage):
    """The main screen, as far as looking around goes."""

    # -- which pane

    def focus_pane(self, key: str) -> None:
        """Bring a pane into sight, and the keys into it."""
        self.in_detail = True
        third = self.third
        if key == "verdict" and self.plan.third and third is not None and self.solo in (None, "third"):
            self._focus_in(third)
            return
        if self.solo is not None:
            self.solo = "log-box" if key in LOG_KEYS and self.plan.log_below else "tab-box"
        if key in LOG_KEYS:
            self.log_tab = key
            self.tab = key if not self.plan.log_below else self.tab
            host = self.logs
        else:
            self.tab = key
            host = self.panes
        host.activate(key)
        self.place_boxes()
        self._focus_in(host)

    def _focus_in(self, host: PaneHost) -> None:
        """Focus the pane that the host shows, or what in it can be focused, once it is on screen."""

        def focus() -> None:
            pane = host.pane
            target = first_focusable(pane) if pane is not None else None
            if target is not None:
                target.focus()

        self.call_after_refresh(focus)

    def action_pane_list(self) -> None:
        """To the list."""
        self.in_detail = False
        if self.solo is not None:
            self.solo = "list-box"
        self.place_boxes()
        self.functions.focus()

    def action_pane_overview(self) -> None:
        """To the overview."""
        self.focus_pane("overview")

    def action_pane_config(self) -> None:
        """To the config."""
        self.focus_pane("config")

    def action_pane_verdict(self) -> None:
        """To the verdict."""
        self.focus_pane("verdict")

    def action_pane_sections(self) -> None:
        """To the sections."""
        self.focus_pane("sections")

    def action_pane_externs(self) -> None:
        """To imports and exports."""
        self.focus_pane("externs")

    def action_pane_size(self) -> None:
        """To the sizes."""
        self.focus_pane("size")

    def action_pane_log(self) -> None:
        """To the log."""
        self.focus_pane("log")

    def action_pane_errors(self) -> None:
        """To the errors."""
        self.focus_pane("errors")

    def action_next_pane(self) -> None:
        """To the next pane."""
        self.focus_next()

    def action_previous_pane(self) -> None:
        """To the previous pane."""
        self.focus_previous()

    @on(TabChosen)
    def choose_tab(self, message: TabChosen) -> None:
        """A tab was clicked."""
        message.stop()
        if message.key in KINDS:
            self.focus_pane(message.key)
        else:
            self.action_pane_list()

    # -- in and out

    @on(FunctionOpened)
    def open_function(self) -> None:
        """Enter on a function: into what most wants to be seen."""
        self.focus_pane(self.tab)

    def action_back(self) -> None:
        """Out of what one is in: the filter, the maximised pane, the detail; in the list, the marks."""
        if self.filter_input is not None and (self.filter_input.has_focus or self.functions.has_focus):
            self.close_filter()
        elif self.solo is not None:
            self.action_maximise()
        elif self.functions.has_focus:
            self.functions.unmark(self.store.marked)
        else:
            self.action_pane_list()

    # -- filter

    @property
    def filter_input(self) -> Widget | None:
        """The line in which the filter is typed, while there is one."""
        found = self.query("FilterInput")
        return found.first() if found else None

    def action_filter(self) -> None:
        """Filter the list."""
        if self.plan.single:
            self.in_detail = False
            self.place_boxes()
        if self.filter_input is None:
            from tui.app.functions.filter_input import FilterInput

            field = FilterInput(self.functions.needle)
            self.box("list-body").mount(field, before=0)
            field.focus()
        else:
            self.filter_input.focus()

    def close_filter(self) -> None:
        """Show all functions again."""
        self.query("FilterInput").remove()
        self.functions.filter("")
        self.functions.focus()
        self.titles()

    @on(FilterTyped)
    def narrow(self, message: FilterTyped) -> None:
        """Narrow the list while one types."""
        message.stop()
        self.functions.filter(message.needle)
        self.tell_absence()
        self.titles()

    @on(FilterKept)
    def keep_filter(self, message: FilterKept) -> None:
        """Back into the list, which stays narrowed."""
        message.stop()
        if not message.needle.strip():
            self.close_filter()
        self.functions.settle()
        self.functions.focus()

    # -- sizes

    def action_narrower(self) -> None:
        """Less room for the list, or for the log where one is in it."""
        self._resize_by(-1)

    def action_wider(self) -> None:
        """More room for the list, or for the log where one is in it."""
        self._resize_by(1)

    def _resize_by(self, direction: int) -> None:
        pane = "log" if self.where in LOG_KEYS and self.plan.log_below else "list"
        self._set_size(pane, self._size_of(pane) + direction * STEP[pane])

    def _size_of(self, pane: str) -> int:
        return self.plan.list_width if pane == "list" else self.plan.log_height

    def _set_size(self, pane: str, size: int) -> None:
        if pane == "list" and self.plan.single:
            return
        width = self.size.width
        self.sizes = resized(self.sizes, pane, size, width)
        self.place_boxes()
        self.sizes[size_key(pane, width)] = max(self._size_of(pane), LIST_WIDTH[0] if pane == "list" else 0)
        self.remember_sizes()

    def remember_sizes(self) -> None:
        """Called after a person changed a size."""

    @on(SplitterDragged)
    def drag(self, message: SplitterDragged) -> None:
        """A splitter was dragged: right makes the list wider, down makes the log lower."""
        message.stop()
        by = message.by if message.splitter == "list" else -message.by
        self._set_size(message.splitter, self._size_of(message.splitter) + by)

    def action_maximise(self) -> None:
        """The box that one is in alone, and back."""
        if self.solo is not None:
            self.solo = None
        else:
            self.solo = self.box_of(self.focused) or "list-box"
        self.place_boxes()

    # -- where one is

    def box_of(self, widget: Widget | None) -> str | None:
        """The box that a widget is in."""
        if widget is None:
            return None
        ids = {node.id for node in widget.ancestors_with_self}
        return next((box for box in BOXES if box in ids), None)

    @property
    def where(self) -> str:
        """The place that the keys go to: "list", or a pane's key."""
        box = self.box_of(self.focused)
        if box == "list-box" or box is None:
            return "list"
        if box == "third":
            return "verdict"
        if box == "log-box":
            return self.log_tab
        return self.tab if box == "tab-box" else "mode"

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """The footer speaks of where one is; where list and detail take turns, the one in use shows."""
        inside = self.box_of(event.widget) not in (None, "list-box")
        if self.plan.single and inside != self.in_detail:
            self.in_detail = inside
            self.place_boxes()
        self.focus_moved()

    def focus_moved(self) -> None:
        """Called when the focus went elsewhere."""

    @on(FunctionHighlighted)
    def highlight(self, message: FunctionHighlighted) -> None:
        """The cursor is on another function: everything beside the list follows."""
        message.stop()
        self.look_at(message.path)

    def look_at(self, path: str | None) -> None:
        """Called when another function is to be shown."""

    def tell_absence(self) -> None:
        """Called when it may be for another reason that no function shows."""

    def titles(self) -> None:
        """Called when what the titles say may have changed."""


def first_focusable(widget: Widget) -> Widget | None:
    """The widget, or the first one in it, that takes the focus."""
    if widget.focusable:
        return widget
    return next((child for child in widget.query("*") if isinstance(child, Widget) and child.focusable), None)
