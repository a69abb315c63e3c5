from __future__ import annotations

import pytest

from tui.gateway.model import VerdictStatus
from tui.gateway.summary import summary_line


@pytest.mark.parametrize(
    ("counts", "stale", "absent", "line"),
    [
        ((9, 2, 1), 1, 0, "12 functions: 9 ready, 2 warnings, 1 blocked (1 stale)"),
        ((1, 0, 0), 0, 0, "1 function: 1 ready"),
        ((0, 1, 0), 0, 2, "3 functions: 1 warning, 2 without a build"),
        ((0, 0, 0), 0, 0, "0 functions"),
        ((2000, 0, 0), 0, 0, "2,000 functions: 2000 ready"),
    ],
)
def test_summary(counts: tuple[int, int, int], stale: int, absent: int, line: str) -> None:
    words: tuple[VerdictStatus, ...] = ("ready", "warnings", "blocked")
    statuses = [word for word, count in zip(words, counts, strict=True) for _ in range(count)]
    assert summary_line(statuses, stale, absent) == line
