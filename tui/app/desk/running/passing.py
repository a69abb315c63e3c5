"""Where a function's run is now, or where its last one failed, as stations of its life."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui.gateway.life.passage import Passage
from tui.running.outcome.explain import panic_of, reason

if TYPE_CHECKING:
    from tui.app.desk.record import FunctionRecord
    from tui.app.desk.running.desk import RunDesk
    from tui.app.desk.running.model import Report
    from tui.app.desk.running.talk import Talk
    from tui.gateway.verdict import Life

_FAILED: Final = {"init": "_initialize", "ws_open": "ws_open", "handle": "handle", "done": "ws_frame"}
_RUNS: Final = ("_start", "handle")


def passage_of(desk: RunDesk, record: FunctionRecord) -> Passage | None:
    """The passage of the run that a person sees below."""
    if record.life is None:
        return None
    talk, known = desk.talks.active(record.path), desk.of(record.path)
    if talk is not None and not talk.is_over:
        return None if talk.is_compiling else Passage(runs=_station(talk))
    if known.under_way is not None:
        return Passage(runs=_first(record.life, _RUNS)) if known.phase == "running" else None
    report = known.last
    if report is None or report.before or report.answer is None or report.answer.error is None:
        return None
    if record.modified is not None and report.at < record.modified:
        return None  # it was another module
    return _failure(report, record.life)


def _station(talk: Talk) -> str:
    return "ws_close" if talk.closing else "ws_open" if talk.is_opening else "ws_frame"


def _failure(report: Report, life: Life) -> Passage | None:
    answer = report.answer
    if answer is None or report.target is None:
        return None
    label = "exit" if answer.exit_code else _FAILED.get(answer.stage, "")
    labels = [step.label for step in life.steps]
    words = reason(report.target, report.call, answer, panic_of(answer))
    return Passage(failed=label if label in labels else _first(life, _RUNS), words=words)


def _first(life: Life, wanted: tuple[str, ...]) -> str:
    """The first of these stations that the life has, else its first one."""
    labels = [step.label for step in life.steps]
    return next((label for label in wanted if label in labels), labels[0] if labels else "")
