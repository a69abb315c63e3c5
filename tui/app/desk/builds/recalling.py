"""What builds said, kept when they end, and recalled for builds of an earlier session: results, errors, logs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from tui.app.desk.record import FunctionRecord
from tui.app.desk.store import Change, Store
from tui.facts import Fact

if TYPE_CHECKING:
    from pathlib import Path

    from tui.building.events import BuildResult
    from tui.building.log.transcript import Transcript
    from tui.building.record.history import BuildRecord

Run = Callable[[Coroutine[Any, Any, None]], object]


class Said(Fact):
    """What a build said, as far as it was kept."""

    result: BuildResult | None = None
    transcript: Transcript | None = None


class Recaller:
    """Fills in the last build of functions that were not built since the screen was opened.

    Errors of builds that failed come by themselves; a log is read when its function is looked at.
    """

    def __init__(self, store: Store, lines: int, run: Run) -> None:
        """`lines`: how many of a log are kept in memory. `run` runs a coroutine as long as the screen is open."""
        self.store = store
        self.lines = lines
        self.run = run
        self._asked: set[tuple[str, float, bool]] = set()
        store.listen(self._changed)

    def _changed(self, change: Change) -> None:
        for path in change.paths:
            if path in self.store and self.store.state(path) == "failed":
                self._ask(self.store[path], with_log=False)

    def opened(self, record: FunctionRecord | None) -> None:
        """A person looks at a function: its last build is to be there, log and all."""
        if record is not None and record.transcript is None:
            self._ask(record, with_log=True)

    def _ask(self, record: FunctionRecord, *, with_log: bool) -> None:
        build = record.history[-1] if record.history else record.ended
        if build is None or not _may_have(record, build, with_log=with_log):
            return
        key = (record.path, build.finished, with_log)
        if key not in self._asked:
            self._asked.add(key)
            self.run(self._recall(record, build, with_log=with_log))

    async def _recall(self, record: FunctionRecord, build: BuildRecord, *, with_log: bool) -> None:
        lines = self.lines if with_log else 0
        said = await asyncio.to_thread(recalled, record.function.directory, build, lines)
        now = self.store.get(record.path)
        if said.result is None or now is None or not _may_have(now, build, with_log=with_log):
            return  # there was another build meanwhile
        fields: dict[str, object] = {} if now.last is not None else {"last": said.result, "finished": build.finished}
        if said.transcript is not None:
            fields["transcript"] = said.transcript
        self.store.change(record.path, **fields)

    def keep(self, result: BuildResult, transcript: Transcript | None) -> None:
        """A build ended: keep what it said."""
        from tui.building.record.outcomes import outcome_of

        outcome = outcome_of(result, transcript) if result.status != "skipped" else None
        if outcome is not None:
            from tui.building.record.outcomes import keep_outcome

            # What cannot be kept is lost at the end of the session, as a history that cannot be written is.
            self.run(_in_thread(keep_outcome, result.directory, outcome))


async def _in_thread(work: Callable[..., object], *arguments: object) -> None:
    await asyncio.to_thread(work, *arguments)


def _may_have(record: FunctionRecord, build: BuildRecord, *, with_log: bool) -> bool:
    """Whether this build is still the last one of the function, and nothing of it is known yet."""
    if record.progress.phase != "idle" or record.transcript is not None:
        return False
    return record.last is None or (with_log and record.last.finished == build.finished)


def recalled(directory: Path, build: BuildRecord, lines: int) -> Said:
    """What a build on record said; `lines`: of its log, 0 for none. Asks the disk."""
    from tui.building.record.outcomes import load_outcome, result_of, transcript_of

    outcome = load_outcome(directory, build.finished)
    if outcome is None:
        return Said()
    return Said(result_of(directory, build, outcome), transcript_of(outcome, lines) if lines else None)
