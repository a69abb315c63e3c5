"""The states of many functions in one line, and what they come to for a script."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from tui.lines.states import STATES, State
from tui.text import plural

_ORDER: Final = tuple(reversed(STATES))  # good ones first, as the header of the screen has them


def summary_line(states: Iterable[State]) -> str:
    """`12 functions: ready 9, warnings 2, blocked 1`: each counts once, under its one state; zeros are left out."""
    counts = Counter(states)
    parts = [f"{state} {counts[state]:,}" for state in _ORDER if counts[state]]
    return plural(counts.total(), "function") + (": " + ", ".join(parts) if parts else "")
