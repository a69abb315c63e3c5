"""The main screen: what the store knows, shown; what a person asks for, passed on."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual import on
from textual.widget import Widget

from tui.app.desk.record import FunctionRecord
from tui.app.desk.store import NOTHING, Change
from tui.app.functions.name_tag import NameTag
from tui.app.functions.standing import BUSY, window_title
from tui.app.log.words import log_words
from tui.app.panes.panes import LOGS, tabs_of
from tui.app.rows.glyphs import STATES
from tui.app.shell.commands import Commands
from tui.app.shell.footer import Footer, FooterFacts
from tui.app.shell.header import Header, HeaderFacts
from tui.app.shell.messages import ActionRequested, FunctionRequested
from tui.app.shell.roles import Line, Part
from tui.app.shell.stage import VERDICT
from tui.app.shell.title_bar import Tab, TitleBar
from tui.text import printable

if TYPE_CHECKING:
    from tui.app.panes.errors import ErrorsPane

TICK = 0.5  # seconds between two drawings of elapsed times, while something builds


class MainScreen(Commands):
    """List to the left, one function to the right. Told of changes at most once a frame."""

    _pending: Change = NOTHING
    _flushing = False
    _shown: FunctionRecord | None = None

    def on_mount(self) -> None:
        """Begin to show, then to work."""
        self._ticker = self.set_interval(TICK, self._tick, pause=True)
        self.store.listen(self._changed)
        self.bench.changed = self.tell_header
        self.bench.found = self._found
        if self.bench.options.settings.bell:
            self.bench.ended = lambda _: self.app.bell()
        self.bench.glance()
        self.place_boxes()
        self.tell_header()
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        """The first frame is out: the rest of the furniture, then work."""
        self.furnish()
        self.bench.start()

    def pane_made(self, pane: Widget) -> None:
        """The log wraps from the start where the settings say so; the errors are those of all functions."""
        from tui.app.log.pane import LogPane

        if isinstance(pane, LogPane):
            pane.view.wrap = self.bench.options.settings.wrap
        else:
            read = (path for path in self.store.paths if self.store.state(path) != "loading")
            cast("ErrorsPane", pane).take(self.store[path] for path in read)

    # -- what changed

    def _changed(self, change: Change) -> None:
        """Keep a change for the next frame: a flood of them is one drawing."""
        self._pending = self._pending | change
        if not self._flushing and self.is_running:
            self._flushing = True
            self.set_timer(1 / 30, self._flush)

    @property
    def stands(self) -> bool:
        """Whether the screen is there whole: while the app ends, builds are cancelled after the widgets are gone."""
        return self.is_attached and bool(self.query(Header))

    def _flush(self) -> None:
        change, self._pending, self._flushing = self._pending, NOTHING, False
        if not self.stands:
            return
        functions = self.functions
        if change.membership:
            functions.refill()
            self._choose_first()
            if self.box("body").display == self.nothing_found or self.plan != self.plan_now():
                self.place_boxes()
        else:
            functions.redraw(change.paths)
        if functions.cursor in change.paths or change.membership:
            self._show_record()
        self._show_errors(change)
        self._tick_while_busy()
        self.tell_header()
        self.titles()

    def remember_sizes(self) -> None:
        """Keep the sizes for the next time."""
        self.fn_tui.remember_sizes(self.sizes)

    def _choose_first(self) -> None:
        """At the start: the function that was looked at last, where it is still there."""
        if self.bench.expected is not None and self.functions.go_to(self.bench.expected):
            self.bench.expected = None
        last = self.bench.options.state.last_function(self.bench.options.workspace)
        if not self._chosen and last is not None and last in self.store:
            self._chosen = True
            self.functions.go_to(last)

    _chosen = False

    def _found(self) -> None:
        self._chosen = True
        self._flush()  # now, so that the names are in the next frame: what they hold is read after it
        self.place_boxes()
        self.bench.reader.prefer(self.functions.in_sight)

    @property
    def nothing_found(self) -> bool:
        """Whether a search has ended and found nothing."""
        return not len(self.store) and not self.bench.reader.searching

    # -- time

    def _tick_while_busy(self) -> None:
        """The clock runs only while something builds."""
        busy = self.store.counts.busy > 0
        (self._ticker.resume if busy else self._ticker.pause)()

    def _tick(self) -> None:
        busy = frozenset(path for path in self.functions.in_sight if self.store.state(path) in BUSY)
        self.functions.tick += 1
        self.functions.redraw(busy)
        if self.functions.cursor in busy:
            self.titles()

    # -- what is shown

    @property
    def record(self) -> FunctionRecord | None:
        """The function that is looked at."""
        return self.store.get(self.functions.cursor)

    def look_at(self, path: str | None) -> None:
        """Show another function."""
        self.bench.looked_at = path
        if path is not None:
            self.bench.reader.prefer([path, *self.functions.in_sight])
        self._show_record()
        self.titles()

    def _show_record(self) -> None:
        record = self.record
        self.bench.validator.look(record)
        if self.mode_panel is not None:
            self.mode_panel.show(record)
        for host in (self.panes, self.logs, self.third):
            if host is not None:
                host.show(record)
        self.tell_absence()

    def tell_absence(self) -> None:
        """Where nothing shows because of the filter, say so, and how to leave it."""
        needle = self.glyphs.text(printable(self.functions.needle, 60))
        words = f'nothing matches "{needle}": esc clears it' if needle and not self.functions.rows else ""
        hosts = (self.panes, self.third)
        for pane in (self.mode_panel, *(host.pane for host in hosts if host is not None)):
            say_absent = getattr(pane, "say_absent", None)
            if say_absent is not None:
                say_absent(words)

    def _show_errors(self, change: Change) -> None:
        """The errors' pane lists those of all functions, not of one."""
        pane = self.logs.get("errors")
        if pane is None:
            return
        there = [record for path in change.paths if (record := self.store.get(path)) is not None]
        cast("ErrorsPane", pane).take(there, change.paths - {record.path for record in there})

    def arranged(self) -> None:
        """Panes that came into sight are told, titles drawn."""
        if not self.is_mounted:
            return
        self._show_record()
        self.titles()
        empty = self.query("EmptyState")
        if self.nothing_found and empty:
            from tui.app.panes.empty_state import EmptyState

            options, reader = self.bench.options, self.bench.reader
            self.query_one(EmptyState).show(options.shown_workspace, reader.problems, reader.searching)

    def focus_moved(self) -> None:
        """The footer follows."""
        record = self.record
        comparable = record is not None and record.previous is not None
        facts = FooterFacts(len(self.store.marked), self.store.counts.busy > 0, comparable)
        self.query_one(Footer).show(self.where, facts)

    def titles(self) -> None:
        """The edges of the boxes."""
        record, glyphs = self.record, self.glyphs
        shown, total = len(self.functions.rows), len(self.store)
        narrowed = f"{shown:,} of {total:,}" if self.functions.needle else ""
        marked = len(self.store.marked)
        count = narrowed or (f"{marked} marked" if marked else "")
        self.query_one("#list-title", TitleBar).show(status=(Part(count, "accent"),) if count else ())
        name = "no function" if record is None else glyphs.text(printable(record.path, 80))
        self.query_one("#mode-title", TitleBar).show(
            tabs=(Tab("mode", name, name),), active="mode", status=self._state_line(record)
        )
        tag = self.query_one(NameTag)
        if record is None:
            tag.show(None)
        else:
            tag.show(record.path, self.store.state(record.path))
        active = self.tab if self.tab in {kind.key for kind in self.tab_kinds()} else "overview"
        if active != self.tab:
            self.tab = active
            self.panes.activate(active)
        beside = self._log_line(record, short=True) if active == "log" else ()
        self.query_one("#tabs", TitleBar).show(tabs_of(self.tab_kinds(), record, glyphs), active, beside)
        below = self._log_line(record) if self.log_tab == "log" else ()
        self.query_one("#log-title", TitleBar).show(tabs_of(LOGS, record, glyphs), self.log_tab, below)
        self.focus_moved()
        third = self.query("#third-title")
        if third:
            cast("TitleBar", third.first()).show(tabs_of((VERDICT,), record, glyphs), "verdict")

    def _state_line(self, record: FunctionRecord | None) -> Line:
        if record is None:
            return ()
        state = self.store.state(record.path)
        sign = STATES[state]
        return (Part(f"{self.glyphs.sign(sign)} {sign.word}", f"{sign.role} strong"),)

    def _log_line(self, record: FunctionRecord | None, *, short: bool = False) -> Line:
        """`built 14:02 in 3.1 s, exit 0 · FOLLOW`; `exit 0 · FOLLOW` where room is short."""
        words = () if record is None else log_words(record, self.glyphs, short=short)
        pane = self.logs.get("log")
        standing: str = getattr(pane, "standing", "")
        return (*words, Part(self.glyphs.text(f" · {standing}"), "muted")) if standing else words

    def tell_header(self) -> None:
        """The first line, and the terminal's title."""
        if not self.stands:
            return
        bench, counts = self.bench, self.store.counts
        words, role = bench.compiler_words()
        self.query_one(Header).show(
            HeaderFacts(
                workspace=bench.options.shown_workspace,
                counts=counts,
                searching=bench.reader.searching,
                compiler=words,
                compiler_role=role,
                watching=bench.watching,
                suspended=bench.suspended,
            )
        )
        self.fn_tui.tell_terminal(window_title(counts, bench.options.workspace.name))

    def on_log_pane_title_changed(self) -> None:
        """The log follows, holds, or has more lines."""
        self.titles()

    # -- asked for by panes

    @on(ActionRequested)
    async def do_requested(self, message: ActionRequested) -> None:
        """Run an action, as if its key had been pressed."""
        message.stop()
        await self.action_do(message.action, inside_out=False)

    @on(FunctionRequested)
    def bring(self, message: FunctionRequested) -> None:
        """Bring another function before the eyes."""
        message.stop()
        self.functions.go_to(message.path)
