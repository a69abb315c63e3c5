from __future__ import annotations

import pytest

from tui.assessment.summary import summary_line
from tui.lines.states import State


@pytest.mark.parametrize(
    ("counts", "line"),
    [
        ({"blocked": 1, "ready": 9, "warnings": 2}, "12 functions: ready 9, warnings 2, blocked 1"),
        ({"ready": 1}, "1 function: ready 1"),
        ({"unbuilt": 2, "stale": 1}, "3 functions: stale 1, unbuilt 2"),
        ({}, "0 functions"),
        ({"ready": 2000}, "2,000 functions: ready 2,000"),
    ],
)
def test_each_function_counts_once(counts: dict[State, int], line: str) -> None:
    assert summary_line(state for state, count in counts.items() for _ in range(count)) == line
