"""A run as it is kept for what is said of the function from now on."""

from __future__ import annotations

from time import time

from tui.building.record.runs import RunRecord, Stamp
from tui.running.answer import Answer


def record_of(answer: Answer, stamp: Stamp) -> RunRecord:
    """The record of a run of the module with that stamp, which ended now."""
    figures, calls = answer.figures, len(answer.host_calls) + answer.host_calls_dropped
    return RunRecord(stamp, time(), figures.duration_ms, calls, answer.stage, answer.error)
