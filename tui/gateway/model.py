"""What the gateway room hands on: findings, verdicts, and the life of a function as the host drives it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tui.wasm.model import ExportMode, FuncType

Severity = Literal["error", "warning", "info"]
VerdictStatus = Literal["ready", "warnings", "blocked"]
FunctionKind = Literal["command", "persistent", "reactor"]
StepState = Literal["present", "wrong", "missing", "unknown"]  # unknown: there is no module to look at


@dataclass(frozen=True, slots=True)
class Place:
    """Where a finding can be acted on: a file of the function directory, and a 1-based line and column if known."""

    path: str  # relative to the function directory: "function.yaml", "function.wasm", "function.go"
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.path, self.line, self.column) if part is not None)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that the gateway would refuse, swallow or that one should know."""

    check: str  # the check's id
    severity: Severity
    message: str  # one sentence, with the names and numbers of this function
    at_run_time: str  # the words or the silence that the user would otherwise meet
    remedy: str  # what to change, or which key to press
    where: Place | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """All findings on one function, worst first."""

    status: VerdictStatus
    findings: tuple[Finding, ...] = ()

    def count(self, severity: Severity) -> int:
        """How many findings have that severity."""
        return sum(1 for finding in self.findings if finding.severity == severity)


@dataclass(frozen=True, slots=True)
class LifeStep:
    """One station of a function's life: an export that the host calls, or something that the host does itself."""

    label: str  # "_initialize", "ws_frame", "stdin/stdout", "exit"
    export: str | None  # the export called here; None for what the host does itself
    state: StepState
    expected: FuncType | None = None
    actual: str | None = None  # the type found, where it is another; "memory 2 pages" and the like
    repeats: bool = False  # ws_frame: once a frame
    note: str = ""  # what happens here, or what breaks here, in words


@dataclass(frozen=True, slots=True)
class Life:
    """The life of a function as the host will drive it, and where the trip would end."""

    kind: FunctionKind
    reason: str  # why this kind: "ws_persistent: true", "default"
    expected: ExportMode
    actual: ExportMode | None  # None: no module
    steps: tuple[LifeStep, ...]
    helpers: tuple[LifeStep, ...]  # what the steps lean on: memory, orama_alloc/malloc
    breaks_at: int | None  # index into steps where the trip ends badly; None: arrives
    summary: str  # one sentence: "every export traps: the runtime is never initialised"

    @property
    def matches(self) -> bool | None:
        """Whether the actual mode is the expected one; None without a module."""
        return None if self.actual is None else self.actual == self.expected
