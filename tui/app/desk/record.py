"""What the screen knows of one function. One store owns the records; widgets are told, and report back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pathlib import Path

    from tui.building.inputs.freshness import Staleness
    from tui.building.log.transcript import Transcript
    from tui.building.model import BuildPlan, BuildResult
    from tui.building.record.history import BuildRecord
    from tui.gateway.checks.imports import ImportGroup
    from tui.gateway.model import Life, Verdict
    from tui.wasm.model import Module
    from tui.wasm.validate import Validation
    from tui.workspace.model import ConfigReading, Function

BuildPhase = Literal["idle", "queued", "building", "cancelling"]
FunctionState = Literal[
    "loading",
    "ready",
    "warnings",
    "blocked",
    "failed",
    "config-error",
    "stale",
    "absent",
    "queued",
    "building",
    "cancelled",
]


OVERRUN = 3  # times the expected duration, after which it is no longer told


@dataclass(frozen=True, slots=True)
class BuildProgress:
    """Where a function's build stands."""

    phase: BuildPhase = "idle"
    position: int = 0  # 1-based place in the queue while queued
    started: float = 0.0  # time.monotonic() at the start, while building
    expected: float | None = None  # seconds that the last good build by the same compiler took
    signal: str | None = None  # while cancelling: the signal sent
    deadline: float | None = None  # while cancelling: time.monotonic() of the next, harder signal
    trigger: str | None = None  # "function.go changed", where watch asked for it
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


@dataclass(frozen=True, slots=True)
class FunctionRecord:
    """All that is known of one function now. None means not known yet, or not there."""

    function: Function
    reading: ConfigReading | None = None
    source: bytes | None = None  # function.yaml as read, for showing offending lines
    plan: BuildPlan | None = None
    module: Module | None = None
    module_error: str | None = None  # function.wasm is there and could not be read
    modified: float | None = None  # POSIX time of function.wasm
    staleness: Staleness | None = None
    verdict: Verdict | None = None
    life: Life | None = None
    imports: tuple[ImportGroup, ...] = ()
    progress: BuildProgress = BuildProgress()
    last: BuildResult | None = None  # the last build of this session
    finished: float | None = None  # POSIX time at which it ended
    failure: BuildRecord | None = None  # the build on record, where it failed and nothing has changed since
    transcript: Transcript | None = None
    history: tuple[BuildRecord, ...] = ()
    marked: bool = False
    previous_size: int | None = None  # bytes of the module before the last good build
    previous: Path | None = None  # a copy of the module before the last good build, for the difference
    validation: Validation | None = None  # full validation, where the extra is installed

    @property
    def wasm(self) -> Path:
        """Where the function's module lies, whether or not it is there."""
        return self.function.directory / "function.wasm"

    @property
    def path(self) -> str:
        """The function's path, relative to the workspace: its identity on screen."""
        return self.function.path
