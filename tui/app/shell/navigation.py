"""Where the eye goes: tabs, panes, focus, filter, sizes, maximising. Each action of the table that moves it is here."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from textual.widget import Widget

from tui.app.frame.boxes import LOG_KEYS, Boxes
from tui.app.frame.layout import LIST_WIDTH, resized, size_key
from tui.app.keys.handlers import Handlers
from tui.app.panes.host import PaneHost
from tui.app.panes.panes import KINDS, LOGS
from tui.app.shell.leads import Leads
from tui.app.shell.showing import Showing

if TYPE_CHECKING:
    from tui.app.desk.error_book import ErrorPlace
    from tui.app.functions.filter_input import FilterInput

STEP: Final = {"list": 4, "log": 2}  # cells or rows by which a key resizes


class Navigation:
    """Looking around. It changes the view, and lets the boxes follow."""

    def __init__(self, showing: Showing) -> None:
        self.showing = showing
        self.boxes: Boxes = showing.boxes
        self.view = self.boxes.view
        self.functions = self.boxes.functions
        self.store = showing.store
        self.leads = Leads(self.boxes)
        self.filter_input: FilterInput | None = None  # the line in which the filter is typed, while there is one

    def handlers(self) -> Handlers:
        """What the action table reaches here."""
        panes: Handlers = {f"pane-{key}": partial(self.focus_pane, key) for key in KINDS}
        return {
            **panes,
            "pane-list": self.focus_list,
            "run": self.go_to_input,
            "tab-before": partial(self.turn, -1),
            "tab-after": partial(self.turn, 1),
            "next-pane": partial(self.focus_beside, 1),
            "previous-pane": partial(self.focus_beside, -1),
            "back": self.back,
            "filter": self.ask_filter,
            "narrower": partial(self._resize_by, -1),
            "wider": partial(self._resize_by, 1),
            "maximise": self.maximise,
            "next-error": partial(self._step_error, 1),
            "previous-error": partial(self._step_error, -1),
        }

    # -- which pane

    def focus_pane(self, key: str) -> None:
        """Bring a pane into sight, and the keys into it."""
        view, plan = self.view, self.boxes.plan
        view.in_detail = True
        if key == "verdict" and plan.third and self.boxes.third is not None and view.solo in (None, "third"):
            self._focus_in(self.boxes.third)
            return
        if view.solo is not None:
            view.solo = "log-box" if key in LOG_KEYS and plan.log_below else "tab-box"
        if key in LOG_KEYS:
            view.log_tab, view.log_chosen = key, True
            view.tab = key if not plan.log_below else view.tab
            host = self.boxes.logs
        else:
            view.tab = key
            host = self.boxes.panes
        host.activate(key)
        self.showing.arrange()
        self._focus_in(host)

    def stay_in(self, where: str) -> None:
        """Bring the pane that one was in to where it stands now: from a box of its own into the tabs, or back."""
        if where not in KINDS:
            return
        held = self.boxes.screen.focused
        self.focus_pane(where)
        if held is not None and self.boxes.box_of(held) == self.boxes.in_use:
            self.leads.to(held)

    def _focus_in(self, host: PaneHost) -> None:
        """Focus the pane that the host shows, or what in it can be focused, once it is on screen."""

        def focus() -> None:
            target = first_focusable(host.pane) if host.pane is not None else None
            if target is None or target.has_focus:
                self.boxes.heading_for = None
            else:
                self.boxes.screen.set_focus(target)

        self.boxes.heading_for = self.boxes.box_of(host)  # the next key is for it, though it comes before the frame
        self.leads.after_frame(host, focus)

    def go_to_input(self) -> None:
        """To the input of a run of the function that is looked at."""
        from tui.app.notices import Notice
        from tui.app.panes.run.pane import RunPane

        if self.showing.record is None:
            key = self.showing.glyphs.key("open")
            self.showing.program.say(Notice(f"on a folder there is nothing to run: {key} unfolds it"))
            return
        self.focus_pane("run")
        pane = self.boxes.logs.get("run")
        if isinstance(pane, RunPane):
            self.leads.after_frame(self.boxes.logs, pane.edit_input)

    def focus_list(self) -> None:
        """To the list."""
        self.view.in_detail = False
        if self.view.solo is not None:
            self.view.solo = "list-box"
        self.boxes.heading_for = None if self.functions.has_focus else "list-box"
        self.showing.arrange()
        self.leads.to(self.functions)

    def focus_beside(self, step: int) -> None:
        """To the pane after this one, or before it."""
        (self.boxes.screen.focus_next if step > 0 else self.boxes.screen.focus_previous)()

    def turn(self, step: int) -> None:
        """The tab before or after the one that shows, in the box that one is in; from the list, of the detail."""
        boxes = self.boxes
        if boxes.in_use == "third":
            return
        below = boxes.in_use == "log-box" and boxes.plan.log_below
        kinds, here = (LOGS, self.view.log_tab) if below else (boxes.tab_kinds(), boxes.tab)
        keys = [kind.key for kind in kinds]
        key = keys[(keys.index(here) + step) % len(keys)]
        if boxes.in_use in (None, "list-box"):
            self.show_tab(key)
        else:
            self.focus_pane(key)

    def show_tab(self, key: str) -> None:
        """Show a pane of the detail, the keys staying where they are."""
        if self.boxes.plan.single:
            self.focus_pane(key)
            return
        self.view.tab = key
        (self.boxes.logs if key in LOG_KEYS else self.boxes.panes).activate(key)
        self.showing.arrange()

    def choose_tab(self, key: str) -> None:
        """A tab was clicked."""
        if key in KINDS:
            self.focus_pane(key)
        else:
            self.focus_list()

    def focus_came_to(self, widget: Widget) -> None:
        """Where list and detail take turns, the one in use shows; the footer speaks of where one is."""
        self.boxes.heading_for = None
        self.boxes.mark_in_use()
        inside = self.boxes.box_of(widget) not in (None, "list-box")
        if self.boxes.plan.single and inside != self.view.in_detail:
            self.view.in_detail = inside
            self.showing.arrange()
        else:
            self.showing.settle()
        self.showing.footer()

    # -- which function

    def open_function(self) -> None:
        """Enter on a function: into what most wants to be seen."""
        self.focus_pane(self.boxes.tab)

    def _step_error(self, step: int) -> None:
        """To the next error from here on, or the one before, across functions and round the end."""
        from tui.app.notices import Notice
        from tui.app.panes.errors.pane import ErrorsPane

        here = self._error_here()
        book = self.showing.bench.errors
        places = book.places(self.functions.path if here is None else None)
        if not places:
            more = self.showing.bench.reader.searching or self.store.counts["reading"]
            words = "no errors so far: functions are still being read" if more else "no errors in any function"
            self.showing.program.say(Notice(words))
            return
        further = (places.index(here) + step) % len(places) if here in places else (0 if step > 0 else -1)
        target = places[further]
        self.functions.go_to(target.path)
        self.focus_pane("errors")
        pane = self.boxes.logs.get("errors")
        if isinstance(pane, ErrorsPane):
            pane.go_to_place(target)

    def _error_here(self) -> ErrorPlace | None:
        """The error that the cursor is on, where the keys are among the errors."""
        from tui.app.panes.errors.pane import ErrorsPane

        pane = self.boxes.pane_in_use
        return pane.place if isinstance(pane, ErrorsPane) else None

    def back(self) -> None:
        """Out of what one is in: the filter, the maximised pane, the detail; in the list, the marks."""
        in_list = self.boxes.in_use in (None, "list-box")
        if self.filter_input is not None and in_list:
            self.close_filter()
        elif self.view.solo is not None:
            self.maximise()
        elif in_list:
            self.functions.marks.clear(self.store.marked)
        else:
            self.focus_list()

    # -- filter

    def ask_filter(self) -> None:
        """Filter the list."""
        if self.boxes.plan.single:
            self.view.in_detail = False
            self.showing.arrange()
        if self.filter_input is None:
            from tui.app.functions.filter_input import FilterInput

            self.filter_input = FilterInput(self.functions.needle, self.functions.glyphs)
            self.boxes.list_body.mount(self.filter_input, before=0)
        self.boxes.heading_for = "list-box"
        self.leads.to(self.filter_input)

    def close_filter(self) -> None:
        """Show all functions again."""
        if self.filter_input is not None:
            self.filter_input.remove()
            self.filter_input = None
        self.functions.filter("")
        self.leads.to(self.functions)
        self.showing.titles()

    def show_state(self, state: str) -> None:
        """The functions of one state alone, as if it had been typed; the same again, or none: all."""
        if not state or self.functions.needle == state:
            self.close_filter()
            return
        self.ask_filter()
        if self.filter_input is not None:
            self.filter_input.value = state
        self.functions.focus()

    def narrow(self, needle: str) -> None:
        """Narrow the list while one types."""
        self.functions.filter(needle)
        self.showing.tell_absence()
        self.showing.titles()

    def keep_filter(self, needle: str) -> None:
        """Back into the list, which stays narrowed."""
        if not needle.strip():
            self.close_filter()
        self.functions.listing.settle()
        self.functions.focus()

    # -- sizes

    def _resize_by(self, direction: int) -> None:
        """More or less room for the list, or for the log where one is in it."""
        pane = "log" if self.boxes.where in LOG_KEYS and self.boxes.plan.log_below else "list"
        self.drag(pane, direction * STEP[pane])

    def drag(self, pane: str, by: int) -> None:
        """Make the list ("list") wider or the log ("log") higher by so many cells."""
        if pane == "list" and self.boxes.plan.single:
            return
        width = self.boxes.screen.size.width
        self.boxes.sizes = resized(self.boxes.sizes, pane, self._size_of(pane) + by, width)
        self.showing.arrange()
        self.boxes.sizes[size_key(pane, width)] = max(self._size_of(pane), LIST_WIDTH[0] if pane == "list" else 0)
        self.showing.program.memory.keep_sizes(self.showing.bench.options.workspace, self.boxes.sizes)

    def _size_of(self, pane: str) -> int:
        return self.boxes.plan.list_width if pane == "list" else self.boxes.plan.log_height

    def maximise(self) -> None:
        """The box that one is in alone, and back."""
        self.view.solo = None if self.view.solo is not None else self.boxes.in_use or "list-box"
        self.showing.arrange()


def first_focusable(widget: Widget) -> Widget | None:
    """The widget, or the first one in it, that takes the focus."""
    if widget.focusable:
        return widget
    children = (child for child in widget.query("*") if isinstance(child, Widget) and child.focusable)
    return next((child for child in children if _shows(child, widget)), None)


def _shows(widget: Widget, within: Widget) -> bool:
    """Whether a widget is displayed, and all that it is in, up to another one."""
    inside = (node for node in widget.ancestors_with_self if within in node.ancestors)
    return all(node.display for node in inside if isinstance(node, Widget))
