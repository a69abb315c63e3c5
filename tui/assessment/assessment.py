"""What is known of one function, and the two words that come of it: its state, and the verdict on it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar

from tui.assessment.brief import Brief, brief_of
from tui.lines.states import State

if TYPE_CHECKING:
    from tui.building.inputs.freshness import Staleness
    from tui.building.inputs.inputs import Inputs
    from tui.building.plan.build_plan import BuildPlan
    from tui.building.record.history import BuildRecord
    from tui.building.record.runs import RunRecord
    from tui.gateway.checks.imports import ImportGroup
    from tui.gateway.verdict import Finding, Life, Verdict, VerdictStatus
    from tui.wasm.module import Module
    from tui.workspace.function import ConfigError, ConfigReading, Function

A = TypeVar("A", bound="Assessment")
VerdictWord = Literal["ready", "warnings", "blocked", "unbuilt", "failed", "incomplete"]
BAD: Final[frozenset[VerdictWord]] = frozenset({"blocked", "failed", "incomplete"})  # deploying it would not end well
UNCERTAIN: Final[frozenset[VerdictWord]] = frozenset({"warnings", "unbuilt"})  # nor by those who are strict

Stamp = tuple[int, int, int]  # mtime_ns, size, inode


@dataclass(frozen=True, slots=True)
class Assessment:
    """All that the disk tells of one function. None means: not looked at yet, or not there.

    `tui.assessment.assess` fills it in three steps: read (config and plan), weigh (inputs, module file, builds on
    record), judge (module and verdict).
    """

    function: Function
    # read
    reading: ConfigReading | None = None
    source: bytes | None = None  # function.yaml's first bytes, for showing offending lines
    plan: BuildPlan | None = None
    # weighed
    at: float = 0.0  # POSIX time at which the weighing began
    inputs: Inputs | None = None
    staleness: Staleness | None = None
    modified: float | None = None  # POSIX time of function.wasm; None where there is none
    history: tuple[BuildRecord, ...] = ()  # builds on record, oldest first
    ended: BuildRecord | None = None  # the last of them, where it failed or was cancelled and that is still the news
    # judged
    stamp: Stamp | None = None  # of the file that `module` was read from
    module: Module | None = None
    module_error: str | None = None  # why a function.wasm that is there could not be read
    verdict: Verdict | None = None
    life: Life | None = None
    imports: tuple[ImportGroup, ...] = ()
    ran: RunRecord | None = None  # the last run of this module here
    unvalidated: Path | None = None  # the file that a validation would come to lie in, where none is known; else None
    brief: Brief | None = None  # stands for inputs, history, module, life and imports where those were left kept

    @property
    def is_whole(self) -> bool:
        """Whether all is here; else inputs, history, module, life and imports were left where they are kept."""
        return self.brief is None

    @property
    def told(self) -> Brief:
        """What lists tell of the module and the builds."""
        return self.brief or brief_of(self.module, self.life, self.history)

    @property
    def wasm(self) -> Path:
        """Where the function's module lies, whether or not it is there."""
        return self.function.directory / "function.wasm"

    @property
    def path(self) -> str:
        """The function's path, relative to the workspace: its identity."""
        return self.function.path

    @property
    def refusal(self) -> ConfigError | None:
        """Why the deploy tool refuses function.yaml; None where it does not, or nobody has looked."""
        return self.reading.error if self.reading is not None else None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the gateway would refuse or swallow, or one should know; worst first. None before it was judged."""
        return self.verdict.findings if self.verdict is not None else ()

    @property
    def is_unbuilt(self) -> bool:
        """Whether there is no function.wasm."""
        return self.staleness is not None and self.staleness.state == "absent"

    @property
    def needs_verdict(self) -> bool:
        """Whether only the third step tells the state."""
        return self.staleness is not None and self.state == "reading"

    @property
    def state(self) -> State:
        """The function's one state, as far as the disk tells: the first that holds."""
        if self.reading is None:
            return "reading"
        if self.reading.error is not None:
            return "refused"
        if self.staleness is None:
            return "reading"
        if self.ended is not None:
            return "failed" if self.ended.status == "failed" else "cancelled"
        if self.is_unbuilt:
            return "unbuilt"
        return self._module_state()

    def _module_state(self) -> State:
        if self.verdict is None:
            return "reading"
        if self.verdict.status == "blocked":
            return "blocked"
        if self.staleness is not None and self.staleness.is_stale:
            return "stale"
        return self.verdict.status

    @property
    def verdict_word(self) -> VerdictWord:
        """What to expect of deploying it. Of a function that is not judged yet nothing is known: incomplete."""
        if self.refusal is not None:
            return "blocked"
        if self.ended is not None and self.ended.status == "failed":
            return "failed"
        if self.verdict is None or self.staleness is None:
            return "incomplete"
        return self._judged_word(self.verdict.status)

    def _judged_word(self, status: VerdictStatus) -> VerdictWord:
        if status == "blocked":
            return "blocked"
        if self.is_unbuilt:
            return "unbuilt"
        if not self.told.complete or (self.verdict is not None and self.verdict.is_cut):
            return "incomplete"  # what was not read to its end is never judged as if it were whole
        return status


def outlined(found: A) -> A:
    """The same without what takes memory, and is asked for where one function is looked at: its brief stands for it."""
    rest: dict[str, Any] = {"source": None, "inputs": None, "history": (), "module": None, "life": None, "imports": ()}
    return replace(found, brief=found.told, **rest)
