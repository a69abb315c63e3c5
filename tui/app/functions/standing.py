"""Which state a function is in, from all that is known of it. The list's glyph, the header's counts, the title."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.app.desk.record import FunctionRecord, FunctionState

if TYPE_CHECKING:
    from tui.building.record.history import BuildRecord


# States in which a function is not well, worst first: what the terminal's title and the header tell first.
TROUBLE: tuple[FunctionState, ...] = ("config-error", "failed", "blocked")
BUSY: frozenset[FunctionState] = frozenset({"queued", "building"})


def state_of(record: FunctionRecord) -> FunctionState:
    """The state shown for a function: what happens now, else what stands in the way first, else how its module is."""
    if record.progress.phase != "idle":
        return "queued" if record.progress.phase == "queued" else "building"
    if record.reading is None:
        return "loading"
    if record.reading.error is not None:
        return "config-error"
    ended = _ended(record)
    return ended if ended is not None else _module_state(record)


def _ended(record: FunctionRecord) -> FunctionState | None:
    """How the last build ended, of this session or on record before it, where that is still the news."""
    if record.last is None:
        return "failed" if record.failure is not None else None
    if record.last.status not in ("failed", "cancelled"):
        return None
    replaced = record.modified is not None and record.finished is not None and record.modified > record.finished
    if replaced:
        return None  # somebody built it since, outside
    return "failed" if record.last.status == "failed" else "cancelled"


def _module_state(record: FunctionRecord) -> FunctionState:
    if record.module_error is not None:
        return "blocked"
    if record.modified is None:
        return "absent"
    if record.verdict is None:
        return "loading"
    if record.verdict.status == "blocked":
        return "blocked"
    if record.staleness is not None and record.staleness.state == "stale":
        return "stale"
    return record.verdict.status


def first_trouble(record: FunctionRecord) -> str | None:
    """The first thing that is wrong, in one line; None where nothing is. Not escaped."""
    if record.reading is not None and record.reading.error is not None:
        line = record.reading.error.line
        return f"function.yaml{f':{line}' if line else ''}: {record.reading.error.text}"
    if _ended(record) == "failed":
        return _failure(record)
    if record.module_error is not None:
        return record.module_error
    if record.verdict is not None and record.verdict.status == "blocked":
        return next((f.message for f in record.verdict.findings if f.severity == "error"), None)
    return None


def _failure(record: FunctionRecord) -> str | None:
    """What the build that failed says: its first error, else its own sentence."""
    if record.last is not None:
        return record.last.error  # its first error, where the compiler gave one
    return failure_words(record.failure) if record.failure is not None else None


def failure_words(failure: BuildRecord) -> str:
    """What is known of a build that failed before this session: its diagnostics went with that one."""
    from tui.app.functions.module_words import clock

    return f"the last build failed ({clock(failure.finished)}); b builds it again"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many functions are in each state."""

    states: Mapping[FunctionState, int]

    @property
    def total(self) -> int:
        """All functions."""
        return sum(self.states.values())

    @property
    def trouble(self) -> int:
        """Functions that are refused, failed or blocked."""
        return sum(self.states.get(state, 0) for state in TROUBLE)

    @property
    def busy(self) -> int:
        """Functions queued or building."""
        return sum(self.states.get(state, 0) for state in BUSY)

    def __getitem__(self, state: FunctionState) -> int:
        return self.states.get(state, 0)


def window_title(counts: Counts, workspace: str) -> str:
    """The terminal's title: what builds or what is wrong first, then where. Not escaped."""
    parts = []
    if counts.busy:
        parts.append(f"{counts.busy} building")
    if counts.trouble:
        parts.append(f"{counts.trouble} not well")
    if not parts and counts.total:
        parts.append("all well" if counts["ready"] == counts.total else f"{counts.total} functions")
    return " · ".join([*parts, workspace, "fn-tui"])


def count_states(states: Mapping[str, FunctionState]) -> Counts:
    """Counts over a mapping of path to state."""
    return Counts(Counter(states.values()))
