"""What the build room hands on: plans, events, results, diagnostics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

CompilerName = Literal["tinygo", "go"]
BuildMode = Literal["command", "reactor"]
BuildStatus = Literal["built", "failed", "cancelled", "skipped"]
Stream = Literal["stdout", "stderr"]
DiagnosticSeverity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class BuildPlan:
    """The command that builds one function: a pure function of its directory, its config and the compiler."""

    argv: tuple[str, ...]
    cwd: Path
    output: Path
    mode: BuildMode
    reason: str  # why this mode
    compiler: CompilerName = "tinygo"
    env: Mapping[str, str] = field(default_factory=dict)  # added to the environment

    @property
    def argv0(self) -> str:
        """The program as the plan names it."""
        return self.argv[0]


@dataclass(frozen=True, slots=True)
class Diagnostic:
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


@dataclass(frozen=True, slots=True)
class BuildResult:
    """How a build ended."""

    directory: Path
    status: BuildStatus
    exit_code: int | None  # None: never started, or killed by a signal
    seconds: float
    size: int | None = None  # bytes of the new module
    error: str | None = None  # one sentence, where it did not end well
    diagnostics: tuple[Diagnostic, ...] = ()
    compiler: CompilerName = "tinygo"


@dataclass(frozen=True, slots=True)
class BuildStarted:
    """The compiler was started (or refused to)."""

    directory: Path
    plan: BuildPlan | None  # None where a precondition failed before there was one


@dataclass(frozen=True, slots=True)
class BuildOutput:
    """One line of compiler output, decoded with replacement, without its newline."""

    directory: Path
    stream: Stream
    line: str
    seconds: float  # since the start


@dataclass(frozen=True, slots=True)
class BuildEnded:
    """The build is over; nothing of it is left running."""

    directory: Path
    result: BuildResult


@dataclass(frozen=True, slots=True)
class BuildCancelling:
    """A cancel is under way: which signal went out, and in how many seconds the next, harder one follows."""

    directory: Path
    signal: str  # "SIGINT", "SIGTERM", "SIGKILL"
    next_in: float | None


BuildEvent = BuildStarted | BuildOutput | BuildCancelling | BuildEnded
