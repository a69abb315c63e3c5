"""How to build, whatever it is that is built."""

from __future__ import annotations

from dataclasses import dataclass, field

from tui.building.compilers import DEFAULT
from tui.building.events import BuildOrigin, CompilerName
from tui.building.inputs.need import AlwaysNeeded, NeedCheck
from tui.building.process.executor import Executor, Here
from tui.building.process.stopping import LADDER, Step


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """How to build."""

    compiler: CompilerName = DEFAULT
    force: bool = False  # also what is up to date
    timeout: float | None = None  # seconds; then it is stopped, and has failed
    need_check: NeedCheck = field(default_factory=AlwaysNeeded)
    trigger: str | None = None  # what asked for it, for the record: "function.go changed"
    ladder: tuple[Step, ...] = LADDER
    keep_previous: bool = False  # the module that a good build replaces, to show the difference
    executor: Executor = field(default_factory=Here)
    origin: BuildOrigin = "person"
