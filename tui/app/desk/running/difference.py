"""Two answers held against each other, line by line: how each ended, what the caller gets, what the host was asked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff
from typing import Final

from tui.app.desk.running.model import Report
from tui.running.answer import Answer
from tui.running.calls.compare import output_of

MOST_LINES: Final = 600  # of each answer that are compared
LONGEST: Final = 400  # characters of a line


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs between two answers: lines with a blank, - or + before them; none where nothing does."""

    before: Report
    after: Report
    lines: tuple[str, ...]


def difference(before: Report, after: Report) -> Difference:
    """Compare two reports. Times, memory and ids are not compared: they differ always."""
    lines = unified_diff(list(_lines(before)), list(_lines(after)), lineterm="", n=3)
    shown = [line for line in lines if not line.startswith(("---", "+++"))]
    return Difference(before, after, tuple(shown[: 2 * MOST_LINES]))


def _lines(report: Report) -> Iterator[str]:
    answer = report.answer
    if answer is None:
        yield report.words[:LONGEST]
        return
    yield _ending(answer)
    for line in _output(answer).split("\n")[:MOST_LINES]:
        yield line[:LONGEST]
    yield from (f"host call {call.name}({json.dumps(call.args)[:LONGEST]})" for call in answer.host_calls[:MOST_LINES])


def _ending(answer: Answer) -> str:
    status = f"status {answer.client.status}" if answer.client is not None else answer.stage
    return f"{status}  {(answer.error or '').partition(chr(10))[0][:LONGEST]}".rstrip()


def _output(answer: Answer) -> str:
    found = output_of(answer)
    return found if isinstance(found, str) else json.dumps(found, indent=2, ensure_ascii=False)
