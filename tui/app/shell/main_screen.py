"""The main screen: told what changed, it shows it; told what a person asks for, it passes it on to who does it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from textual import events, on
from textual.app import ComposeResult
from textual.constants import TEXTUAL_ANIMATIONS

from tui.app.desk.standing import BUSY
from tui.app.desk.store import NOTHING, Change
from tui.app.desk.taste import taste_of
from tui.app.desk.workbench import Workbench
from tui.app.frame.boxes import Boxes
from tui.app.frame.splitter import SplitterDragged
from tui.app.functions.messages import FunctionHighlighted, FunctionOpened, ListArranged
from tui.app.keys.actions import Action
from tui.app.keys.dispatch import Dispatch, Place
from tui.app.messages import (
    ActionRequested,
    FilterKept,
    FilterTyped,
    FullTextRequested,
    FunctionRequested,
    StateChosen,
    TabChosen,
    TabTurned,
)
from tui.app.panes.panes import PaneTools
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.row_list import RowHighlighted, RowsLaidOut
from tui.app.shell.clusters import Clusters
from tui.app.shell.commands import Commands
from tui.app.shell.dialogs import Dialogs
from tui.app.shell.navigation import Navigation
from tui.app.shell.program import Program
from tui.app.shell.run_dialogs import RunDialogs
from tui.app.shell.showing import Showing
from tui.app.terminal.interpreter import release_the_collector
from tui.app.terminal.textual_private import QuietScreen, bind_keys

TICK: Final = 0.5  # seconds between two drawings of elapsed times, while something builds
FRAME: Final = 1 / 30  # seconds for which changes are gathered: a flood of them is one drawing
FLOOD_FRAME: Final = 1 / 6  # the same while many builds come and go: a frame costs more than such a build
FLOOD: Final = 20  # builds, running and queued, that are many
FEW: Final = 50  # functions of which all is known soon after their names


class MainScreen(QuietScreen):
    """List to the left, one function to the right. It owns the boxes, what they show, and who does what is asked."""

    DEFAULT_CSS = """
    MainScreen { layout: vertical; background: $background; color: $foreground; }
    #body, #list-box, #detail, #tab-box, #third { height: 1fr; }
    #detail { width: 1fr; }
    #mode-box { height: auto; }
    MainScreen .box-body { border: round $border-blurred; border-top: none; }
    #list-body { height: 1fr; }
    #mode-body { height: auto; padding: 0 1; }
    #third { margin-left: 1; }
    MainScreen .box.-in-use TitleBar { color: $border; }
    MainScreen .box:focus-within .box-body { border: round $border; border-top: none; }
    MainScreen.-ascii .box-body { border: ascii $border-blurred; border-top: none; }
    MainScreen.-ascii .box:focus-within .box-body { border: ascii $border; border-top: none; }
    MainScreen .box.-open .box-body, MainScreen .box.-open:focus-within .box-body { border-bottom: none; }
    #mode-box.-line { layout: horizontal; }
    #mode-box.-line #mode-body, MainScreen.-ascii #mode-box.-line #mode-body { border: none; }
    """
    AUTO_FOCUS = "FunctionList"
    TITLE = "fn-tui"

    def __init__(self, program: Program, bench: Workbench, glyphs: Glyphs, table: tuple[Action, ...]) -> None:
        super().__init__(id="main", classes="-ascii" if glyphs.ascii else None)
        self.program = program
        self.bench = bench
        settings, known = bench.options.settings, bench.options.state.of(bench.options.workspace)
        self.boxes = Boxes(PaneTools(glyphs, bench.errors, lambda: bench.runs, settings.wrap), table, known.sizes)
        self.boxes.functions.listing.taste = taste_of(known.sort, known.flat, known.folded)
        self.showing = Showing(self.boxes, bench, program)
        self.navigation = Navigation(self.showing)
        self.dialogs = Dialogs(self.showing, table)
        self.commands = Commands(self.showing, self.dialogs)
        clusters = Clusters(self.dialogs, self.commands.build_these)
        asked = (self.navigation, self.dialogs, RunDialogs(self.dialogs), self.commands, clusters)
        done_here = {name: handler for each in asked for name, handler in each.handlers().items()}
        self.dispatch = Dispatch(table, self, {**done_here, "palette": self.show_palette})
        self._pending: Change = NOTHING
        self._flushing = False
        self._chosen = False  # the function that was looked at last was gone to
        bind_keys(self, sorted({key for action in table for key in action.keys}), "press")

    def compose(self) -> ComposeResult:
        """The boxes."""
        return self.boxes.compose()

    def on_mount(self) -> None:
        """Begin to show, then to work."""
        if not self.boxes.stand:
            return  # told to end before its first frame
        self._ticker = self.set_interval(TICK, self.draw_clock, pause=True)
        self.bench.store.listen(self.changed)
        self.bench.glance()
        self.showing.arrange()
        self.showing.header()
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        """The first frame is out: the rest of the furniture, then work."""
        if not self.boxes.stand:
            return
        self.boxes.furnish()
        self.showing.arrange()
        if self.program.notices.last is not None and self.boxes.footer.said is None:
            self.boxes.footer.say(self.program.notices.last)  # it was said before there was a last line
        release_the_collector()
        self.bench.start(Ears(self))
        self.call_after_refresh(self.program.has_begun)

    def on_resize(self, event: events.Resize) -> None:
        """Arrange for the new size; what the keys went to is still seen then, and still has them."""
        if not self.boxes.stand:
            return  # the app was told to end before its first frame
        where, plan = self.boxes.where, self.boxes.plan
        self.showing.arrange(event.size.width, event.size.height)
        if (plan.log_below, plan.third) != (self.boxes.plan.log_below, self.boxes.plan.third):
            self.navigation.stay_in(where)

    # -- what changed

    def changed(self, change: Change = NOTHING) -> None:
        """Keep a change for the next frame: of functions, or of what only the header tells. Of many builds each end is
        one of both.
        """
        self._pending = self._pending | change
        if self.program.curtain.holds:
            if not self.bench.store.counts["reading"]:
                self.call_later(self.program.curtain.lift)
        elif not self._flushing and self.is_running:
            self._flushing = True
            self.set_timer(FLOOD_FRAME if self.bench.store.counts.busy > FLOOD else FRAME, self._flush)

    def _flush(self) -> None:
        change, self._pending, self._flushing = self._pending, NOTHING, False
        if not self.boxes.stand:
            return
        functions = self.boxes.functions
        if change.membership:
            functions.refill()
            self._choose_first()
        else:
            functions.follow(change.paths)
        if functions.path in change.paths or change.membership:
            self.showing.show_record()
        self.showing.settle()
        (self._ticker.resume if self.bench.store.counts.busy else self._ticker.pause)()
        self.showing.header()
        self.showing.titles()

    def _choose_first(self) -> None:
        """The function that was just made; at the start, the one that was looked at last, where it is still there."""
        functions, options = self.boxes.functions, self.bench.options
        if self.bench.expected is not None and functions.go_to(self.bench.expected):
            self.bench.expected = None
        last = options.state.of(options.workspace).last
        if not self._chosen and last is not None:
            self._chosen = functions.go_to(last)

    def show_names(self) -> None:
        """A search ended: the names are in the next frame, and what they hold is read after it."""
        self._flush()  # goes to where one was: all names may have come since the last frame
        self._chosen = True
        self.showing.arrange()
        if len(self.bench.store) > FEW or not self.bench.store.counts["reading"]:
            self.program.curtain.lift()
        else:
            self.program.curtain.hold(self._flush)
        self.bench.reader.prefer(self.boxes.functions.in_sight)
        self.call_after_refresh(self.bench.go_on)

    def draw_clock(self) -> None:
        """Draw what the clock changes: it runs only while something builds."""
        functions, state = self.boxes.functions, self.bench.store.state
        busy = frozenset(path for path in functions.in_sight if state(path) in BUSY)
        functions.tick += TEXTUAL_ANIMATIONS != "none"  # a person's own wish; seconds count on
        functions.redraw(busy)
        self.showing.header()
        if functions.path in busy:
            self.showing.titles()

    # -- what is asked for

    async def action_press(self, key: str) -> None:
        """A key of the table was pressed. The next one, in the same write, is for what this one has made."""
        self.dispatch.press(key)
        for host in self.boxes.hosts():
            await host.made()
        self.navigation.leads.hurry()

    def show_palette(self) -> None:
        """Every action and every function, by name."""
        self.dialogs.show_palette(self.dispatch.do)

    @property
    def where(self) -> str:
        """The place that has the keys."""
        return self.boxes.where

    def inside_out(self) -> Iterator[Place]:
        """Who is asked to do an action, from where one is outwards."""
        yield self.boxes.pane_in_use or self.boxes.functions
        yield self.boxes.functions
        boxes = self.boxes
        for host in (boxes.panes, boxes.logs):
            if host.pane is not None or (boxes.furnished and boxes.plan.log_below):
                yield host.pane or host.activate(host.active)  # a log is made when it has something to say

    @on(ActionRequested)
    def do_requested(self, message: ActionRequested) -> None:
        """Run an action, as if its key had been pressed."""
        message.stop()
        self.dispatch.do_outside(message.action)

    @on(FullTextRequested)
    def show_text(self, message: FullTextRequested) -> None:
        """Show a text whole."""
        message.stop()
        self.dialogs.show_text(message.title, message.text)

    @on(FunctionHighlighted)
    @on(FunctionRequested)
    def look_at(self, message: FunctionHighlighted | FunctionRequested) -> None:
        """The cursor is on another function, or is to be: everything beside the list follows."""
        message.stop()
        if isinstance(message, FunctionRequested):
            self.boxes.functions.go_to(message.path)
        else:
            self.showing.look_at(message.path)

    @on(FunctionOpened)
    def open_function(self, message: FunctionOpened) -> None:
        """Enter on a function: into its pane."""
        message.stop()
        self.navigation.open_function()

    @on(TabChosen)
    def choose_tab(self, message: TabChosen) -> None:
        """A tab was clicked."""
        message.stop()
        self.navigation.choose_tab(message.key)

    @on(TabTurned)
    def turn(self, message: TabTurned) -> None:
        """The tab beside the one that has the keys."""
        message.stop()
        self.navigation.turn(message.step)

    @on(FilterTyped)
    @on(FilterKept)
    @on(StateChosen)
    def narrow(self, message: FilterTyped | FilterKept | StateChosen) -> None:
        """The list's filter is typed, or was; or a state was chosen in the header."""
        message.stop()
        if isinstance(message, StateChosen):
            self.navigation.show_state(message.state)
        elif isinstance(message, FilterTyped):
            self.navigation.narrow(message.needle)
        else:
            self.navigation.keep_filter(message.needle)

    @on(SplitterDragged)
    def drag(self, message: SplitterDragged) -> None:
        """A splitter was dragged: right makes the list wider, down makes the log lower."""
        message.stop()
        self.navigation.drag(message.splitter, message.by if message.splitter == "list" else -message.by)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """The keys go elsewhere now."""
        self.navigation.focus_came_to(event.widget)

    def on_log_pane_title_changed(self) -> None:
        """The log follows, holds, or has more lines."""
        self.showing.settle()
        self.showing.titles()
        self.showing.footer()

    @on(RowHighlighted)
    @on(RowsLaidOut)
    @on(ListArranged)
    def follow_pane(self) -> None:
        """The cursor of a pane is elsewhere, it has more to show or less; the list is folded or marked otherwise."""
        self.showing.settle()
        self.showing.titles()


class Ears:
    """The main screen, as the workbench knows it."""

    def __init__(self, screen: MainScreen) -> None:
        self.screen = screen
        self.say = screen.program.say
        self.fail = screen.program.fail
        self.facts_changed = screen.changed
        self.names_found = screen.show_names

    def build_ended(self) -> None:
        """The bell, where a person wants it."""
        if self.screen.bench.options.settings.bell:
            self.screen.app.bell()
