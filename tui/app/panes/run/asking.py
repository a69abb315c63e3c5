"""What is asked of the run pane: run, build first, talk, compare. Of the pane it knows a narrow face."""

from __future__ import annotations

from functools import partial
from typing import Protocol

from tui.app.desk.record import FunctionRecord
from tui.app.desk.running.desk import RunDesk
from tui.app.desk.running.model import Draft
from tui.app.desk.standing import BUSY, state_of
from tui.app.keys.handlers import Handlers
from tui.app.panes.run.input import RunInput
from tui.app.rows.glyphs import Glyphs


class RunFace(Protocol):
    """The pane, as who asks knows it."""

    desk: RunDesk
    glyphs: Glyphs
    record: FunctionRecord | None
    input: RunInput

    @property
    def draft(self) -> Draft:
        """What would be sent now."""

    @property
    def is_persistent(self) -> bool:
        """Whether one talks to the function in sessions."""

    def say(self, words: str) -> None:
        """A short sentence for the person."""

    def follow_session(self) -> None:
        """The input is for another session: so are the keys, unless one types."""


class RunAsking:
    """Does it, or says why not."""

    def __init__(self, pane: RunFace) -> None:
        self.pane = pane
        self.desk = pane.desk

    def handlers(self) -> Handlers:
        """What the action table reaches here."""
        return {
            "run": self.run_it,
            "run-send": self.run_it,
            "run-build": self.build_and_run,
            "session-open": self.open_session,
            "session-next": partial(self.turn, 1),
            "session-before": partial(self.turn, -1),
            "run-compare": self.compare,
            "diff": self.run_before,
            "cancel": self.cancel,
        }

    def _full(self) -> None:
        self.pane.say(f"there are as many sessions as may be: {self.pane.glyphs.key('cancel')} closes one")

    def run_it(self) -> None:
        """Run the function with what the input says."""
        if self.pane.record is None:
            self.pane.say("no function is chosen")
        elif (
            self.pane.record.module is None
            and self.pane.record.modified is None
            and self.pane.record.reading is not None
        ):
            key = self.pane.glyphs.key("run-build")
            busy = state_of(self.pane.record) in BUSY
            self.pane.say(
                f"it is being built: {key} runs it then" if busy else f"not built: {key} builds it, then runs it"
            )
        elif self.pane.is_persistent and not self.pane.draft.frames:
            self._send(self.pane.record.path)
        elif not self.desk.run(self.pane.record.path, self.pane.draft):
            self.pane.say(f"it runs already: {self.pane.glyphs.key('cancel')} ends it")

    def _send(self, path: str) -> None:
        """Hand the input in as a frame; what comes next is typed in its place."""
        if self.desk.talks.say(path, self.pane.draft.text):
            self.pane.input.select_all()  # the next frame is typed in its place
        else:
            self._full()

    def open_session(self) -> None:
        """Open a session, beside those that are open."""
        if self.pane.record is None or not self.pane.is_persistent:
            self.pane.say("sessions are for functions with ws_persistent: true")
        elif self.desk.talks.open(self.pane.record.path) is None:
            self._full()

    def turn(self, step: int) -> None:
        """Have the input, and the keys, for the next session or the one before."""
        if self.pane.record is None or not self.desk.talks.turn(self.pane.record.path, step):
            self.pane.say(f"there is no other session: {self.pane.glyphs.key('session-open')} opens one")
        else:
            self.pane.follow_session()

    def build_and_run(self) -> None:
        """Build the function, and run it when that went well."""
        if self.pane.record is not None:
            self.desk.build_and_run(self.pane.record.path, self.pane.draft)

    def cancel(self) -> bool:
        """End the call under way, close the session; False where there is none: a build may be meant."""
        path = self.pane.record.path if self.pane.record is not None else None
        return path is not None and (self.desk.cancel(path) or self.desk.talks.close(path))

    def compare(self) -> None:
        """Hold the last two answers against each other; hide that again."""
        if self.pane.record is None:
            return
        if not self.desk.forget_difference(self.pane.record.path) and not self.desk.compare(self.pane.record.path):
            self.pane.say("two answers are needed: run it twice")

    def run_before(self) -> bool:
        """The last call again, by the module from before the last build; False where nothing was run yet."""
        known = self.desk.of(self.pane.record.path) if self.pane.record is not None else None
        if self.pane.record is None or known is None or known.last is None:
            return False
        if self.pane.record.previous is None:
            self.pane.say("there is no earlier build to compare with: build, change something, build again")
        else:
            self.desk.run(self.pane.record.path, known.last.draft, before=self.pane.record.previous)
        return True
