"""What the screen knows of one function: its Assessment, and what has happened to it since the screen was opened.

One store owns the records; widgets are told, and report back.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from tui.assessment.assessment import Assessment
from tui.facts import Fact

if TYPE_CHECKING:
    from tui.building.events import BuildResult, WaitsFor
    from tui.building.log.transcript import Transcript
    from tui.wasm.validate import Validation

BuildPhase = Literal["idle", "queued", "building", "cancelling"]

OVERRUN = 3  # times the expected duration, after which it is no longer told


class BuildProgress(Fact):
    """Where a function's build stands."""

    phase: BuildPhase = "idle"
    position: int = 0  # 1-based place in the queue while queued
    started: float = 0.0  # time.monotonic() at the start, while building
    expected: float | None = None  # seconds that the last good build by the same compiler took
    signal: str | None = None  # while cancelling: the signal sent
    deadline: float | None = None  # while cancelling: time.monotonic() of the next, harder signal
    trigger: str | None = None  # "function.go changed", where watch asked for it
    waits_for: WaitsFor | None = None  # while queued, once its turn has come: what keeps it from being built
    doing: str | None = None  # what the compiler does now: "linking"; None where that is not known
    usual: tuple[tuple[str, float], ...] = ()  # seconds that each phase took in the last good build

    def doing_words(self) -> str:
        """`linking ~3 s`: what the compiler does, and how long that took the last time; "" where it is not known."""
        if self.doing is None:
            return ""
        usual = dict(self.usual).get(self.doing)
        return f"{self.doing} ~{max(usual, 1):.0f} s" if usual is not None else self.doing

    def awaited(self, elapsed: float) -> str:
        """` ~12 s`, the time to be expected; "" where none is known, or where it was overrun by far."""
        if self.expected is None or elapsed > self.expected * OVERRUN:
            return ""
        return f" ~{max(self.expected, 1):.0f} s"


IDLE: Final = BuildProgress()


@dataclass(frozen=True, slots=True)
class FunctionRecord(Assessment):
    """All that is known of one function now. None means not known yet, or not there."""

    progress: BuildProgress = IDLE
    last: BuildResult | None = None  # the last build of this session
    finished: float | None = None  # POSIX time at which it ended
    began: bool = True  # whether its compiler was started: else what stood in its way is to be seen on disk
    transcript: Transcript | None = None
    marked: bool = False
    previous_size: int | None = None  # bytes of the module before the last good build
    previous: Path | None = None  # a copy of the module before the last good build, for the difference
    validation: Validation | None = None  # full validation, where the extra is installed
    tested: tuple[int, int] | None = None  # of the kept calls: how many came as expected when they ran, of how many
