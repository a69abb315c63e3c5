"""The run pane: an input, and below it, or beside it where rows are few, what came of it."""

from __future__ import annotations

from typing import Final

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container, Horizontal
from textual.timer import Timer
from textual.widgets import TextArea

from tui.app.desk.record import FunctionRecord
from tui.app.desk.running.desk import NOTHING, RunDesk
from tui.app.desk.running.model import NOTHING_SAID, Draft
from tui.app.keys.handlers import Handlers
from tui.app.messages import CopyRequested
from tui.app.panes.record_pane import RecordPane
from tui.app.panes.run.answer_rows import figures_words, status_words
from tui.app.panes.run.asking import RunAsking
from tui.app.panes.run.columns import TalkColumns
from tui.app.panes.run.content import RunContent
from tui.app.panes.run.input import RunInput
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.row_list import RowsLaidOut
from tui.text import plural

BESIDE_FROM: Final = 70  # cells from which input and answer stand side by side where rows are few
FEW_ROWS: Final = 16
TICK: Final = 0.5  # seconds between two drawings of how long it runs


class RunPane(Container):
    """Runs the function that is shown, and shows what came of it. Each function keeps what was typed for it."""

    DEFAULT_CSS = """
    RunPane { layout: vertical; height: 1fr; }
    RunPane > RunInput { dock: top; }
    RunPane > Horizontal { height: 1fr; }
    RunPane RecordPane { width: 1fr; }
    RunPane.-talk > RunInput { height: 3; }
    RunPane.-beside > RunInput { dock: left; width: 38%; height: 1fr; }
    """

    def __init__(self, desk: RunDesk, glyphs: Glyphs | None = None) -> None:
        super().__init__()
        self.desk = desk
        self.glyphs = glyphs or Glyphs()
        self.answer = RecordPane(RunContent(desk, self.glyphs))
        self.columns = TalkColumns(desk.talks, self.glyphs)
        self.columns.display = False
        self.input = RunInput(self.glyphs)
        self.asking = RunAsking(self)
        self.record: FunctionRecord | None = None
        self._drafts: dict[str, Draft] = {}  # what was typed for each function
        self._ticker: Timer | None = None

    def compose(self) -> ComposeResult:
        """The answer has the keys first: the input takes letters."""
        with Horizontal():
            yield self.columns
            yield self.answer
        yield self.input

    def on_mount(self) -> None:
        """Hear of what comes."""
        self.desk.listen(self._changed)
        self._ticker = self.set_interval(TICK, self.answer.renew_in_sight, pause=True)
        self.input.select_all()
        self.input.judge()

    def on_resize(self) -> None:
        """Side by side, where rows are few and there is width for both."""
        self._arrange()
        self._show_runs()

    def _arrange(self) -> None:
        """Input and answer one below the other; frames are short, and sessions want the width."""
        few = self.size.width >= BESIDE_FROM and self.size.height < FEW_ROWS
        self.set_class(few and not self.is_persistent, "-beside")
        self.set_class(self.is_persistent, "-talk")

    # -- what is shown

    def show(self, record: FunctionRecord | None) -> None:
        """Show a function's runs; what was typed for another one waits until that shows again."""
        before, self.record = self.record, record
        if record is not None and (before is None or before.path != record.path):
            self._use(self._drafts.get(record.path) or last_draft(self.desk, record.path))
        self.input.disabled = record is None
        self._arrange()
        self._show_runs()

    def _show_runs(self) -> None:
        """The sessions of a persistent function; the answer of any other, and what was asked for besides."""
        record = self.record
        talks = self.desk.talks.of(record.path) if record is not None else ()
        known = self.desk.of(record.path) if record is not None else NOTHING
        asked = known.testing or self.desk.gateway.view.phase != "off"
        asked = asked or any(one is not None for one in (known.under_way, known.tested, known.difference))
        self.columns.display = bool(talks)
        self.answer.display = not talks or asked
        if record is not None and talks:
            self.columns.show(record)
        self.answer.show(record)

    def _use(self, draft: Draft) -> None:
        """Have this in the input."""
        if self.record is not None:
            self._drafts[self.record.path] = draft
        if self.input.text != draft.text:
            self.input.text = draft.text
            self.input.select_all()  # what one types comes in its place
        self._judge()

    def _judge(self) -> None:
        draft = self.draft
        caller = draft.caller.wallet or draft.caller.subject
        parts = [f"call {draft.name}" if draft.name else "", f"as {caller}" if caller else ""]
        self.input.judge(" · ".join(part for part in parts if part))

    @property
    def draft(self) -> Draft:
        """What would be sent now."""
        path = self.record.path if self.record is not None else ""
        return self._drafts.get(path, Draft(self.input.text))

    @on(TextArea.Changed)
    def typed(self, event: TextArea.Changed) -> None:
        """What is typed is no longer the kept call that it was."""
        event.stop()
        if self.record is not None and self.draft.text != self.input.text:
            self._drafts[self.record.path] = Draft(self.input.text, caller=self.draft.caller)
        self._judge()

    def say(self, words: str) -> None:
        """A short sentence for the person."""
        self.answer.say(words)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """The keys came to a session: so does the input."""
        talk = self.columns.talk_of(event.widget)
        if talk is not None and self.record is not None:
            self.desk.talks.choose(self.record.path, talk)

    def say_absent(self, words: str) -> None:
        """Say why no function shows."""
        self.answer.say_absent(words)

    def _changed(self, path: str) -> None:
        """The runs of a function are others now."""
        if self.record is None or path not in (self.record.path, "") or not self.is_attached:
            return
        self._show_runs()
        if self._ticker is not None:
            (self._ticker.resume if self.desk.of(self.record.path).under_way is not None else self._ticker.pause)()
        self.post_message(RowsLaidOut())  # the edge of the box tells of it

    @property
    def rows_wanted(self) -> int | None:
        """As many as it gets."""
        return None

    @property
    def standing(self) -> str:
        """How the last call ended, and what it took."""
        return standing_words(self.desk, self.record.path) if self.record is not None else ""

    # -- what is asked here

    def handlers(self) -> Handlers:
        """The answer's, and running."""
        return {**self.rows.handlers(), **self.asking.handlers(), "run-input": self.edit_input, "back": self.leave}

    @property
    def rows(self) -> RecordPane:
        """The list that the keys move: the one that has them, else that of the session, else the answer."""
        focused = next((rows for rows in self.columns.lists if rows.has_focus), None)
        if focused is not None or self.answer.has_focus or not self.columns.display or self.record is None:
            return focused or self.answer
        return self.columns.list_in_use(self.record.path)

    def copy_target(self) -> CopyRequested | None:
        """What `y` copies here."""
        return self.rows.copy_target()

    def edit_input(self) -> None:
        """To the input."""
        self.screen.set_focus(self.input)  # now: what is typed next may be on its way

    def leave(self) -> bool:
        """Out of the input to the answer, out of a filter; False where there is nothing to leave."""
        if self.input.has_focus:
            self.rows.focus()
            return True
        return self.rows.filter.leave()

    @property
    def is_persistent(self) -> bool:
        """Whether one talks to the function in sessions."""
        reading = self.record.reading if self.record is not None else None
        return reading is not None and reading.config is not None and reading.config.ws_persistent

    def recall(self, what: Draft | str) -> None:
        """Have a kept call or an input of before in the input."""
        self._use(what if isinstance(what, Draft) else Draft(what, caller=self.draft.caller))
        self.screen.set_focus(self.input)  # now: what is typed next may be on its way

    def follow_session(self) -> None:
        """The input is for another session: so are the keys, unless one types."""
        if self.record is not None and not self.input.has_focus:
            self.columns.list_in_use(self.record.path).focus()


def last_draft(desk: RunDesk, path: str) -> Draft:
    """What a function was run with last."""
    last = desk.of(path).last
    return last.draft if last is not None and not last.draft.frames else Draft(NOTHING_SAID)


def standing_words(desk: RunDesk, path: str) -> str:
    """How a function's runs stand, for the edge of the box."""
    known, talks = desk.of(path), desk.talks.of(path)
    if talks:
        return plural(sum(not talk.is_over for talk in talks), "open session")
    if known.under_way is not None or known.last is None:
        return known.phase if known.under_way is not None else ""
    answer = known.last.answer
    word = status_words(known.last)[0]
    return word if answer is None else f"{word} · {figures_words(answer)}"
