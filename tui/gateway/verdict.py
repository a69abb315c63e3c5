"""What the gateway room hands on: findings, verdicts, and the life of a function as the host drives it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from tui.facts import Fact
from tui.wasm.module import FuncType

if TYPE_CHECKING:
    from tui.wasm.mode import ExportMode

Severity = Literal["error", "warning", "info"]
VerdictStatus = Literal["ready", "warnings", "blocked"]
StepState = Literal["present", "wrong", "missing", "unknown"]  # unknown: there is no module to look at


class Place(Fact):
    """Where a finding can be acted on: a file of the function directory, and a 1-based line and column if known."""

    path: str  # relative to the function directory: "function.yaml", "function.wasm", "function.go"
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.path, self.line, self.column) if part is not None)


class Finding(Fact):
    """One thing that the gateway would refuse, swallow or that one should know."""

    check: str  # the check's id
    severity: Severity
    message: str  # one sentence, with the names and numbers of this function
    at_run_time: str  # the words or the silence that the user would otherwise meet
    remedy: str  # what to change, or which key to press
    where: Place | None = None


class Verdict(Fact):
    """All findings on one function, worst first."""

    status: VerdictStatus
    findings: tuple[Finding, ...] = ()
    is_cut: bool = False  # a limit of ours was reached before all of the module's bytes were looked at

    def count(self, severity: Severity) -> int:
        """How many findings have that severity."""
        return sum(1 for finding in self.findings if finding.severity == severity)


class LifeStep(Fact):
    """One station of a function's life: an export that the host calls, or something that the host does itself.

    Texts that come from a module or a contract are already escaped for display.
    """

    label: str  # "_initialize", "ws_frame", "stdin/stdout", "exit"
    export: str | None  # the export called here; None for what the host does itself
    state: StepState
    expected: FuncType | None = None
    actual: str | None = None  # the type found, where it is another; "memory 2 pages" and the like
    repeats: bool = False  # ws_frame: once a frame
    note: str = ""  # what breaks here, in words; "" where nothing does
    does: str = ""  # what happens here when all is well, in two or three words
    more: str = ""  # what else one should know here
    actual_type: FuncType | None = None  # the type found, where it is a function of another type
    accident: str = ""  # why the host gets along all the same, where it is not as it should be: nothing breaks then
    words: str = ""  # what the host says where it breaks; "": what it says of the kind
    lit: bool = False  # it runs just now

    @property
    def holds(self) -> bool:
        """Whether the trip goes on here."""
        return self.state in ("present", "unknown") or bool(self.accident)


class Life(Fact):
    """The life of a function as the host will drive it, and where the trip would end."""

    kind: str  # the contract's name of it: "command", "persistent", "reactor"
    reason: str  # why `expected`: "ws_persistent: true", "default", "function.yaml is refused"
    expected: ExportMode | None  # None: function.yaml cannot be read
    actual: ExportMode | None  # None: no module, or not a core module
    steps: tuple[LifeStep, ...]
    helpers: tuple[LifeStep, ...]  # what the steps lean on: memory, orama_alloc/malloc
    breaks_at: int | None  # index into steps where the trip ends badly; None: arrives, or unknown
    summary: str  # one sentence: "every export traps: the runtime is never initialised"
    remedy: str = ""  # what to do about it; "" where there is nothing to do
    failure: str = ""  # what a caller sees: "empty output"; "" where the trip arrives
    has_module: bool = False  # whether there is a file at all, readable or not
    by_exports: bool = False  # the host picks this kind by what the module exports, whatever function.yaml says

    @property
    def matches(self) -> bool | None:
        """Whether the actual mode is the expected one; None where one of them is not known."""
        return None if self.actual is None or self.expected is None else self.actual == self.expected

    @property
    def arrives(self) -> bool | None:
        """Whether the trip would reach its end; None without a module."""
        if not self.has_module:
            return None
        return self.breaks_at is None and all(helper.holds for helper in self.helpers)
