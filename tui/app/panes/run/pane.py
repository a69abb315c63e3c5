"""The run pane: an input, and below it, or beside it where rows are few, what came of it."""

from __future__ import annotations

from typing import Final

from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.timer import Timer
from textual.widgets import TextArea

from tui.app.desk.record import FunctionRecord
from tui.app.desk.running.desk import RunDesk
from tui.app.desk.running.model import NOTHING_SAID, Draft
from tui.app.keys.handlers import Handlers
from tui.app.messages import CopyRequested
from tui.app.panes.record_pane import RecordPane
from tui.app.panes.run.answer_rows import figures_words, status_words
from tui.app.panes.run.content import RunContent
from tui.app.panes.run.input import RunInput
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.row_list import RowsLaidOut

BESIDE_FROM: Final = 70  # cells from which input and answer stand side by side where rows are few
FEW_ROWS: Final = 16
TICK: Final = 0.5  # seconds between two drawings of how long it runs


class RunPane(Container):
    """Runs the function that is shown, and shows what came of it. Each function keeps what was typed for it."""

    DEFAULT_CSS = """
    RunPane { layout: vertical; height: 1fr; }
    RunPane > RunInput { dock: top; }
    RunPane.-beside > RunInput { dock: left; width: 38%; height: 1fr; }
    """

    def __init__(self, desk: RunDesk, glyphs: Glyphs | None = None) -> None:
        super().__init__()
        self.desk = desk
        self.glyphs = glyphs or Glyphs()
        self.answer = RecordPane(RunContent(desk, self.glyphs))
        self.input = RunInput(self.glyphs)
        self.record: FunctionRecord | None = None
        self._drafts: dict[str, Draft] = {}  # what was typed for each function
        self._ticker: Timer | None = None

    def compose(self) -> ComposeResult:
        """The answer has the keys first: the input takes letters."""
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
        self.set_class(self.size.width >= BESIDE_FROM and self.size.height < FEW_ROWS, "-beside")

    # -- what is shown

    def show(self, record: FunctionRecord | None) -> None:
        """Show a function's runs; what was typed for another one waits until that shows again."""
        before, self.record = self.record, record
        if record is not None and (before is None or before.path != record.path):
            self._use(self._drafts.get(record.path, self._last_draft(record.path)))
        self.input.disabled = record is None
        self.answer.show(record)

    def _last_draft(self, path: str) -> Draft:
        last = self.desk.of(path).last
        return last.draft if last is not None else Draft(NOTHING_SAID)

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

    def say_absent(self, words: str) -> None:
        """Say why no function shows."""
        self.answer.say_absent(words)

    def _changed(self, path: str) -> None:
        """The runs of a function are others now."""
        if self.record is None or path != self.record.path or not self.is_attached:
            return
        self.answer.show(self.record)
        if self._ticker is not None:
            (self._ticker.resume if self.desk.of(path).under_way is not None else self._ticker.pause)()
        self.post_message(RowsLaidOut())  # the edge of the box tells of it

    @property
    def rows_wanted(self) -> int | None:
        """As many as it gets."""
        return None

    @property
    def standing(self) -> str:
        """How the last call ended, and what it took."""
        known = self.desk.of(self.record.path) if self.record is not None else None
        if known is None or (known.last is None and known.under_way is None):
            return ""
        if known.under_way is not None or known.last is None:
            return "running"
        answer = known.last.answer
        word = status_words(known.last)[0]
        return word if answer is None else f"{word} · {figures_words(answer)}"

    # -- what is asked here

    def handlers(self) -> Handlers:
        """The answer's, and running."""
        own: Handlers = {
            "run": self.run_it,
            "run-send": self.run_it,
            "run-build": self.build_and_run,
            "run-input": self.edit_input,
            "run-compare": self.compare,
            "diff": self.run_before,
            "cancel": self.cancel,
            "back": self.leave,
        }
        return {**self.answer.handlers(), **own}

    def copy_target(self) -> CopyRequested | None:
        """What `y` copies here."""
        return self.answer.copy_target()

    def edit_input(self) -> None:
        """To the input."""
        self.input.focus()

    def leave(self) -> bool:
        """Out of the input to the answer, out of a filter; False where there is nothing to leave."""
        if self.input.has_focus:
            self.answer.focus()
            return True
        return self.answer.filter.leave()

    def run_it(self) -> None:
        """Run the function with what the input says."""
        if self.record is None:
            self.answer.say("no function is chosen")
        elif self.record.module is None and self.record.modified is None and self.record.reading is not None:
            self.answer.say(f"not built: {self.glyphs.key('run-build')} builds it, then runs it")
        elif not self.desk.run(self.record.path, self.draft):
            self.answer.say("it runs already: x ends it")

    def build_and_run(self) -> None:
        """Build the function, and run it when that went well."""
        if self.record is not None:
            self.desk.build_and_run(self.record.path, self.draft)

    def cancel(self) -> bool:
        """End the call under way; False where there is none: a build may be meant."""
        return self.record is not None and self.desk.cancel(self.record.path)

    def recall(self, what: Draft | str) -> None:
        """Have a kept call or an input of before in the input."""
        self._use(what if isinstance(what, Draft) else Draft(what, caller=self.draft.caller))
        self.input.focus()

    def compare(self) -> None:
        """Hold the last two answers against each other; hide that again."""
        if self.record is None:
            return
        if not self.desk.forget_difference(self.record.path) and not self.desk.compare(self.record.path):
            self.answer.say("two answers are needed: run it twice")

    def run_before(self) -> bool:
        """The last call again, by the module from before the last build; False where nothing was run yet."""
        known = self.desk.of(self.record.path) if self.record is not None else None
        if self.record is None or known is None or known.last is None:
            return False
        if self.record.previous is None:
            self.answer.say("there is no earlier build to compare with: build, change something, build again")
        else:
            self.desk.run(self.record.path, known.last.draft, before=self.record.previous)
        return True
