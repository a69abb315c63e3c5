"""The verdicts of a workspace in one line."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from tui.gateway.model import VerdictStatus
from tui.text import plural

_WORDS: Final[dict[VerdictStatus, tuple[str, str]]] = {
    "ready": ("ready", "ready"),
    "warnings": ("warning", "warnings"),
    "blocked": ("blocked", "blocked"),
}


def summary_line(statuses: Iterable[VerdictStatus], stale: int = 0, absent: int = 0) -> str:
    """`12 functions: 9 ready, 2 warnings, 1 blocked (1 stale)`; what is zero is left out.

    `statuses` are those of all functions but the `absent` ones, which have no module and nothing against them. Stale
    ones count under their verdict: they are said beside it, so that the other counts add up.
    """
    listed = list(statuses)
    counts = {status: listed.count(status) for status in _WORDS}
    parts = [f"{count} {_WORDS[status][count != 1]}" for status, count in counts.items() if count]
    if absent:
        parts.append(f"{absent} without a build")
    beside = f" ({stale} stale)" if stale else ""
    return plural(len(listed) + absent, "function") + (": " + ", ".join(parts) if parts else "") + beside
