from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.app.records import built, record
from tui.app.desk.builds.recalling import Recaller
from tui.app.desk.record import BuildProgress, FunctionRecord
from tui.app.desk.store import Store
from tui.building.events import BuildResult, Diagnostic
from tui.building.log.log_file import build_log
from tui.building.log.transcript import Transcript
from tui.building.record.history import BuildRecord
from tui.building.record.outcomes import keep_outcome, outcome_of

FOUND = Diagnostic("error", "undefined: x", "function.go", 3, 2)
BUILD = BuildRecord(1_700_000_000.5, 2.5, "failed", error="function.go:3:2: undefined: x")


class Desk:
    """A store of one function with a build on record, and a recaller whose work is waited for."""

    def __init__(self, known: FunctionRecord) -> None:
        self.store = Store()
        self.work: list[Coroutine[Any, Any, None]] = []
        self.recaller = Recaller(self.store, 100, self.work.append)
        self.store.find([known.function])
        self.path = known.path
        self.store.change(
            known.path,
            **{
                name: getattr(known, name)
                for name in ("reading", "staleness", "history", "ended", "modified", "module")
            },
        )

    def record(self) -> FunctionRecord:
        return self.store[self.path]

    async def done(self) -> None:
        while self.work:
            await self.work.pop(0)


def keep(directory: Path) -> None:
    """What the build said, as the session before left it."""
    transcript = Transcript(file=build_log(directory))
    transcript.note("$ go build", 0.0)
    transcript.extend("stderr", ("./function.go:3:2: undefined: x",), 1.0)
    transcript.close(2.5)
    result = BuildResult(directory, "failed", 1, 2.5, diagnostics=(FOUND,), finished=BUILD.finished)
    outcome = outcome_of(result, transcript)
    assert outcome is not None
    assert keep_outcome(directory, outcome) is None


def failed() -> FunctionRecord:
    return replace(record("fn"), history=(BUILD,), ended=BUILD)


async def test_errors_of_a_build_that_failed_come_by_themselves_its_log_when_one_looks() -> None:
    keep(failed().function.directory)
    desk = Desk(failed())
    await desk.done()
    first = desk.record()
    assert first.last is not None
    assert first.last.diagnostics == (FOUND,)
    assert (first.finished, first.transcript) == (BUILD.finished, None)
    desk.recaller.opened(first)
    await desk.done()
    transcript = desk.record().transcript
    assert transcript is not None
    assert transcript.plain(1) == "./function.go:3:2: undefined: x"


async def test_a_good_build_is_recalled_when_one_looks() -> None:
    good = BUILD._replace(status="built", error=None)
    base = replace(built("fn"), history=(good,))
    keep(base.function.directory)
    desk = Desk(base)
    await desk.done()
    assert desk.record().last is None
    desk.recaller.opened(desk.record())
    desk.recaller.opened(desk.record())
    assert len(desk.work) == 1  # it is asked once
    await desk.done()
    last = desk.record().last
    assert last is not None
    assert last.status == "built"


async def test_nothing_of_an_older_build_is_told_where_another_came_meanwhile() -> None:
    keep(failed().function.directory)
    desk = Desk(failed())
    desk.store.change("fn", progress=BuildProgress("building"))
    await desk.done()
    assert desk.record().last is None


async def test_a_build_of_which_nothing_is_kept_stays_as_its_record_has_it() -> None:
    desk = Desk(failed())
    desk.recaller.opened(desk.record())
    await desk.done()
    assert (desk.record().last, desk.record().transcript) == (None, None)


async def test_what_a_build_said_is_kept_when_it_ends() -> None:
    desk = Desk(failed())
    directory = desk.record().function.directory
    await desk.done()
    desk.recaller.keep(BuildResult(directory, "failed", 1, 2.5, diagnostics=(FOUND,), finished=BUILD.finished), None)
    desk.recaller.keep(BuildResult(directory, "skipped", 0, 0.1), None)
    assert len(desk.work) == 1
    await asyncio.gather(desk.work.pop())
    desk.recaller.opened(desk.record())
    await desk.done()
    assert desk.record().last is not None
