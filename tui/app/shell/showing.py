"""What the boxes say: the function that is looked at in its panes, and what stands in the edges around them."""

from __future__ import annotations

from tui.app.colours.roles import Line, Part
from tui.app.desk.record import FunctionRecord
from tui.app.desk.workbench import Workbench
from tui.app.frame.boxes import VERDICT, Boxes
from tui.app.frame.footer import FooterFacts
from tui.app.frame.header import HeaderFacts
from tui.app.frame.title_bar import Tab
from tui.app.functions.standing import window_title
from tui.app.log.words import log_words
from tui.app.panes.panes import LOGS, tabs_of
from tui.app.rows.glyphs import Glyphs
from tui.app.shell.program import Program
from tui.lines.states import STATES
from tui.text import printable


class Showing:
    """Brings what the workbench knows into the boxes."""

    def __init__(self, boxes: Boxes, bench: Workbench, program: Program) -> None:
        self.boxes = boxes
        self.bench = bench
        self.store = bench.store
        self.program = program
        self.glyphs: Glyphs = boxes.tools.glyphs

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
        size = self.boxes.screen.size
        self.boxes.place(width or size.width, height or size.height, nothing=self.nothing_found)
        self.show_record()
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

    # -- panes

    def look_at(self, path: str | None) -> None:
        """Show another function."""
        self.bench.looked_at = path
        if path is not None:
            self.bench.reader.prefer([path, *self.boxes.functions.in_sight])
        self.show_record()
        self.titles()

    def show_record(self) -> None:
        """Tell the panes in sight what is known of the function now."""
        record = self.record
        self.bench.validator.look(record)
        if self.boxes.mode_panel is not None:
            self.boxes.mode_panel.show(record)
        for host in self.boxes.hosts():
            host.show(record)
        self.tell_absence()

    def tell_absence(self) -> None:
        """Where nothing shows because of the filter, say so, and how to leave it."""
        functions = self.boxes.functions
        needle = self.glyphs.text(printable(functions.needle, 60))
        words = f'nothing matches "{needle}": esc clears it' if needle and not functions.rows else ""
        for pane in self.boxes.panes_in_sight():
            pane.say_absent(words)

    # -- edges

    def titles(self) -> None:
        """The edges of the boxes."""
        record, boxes = self.record, self.boxes
        count = self._list_count()
        boxes.list_title.show(status=(Part(count, "accent"),) if count else ())
        name = "no function" if record is None else self.glyphs.text(printable(record.path, 80))
        boxes.mode_title.show(tabs=(Tab("mode", name, name),), active="mode", status=self._state_line(record))
        boxes.tag.show(*((record.path, self.store.state(record.path)) if record is not None else (None,)))
        self._tab_titles(record)
        boxes.third_title.show(tabs_of((VERDICT,), record, self.glyphs), "verdict")
        self.footer()

    def _list_count(self) -> str:
        functions, marked = self.boxes.functions, len(self.store.marked)
        if functions.needle:
            return f"{len(functions.rows):,} of {len(self.store):,}"
        return f"{marked} marked" if marked else ""

    def _tab_titles(self, record: FunctionRecord | None) -> None:
        boxes, view, kinds = self.boxes, self.boxes.view, self.boxes.tab_kinds()
        if view.tab not in {kind.key for kind in kinds}:
            view.tab = "overview"
            boxes.panes.activate(view.tab)
        beside = self._log_line(record, short=True) if view.tab == "log" else ()
        boxes.tabs.show(tabs_of(kinds, record, self.glyphs), view.tab, beside)
        below = self._log_line(record) if view.log_tab == "log" else ()
        boxes.log_title.show(tabs_of(LOGS, record, self.glyphs), view.log_tab, below)

    def _state_line(self, record: FunctionRecord | None) -> Line:
        if record is None:
            return ()
        sign = STATES[self.store.state(record.path)]
        return (Part(f"{self.glyphs.sign(sign)} {sign.word}", f"{sign.role} strong"),)

    def _log_line(self, record: FunctionRecord | None, *, short: bool = False) -> Line:
        """`built 14:02 in 3.1 s, exit 0 · FOLLOW`; `exit 0 · FOLLOW` where room is short."""
        words = () if record is None else log_words(record, self.glyphs, short=short)
        log = self.boxes.logs.get("log")
        standing = log.standing if log is not None else ""
        return (*words, Part(self.glyphs.text(f" · {standing}"), "muted")) if standing else words

    def footer(self) -> None:
        """The keys of where one is, as far as they do something now."""
        record = self.record
        comparable = record is not None and record.previous is not None
        facts = FooterFacts(len(self.store.marked), self.store.counts.busy > 0, comparable)
        self.boxes.footer.show(self.boxes.where, facts)

    def header(self) -> None:
        """The first line, and the terminal's title."""
        if not self.boxes.stand:
            return
        bench, counts = self.bench, self.store.counts
        words, role = bench.compiler_words()
        self.boxes.header.show(
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
        self.program.tell_terminal(window_title(counts, bench.options.workspace.name))
