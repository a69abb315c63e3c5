"""What the build room hands on: plans, events, results, diagnostics."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tui.building.compilers import DEFAULT
from tui.building.plan.build_plan import BuildMode, BuildPlan, CompilerName
from tui.facts import Fact

__all__ = [
    "BuildCancelling",
    "BuildEnded",
    "BuildEvent",
    "BuildMode",
    "BuildOrigin",
    "BuildOutput",
    "BuildOutputBatch",
    "BuildPhase",
    "BuildPlan",
    "BuildQueued",
    "BuildResult",
    "BuildStarted",
    "BuildStatus",
    "BuildWaiting",
    "CompilerName",
    "Diagnostic",
    "DiagnosticSeverity",
    "QueueChanged",
    "QueueEvent",
    "Stream",
    "WaitsFor",
]

# "lost": where it was to be built has gone, so that nothing is known of it; it is on no record
BuildStatus = Literal["built", "failed", "cancelled", "skipped", "lost"]
# "function": another fn-tui builds it; "slot": no worker is free; "equal": a worker builds the same for somebody
WaitsFor = Literal["function", "slot", "equal"]
BuildOrigin = Literal["person", "watch"]
Stream = Literal["stdout", "stderr"]
DiagnosticSeverity = Literal["error", "warning", "note"]


class Diagnostic(Fact):
    """One thing that a compiler or linker said, placed in the source where it can be. Lines and columns 1-based."""

    severity: DiagnosticSeverity
    message: str  # first line, without the position
    path: str | None = None  # relative to the function directory, or absolute
    line: int | None = None
    column: int | None = None
    package: str | None = None  # from the "# pkg" line above
    details: tuple[str, ...] = ()  # continuation lines
    fix: str | None = None  # a command to copy: "go get X"
    explanation: str | None = None  # a plain sentence and a remedy, for known failures
    in_toolchain: bool = False  # the path lies in the compiler's own tree, not the user's
    log_line: int | None = None  # 0-based index into the transcript


class BuildResult(Fact):
    """How a build ended."""

    directory: Path
    status: BuildStatus
    exit_code: int | None  # None: never started, or killed by a signal
    seconds: float
    size: int | None = None  # bytes of the new module
    error: str | None = None  # one line, where it did not end well: the first error where the compiler gave one
    diagnostics: tuple[Diagnostic, ...] = ()
    compiler: CompilerName = DEFAULT
    recorded: bool = False  # it is on record for later looks
    note: str | None = None  # something to know beside the outcome: the build could not be put on record
    phases: tuple[tuple[str, float], ...] = ()  # what it did, each phase with its seconds; only of builds long enough
    finished: float | None = None  # POSIX time of its end, as it is on record
    worker: str | None = None  # the machine that built it, where that is not this one
    argv: tuple[str, ...] = ()  # what ran there, where that is not what the plan names
    tool_error: str | None = None  # the deploy tool's own sentence on the failure: "tinygo build failed: exit status 1"


class BuildStarted(Fact):
    """The compiler runs."""

    directory: Path
    plan: BuildPlan
    pid: int | None = None
    worker: str | None = None  # the machine that it runs on, where that is not this one


class BuildOutput(Fact):
    """One line of compiler output, decoded with replacement, without its newline."""

    directory: Path
    stream: Stream
    line: str
    seconds: float  # since the start


@dataclass(frozen=True, slots=True)
class BuildOutputBatch:
    """The lines that one read of one stream completed: what a flood is carried in. Iterating gives single lines."""

    directory: Path
    stream: Stream
    lines: tuple[str, ...]  # decoded with replacement, without newlines, escapes and `\\r` as the compiler wrote them
    seconds: float  # since the start, the same for all

    def __iter__(self) -> Iterator[BuildOutput]:
        return (BuildOutput(self.directory, self.stream, line, self.seconds) for line in self.lines)


class BuildPhase(Fact):
    """What the compiler does now, as far as its programs and its folder show: TinyGo itself prints nothing."""

    directory: Path
    phase: str  # "compiling", "linking", "wasm-opt"
    seconds: float  # since the start


class BuildEnded(Fact):
    """The build is over; nothing of it is left running."""

    directory: Path
    result: BuildResult


class BuildCancelling(Fact):
    """A cancel is under way: which signal went out, and in how many seconds the next, harder one follows."""

    directory: Path
    signal: str  # "SIGINT", "SIGTERM", "SIGKILL"
    next_in: float | None


class BuildWaiting(Fact):
    """Its turn has come, but no compiler runs (any more): it waits. `BuildStarted` comes when one does."""

    directory: Path
    pid: int | None = None  # of the other fn-tui, where it waits for that and it can be known
    waits_for: WaitsFor = "function"
    worker: str | None = None  # the machine at which it waits, where that is not this one


class BuildQueued(Fact):
    """A function was put into the queue."""

    directory: Path
    position: int  # 1-based
    origin: BuildOrigin
    trigger: str | None = None  # "function.go changed", where watch asked for it


class QueueChanged(Fact):
    """The queue as it stands now: sent after each change of order, of what builds, or of the number of jobs."""

    queued: tuple[Path, ...]  # in the order in which they will start
    building: tuple[Path, ...]  # in the order in which their turn came; on a cluster some of them wait there
    jobs: int  # how many may build at once


BuildEvent = BuildStarted | BuildOutputBatch | BuildPhase | BuildCancelling | BuildWaiting | BuildEnded
QueueEvent = BuildEvent | BuildQueued | QueueChanged
