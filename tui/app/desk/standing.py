"""Which state a function is in, from all that is known of it. The list's glyph, the header's counts, the title,
and what leads on from there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.app.colours.roles import Line, Part
from tui.app.desk.record import BuildPhase, FunctionRecord
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import line_of
from tui.lines.states import State
from tui.text import plural

if TYPE_CHECKING:
    from tui.building.record.history import BuildRecord


# States in which a function is not well, worst first: what the terminal's title and the header tell first.
TROUBLE: tuple[State, ...] = ("refused", "failed", "blocked")
BUSY: frozenset[State] = frozenset({"queued", "building"})
_UNDER_WAY: dict[BuildPhase, str] = {
    "queued": "it waits for its turn",
    "building": "it is being built",
    "cancelling": "its build is being cancelled",
}


def state_of(record: FunctionRecord) -> State:
    """The function's one state: what happens now, else how the last build of this session ended, else its Assessment's.

    A build ends for a person when what it made has been looked at; that it failed is believed until then.
    """
    if record.reading is None:
        return "reading"
    if record.progress.phase != "idle":
        return "queued" if record.progress.phase == "queued" else "building"
    if record.reading.error is not None:
        return "refused"
    if record.last is None or _is_seen(record):
        return record.state
    if record.last.status == "built":
        return "building"
    return "failed" if record.last.status == "failed" else "cancelled"


def is_being_read(record: FunctionRecord) -> bool:
    """Whether its last build has made a module that was not looked at yet."""
    return record.last is not None and record.last.status == "built" and not _is_seen(record)


def _is_seen(record: FunctionRecord) -> bool:
    """Whether the Assessment knows of the last build of this session, or something came after it."""
    if record.last is None or record.finished is None or record.last.status == "skipped":
        return True
    if record.modified is not None and record.modified > record.finished:
        return True  # somebody built it since, outside
    if record.last.status == "built" or record.last.recorded or (record.last.status == "failed" and not record.began):
        return record.at >= record.finished
    return False  # it is on no record


def is_outdone(record: FunctionRecord) -> bool:
    """Whether the function was built again since its last build that the screen knows the words of: outside."""
    if record.last is None or record.finished is None:
        return False
    newer = record.told.built or 0.0
    # The record of that build itself may have been written a moment after it ended.
    return newer > record.finished + 1 or (record.modified is not None and record.modified > record.finished + 1)


def first_trouble(record: FunctionRecord) -> str | None:
    """The first thing that is wrong, in one line; None where nothing is. Not escaped."""
    if record.refusal is not None:
        return record.refusal.summary
    if state_of(record) == "failed":
        return _failure(record)
    if record.module_error is not None:
        return record.module_error
    if record.verdict is not None and record.verdict.status == "blocked":
        return next((f.message for f in record.findings if f.severity == "error"), None)
    return None


def _failure(record: FunctionRecord) -> str | None:
    """What the build that failed says: its first error, where the compiler gave one, else its own sentence."""
    if record.last is not None and record.last.status == "failed":
        return record.last.error
    if record.ended is None:
        return None
    return record.ended.error or failure_words(record.ended)


def failure_words(ended: BuildRecord) -> str:
    """What is known of a build that failed before this session: its diagnostics went with that one."""
    from tui.app.desk.module_words import clock

    return f"the last build failed ({clock(ended.finished)})"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many functions are in each state."""

    states: Mapping[State, int]

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

    def __getitem__(self, state: State) -> int:
        return self.states.get(state, 0)


def window_title(counts: Counts, workspace: str) -> str:
    """The terminal's title: what builds or what is wrong first, then where. Not escaped."""
    parts = []
    if counts.busy:
        parts.append(f"{counts.busy} building")
    if counts.trouble:
        parts.append(f"{counts.trouble} not well")
    if not parts and counts.total:
        parts.append("all well" if counts["ready"] == counts.total else plural(counts.total, "function"))
    return " · ".join([*parts, workspace, "fn-tui"])


def way_to_build(record: FunctionRecord, glyphs: Glyphs) -> Line:
    """What leads to a module, as things are: a refused config and sources that do not compile come first."""
    if (words := _UNDER_WAY.get(record.progress.phase)) is not None:
        return (Part(words, "muted"),)
    if record.refusal is not None:
        return line_of(Part(glyphs.key("edit"), "key"), Part(" opens function.yaml, which is refused", "muted"))
    if state_of(record) == "failed":
        key = Part(glyphs.key("next-error"), "key")
        return line_of(key, Part(" goes to the first error of the last build", "muted"))
    return line_of(Part(glyphs.key("build"), "key"), Part(" builds it", "muted"))
