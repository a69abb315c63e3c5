"""What the boxes say: the function that is looked at in its panes, and what stands in the edges around them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui.app.colours.roles import Line, Part
from tui.app.desk.compilers import compiler_words
from tui.app.desk.record import FunctionRecord
from tui.app.desk.standing import window_title
from tui.app.desk.workbench import Workbench
from tui.app.frame.boxes import LOG_KEYS, VERDICT, Boxes
from tui.app.frame.footer import FooterFacts
from tui.app.frame.header import HeaderFacts
from tui.app.functions.list_rows import unconfirmed
from tui.app.functions.title import absence_words, folder_words, list_words, row_name, states_words
from tui.app.keys.handlers import TYPING
from tui.app.log.words import log_words
from tui.app.panes.panes import LOGS, tabs_of
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.tabs import Tab
from tui.app.shell.program import Program
from tui.lines.states import STATES

if TYPE_CHECKING:
    from tui.building.events import BuildResult
    from tui.workspace.function import ConfigError


# Checks that tell what the export mode, the errors and the overview tell in any case.
ELSEWHERE: Final = frozenset({"build-failed", "module-absent"})


class Showing:
    """Brings what the workbench knows into the boxes."""

    def __init__(self, boxes: Boxes, bench: Workbench, program: Program) -> None:
        self.boxes = boxes
        self.bench = bench
        self.store = bench.store
        self.program = program
        self.glyphs: Glyphs = boxes.tools.glyphs
        # What was last looked at for the log's box: the function, whether it builds, what is wrong with it.
        self._news: tuple[str, bool, BuildResult | None, ConfigError | None] | None = None

    @property
    def record(self) -> FunctionRecord | None:
        """The function that is looked at."""
        return self.store.get(self.boxes.functions.path)

    @property
    def nothing_found(self) -> bool:
        """Whether a search has ended and found nothing."""
        return not len(self.store) and not self.bench.reader.searching

    # -- boxes

    def arrange(self, width: int | None = None, height: int | None = None) -> None:
        """Put every box in its place, at the size given or that of the screen, and let what is in them follow."""
        if not self.boxes.stand:
            return  # the app was told to end before its first frame
        size = self.boxes.screen.size
        width, height = width or size.width, height or size.height
        self._take_wants()
        self.boxes.place(width, height, nothing=self.nothing_found)
        self.show_record()
        self._take_wants()  # what they show is known only now
        if self.boxes.plan != self.boxes.plan_for(width, height):
            self.boxes.place(width, height, nothing=self.nothing_found)
        self.titles()
        if self.nothing_found and self.boxes.empty is not None:
            options, reader = self.bench.options, self.bench.reader
            self.boxes.empty.show(options.shown_workspace, reader.problems, reader.searching)

    @property
    def is_arranged(self) -> bool:
        """Whether the boxes stand as they would be put now."""
        size = self.boxes.screen.size
        listed = self.boxes.body.display != self.nothing_found
        return listed and self.boxes.plan == self.boxes.plan_for(size.width, size.height)

    def _take_wants(self) -> None:
        """Ask the panes how much they have to show; while a function is being read, all stays as it is."""
        record = self.record
        if record is None or record.reading is None or not self.boxes.furnished:
            self.boxes.wants = self.boxes.wants._replace(list_width=self.boxes.functions.natural_width)
            return
        self.boxes.wants = self.boxes.wanted(verdict=verdict_speaks(record))

    def settle(self) -> None:
        """Arrange anew, where there is more to show now, or less."""
        if self.boxes.furnished and self.boxes.stand:
            self._take_wants()
            if not self.is_arranged:
                self.arrange()

    # -- panes

    def look_at(self, path: str | None) -> None:
        """Show another function."""
        self.bench.looked_at = path
        if path is not None:
            self.bench.reader.prefer([path, *self.boxes.functions.in_sight])
        self.show_record()
        self.settle()
        self.titles()

    def _bring_forward(self) -> None:
        """Log or errors: a build that failed brings its errors forward, unless a person is in there, looking."""
        record, view, boxes = self.record, self.boxes.view, self.boxes
        if record is None or not boxes.plan.log_below or boxes.in_use == "log-box":
            return
        if record.transcript is not None and boxes.furnished and boxes.logs.pane is None:
            boxes.logs.activate(view.log_tab)  # made no sooner: loading it is a thirtieth of a start
        error = record.refusal
        before, self._news = self._news, (record.path, record.progress.phase != "idle", record.last, error)
        if self._news == before or (view.log_chosen and before is not None and before[0] != record.path):
            return
        failed = record.last is not None and record.last.status == "failed" and bool(record.last.diagnostics)
        wanted = "errors" if (failed or error is not None) and record.progress.phase == "idle" else "log"
        if wanted == "log" and view.log_tab == "run":
            return  # what was run is not displaced by a build that went well
        if wanted != view.log_tab and boxes.furnished:
            view.log_tab = wanted
            boxes.logs.activate(wanted)

    def show_record(self) -> None:
        """Tell the panes in sight what is known of the function now."""
        record = self.record
        self._bring_forward()
        self.bench.reader.opened(record)
        self.bench.validator.opened(record)
        self.bench.recaller.opened(record)
        if self.boxes.mode_panel is not None:
            self.boxes.mode_panel.show(record)
            self.boxes.mode_panel.follow(self.bench.passage(record))
        for host in self.boxes.hosts():
            host.show(record)
        self.tell_absence()

    def tell_absence(self) -> None:
        """Where there is no function to tell of, say what the cursor is on instead."""
        listing = self.boxes.functions.listing
        words = absence_words(listing, self.glyphs)
        for pane in self.boxes.panes_in_sight():
            pane.say_absent(words if pane is self.boxes.mode_panel else states_words(listing) or words)

    # -- edges

    def titles(self) -> None:
        """The edges of the boxes."""
        record, boxes = self.record, self.boxes
        if boxes.mode_panel is not None:
            boxes.mode_panel.follow(self.bench.passage(record))
        self.bench.taste = boxes.functions.listing.taste
        boxes.list_title.show(status=list_words(boxes.functions, self.glyphs))
        name = row_name(boxes.functions.listing, self.glyphs)
        boxes.mode_title.show(tabs=(Tab("mode", name, name),), active="mode", status=self._state_line(record))
        boxes.tag.show(*((record.path, self.store.state(record.path)) if record is not None else (None,)))
        self._tab_titles(record)
        boxes.third_title.show(tabs_of((VERDICT,), record, self.glyphs), "verdict")
        self.footer()

    def _tab_titles(self, record: FunctionRecord | None) -> None:
        boxes, view, kinds = self.boxes, self.boxes.view, self.boxes.tab_kinds()
        if boxes.tab not in LOG_KEYS and boxes.panes.active != boxes.tab:
            boxes.panes.activate(boxes.tab)
        beside = self._log_line(record, short=True) if boxes.tab in ("log", "run") else ()
        errors = self.bench.errors
        boxes.tabs.show(tabs_of(kinds, record, self.glyphs, errors), boxes.tab, beside)
        boxes.log_title.show(tabs_of(LOGS, record, self.glyphs, errors), view.log_tab, self._log_line(record))

    def _state_line(self, record: FunctionRecord | None) -> Line:
        if record is None:
            return folder_words(self.boxes.functions.listing, self.glyphs)
        sign, last = STATES[self.store.state(record.path)], self.store.last(record.path)
        if last is not None:
            return (Part(f"{self.glyphs.sign(STATES[last])} {unconfirmed(last)}", "faint"),)
        return (Part(f"{self.glyphs.sign(sign)} {sign.word}", f"{sign.role} strong"),)

    def _log_line(self, record: FunctionRecord | None, *, short: bool = False) -> Line:
        """`chat · built 14:02 in 3.1 s · exit 0 · FOLLOW`; `exit 0 · FOLLOW` where room is short."""
        told = record is not None and self.boxes.logs.active != "run"  # which tells of runs, not of the build
        words = log_words(record, self.glyphs, short=short) if record is not None and told else ()
        pane = self.boxes.logs.pane
        standing = pane.standing if pane is not None else ""
        between = " · " if words and standing else ""
        return (*words, Part(self.glyphs.text(f"{between}{standing}"), "muted")) if standing else words

    def footer(self) -> None:
        """The keys of where one is, as far as they do something now."""
        record = self.record
        comparable = record is not None and record.previous is not None
        focused = self.boxes.screen.focused
        typing = focused is not None and focused.has_class(TYPING)
        functions, marked = self.boxes.functions, len(self.store.marked)
        in_use = functions.listing.sieve.is_on or functions.marks.in_range or marked or self.boxes.view.solo is not None
        leads_back = self.boxes.where != "list" or typing or bool(in_use)
        facts = FooterFacts(marked, self.store.counts.busy > 0, comparable, typing, leads_back, self._log_follows())
        self.boxes.footer.show(self.boxes.where, facts)

    def _log_follows(self) -> bool:
        pane = self.boxes.logs.get("log")
        if pane is None:
            return False
        from tui.app.log.pane import LogPane  # loaded when it is first looked at

        return isinstance(pane, LogPane) and pane.view.follow

    def header(self) -> None:
        """The first line, and the terminal's title."""
        if not self.boxes.stand:
            return
        bench, counts = self.bench, self.store.counts
        words, role = compiler_words(bench.compiler, bench.toolchain, self.glyphs.key("compiler"))
        self.boxes.header.show(
            HeaderFacts(
                workspace=bench.options.shown_workspace,
                counts=counts,
                searching=bench.reader.searching,
                compiler=words,
                compiler_role=role,
                cluster=bench.elsewhere.words,
                cluster_address=bench.elsewhere.address,
                watching=bench.watch.is_on,
                suspended=bench.watch.suspended,
                progress=bench.builds.progress,
            )
        )
        self.program.tell_terminal(window_title(counts, bench.options.workspace.name))


def verdict_speaks(record: FunctionRecord) -> bool:
    """Whether the verdict says something that is not said elsewhere: not that there is no module, and why."""
    return record.refusal is None and any(finding.check not in ELSEWHERE for finding in record.findings)
