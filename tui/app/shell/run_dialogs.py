"""Dialogs about runs: what is sent again, and under which name a call is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.app.keys.handlers import Handlers
from tui.app.notices import Notice
from tui.app.shell.dialogs import Dialogs

if TYPE_CHECKING:
    from tui.app.panes.run.pane import RunPane


class RunDialogs:
    """Opens them over the run pane."""

    def __init__(self, dialogs: Dialogs) -> None:
        self.dialogs = dialogs
        self.showing = dialogs.showing
        self.bench = dialogs.bench

    def handlers(self) -> Handlers:
        """What the action table reaches here."""
        return {"run-recall": self.recall, "run-save": self.keep}

    @property
    def _pane(self) -> RunPane | None:
        # A fifth of what opening the screen takes: not before the first frame.
        from tui.app.panes.run.pane import RunPane

        pane = self.showing.boxes.logs.get("run")
        return pane if isinstance(pane, RunPane) and pane.record is not None else None

    def recall(self) -> None:
        """Choose what is sent again."""
        if self._pane is not None and self._pane.record is not None:
            self.bench.run(self._recall(self._pane, self._pane.record.path))

    async def _recall(self, pane: RunPane, path: str) -> None:
        from tui.app.dialogs.choices.recall import recall_screen

        found = await self.bench.runs.remembered(path)
        if not (found.inputs or found.calls or found.problem):
            key = self.dialogs.glyphs.key("run-save")
            self.dialogs.program.say(Notice(f"nothing was sent yet, and no call is kept: {key} keeps one"))
            return

        def chosen(key: str | None) -> None:
            kind, _, number = (key or "").partition(":")
            if kind and pane.record is not None and pane.record.path == path:
                pane.recall(found.calls[int(number)] if kind == "call" else found.inputs[int(number)])

        self.dialogs.open(recall_screen(found, self.bench.runs.of(path).tested, self.dialogs.glyphs), chosen)

    def keep(self) -> None:
        """Keep the last call."""
        from tui.app.dialogs.call_name import CallNameScreen

        record = self._pane.record if self._pane is not None else None
        report = self.bench.runs.of(record.path).last if record is not None else None
        if record is None or report is None or report.answer is None:
            self.dialogs.program.say(Notice("run it first: what is kept is a call and what came of it"))
            return
        path, kept = record.path, report

        def named(name: str | None) -> None:
            if name:
                self.bench.run(self.bench.runs.keep(path, name, kept))

        self.dialogs.open(CallNameScreen(path, self.dialogs.glyphs), named)
