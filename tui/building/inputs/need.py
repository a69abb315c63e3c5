"""What decides, just before a build, whether it is needed: a port that the queue and the runner call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from tui.building.events import BuildPlan, BuildResult

if TYPE_CHECKING:
    from tui.building.record.history import BuildRecord
    from tui.workspace.function import FunctionConfig


@dataclass(frozen=True, slots=True)
class BuildNeed:
    """What was found before a build. `key` goes back unread to `record` after it."""

    fresh: bool  # the module is up to date: no build unless forced
    reason: str  # "unchanged since ...", "function.go changed"
    key: object = None  # e.g. the hash of the inputs as they were before the build


class NeedCheck(Protocol):
    """Knows which functions are up to date. Both methods read the disk: they are called in threads, several at once."""

    def check(self, plan: BuildPlan, config: FunctionConfig, *, forced: bool) -> BuildNeed:
        """Whether function.wasm is up to date, and the state of the inputs now. Called with the function locked.

        `forced`: it is built in any case, so only the state of the inputs matters.
        """

    def record(self, plan: BuildPlan, need: BuildNeed, result: BuildResult, trigger: str | None) -> str | None:
        """Remember how the build ended, before `BuildEnded` goes out; the sentence of what went wrong, or None."""


class AlwaysNeeded:
    """One that lets every build through and remembers nothing."""

    def check(self, plan: BuildPlan, config: FunctionConfig, *, forced: bool) -> BuildNeed:  # noqa: ARG002
        """Never fresh."""
        return BuildNeed(fresh=False, reason="not checked")

    def record(self, plan: BuildPlan, need: BuildNeed, result: BuildResult, trigger: str | None) -> str | None:  # noqa: ARG002
        """Nothing to remember."""
        return None


class NeedByHistory:
    """Goes by the builds on record: fresh is what was built from the very inputs that are there now.

    A module that is on no record (somebody else built it) is always built: only a record proves its inputs.
    """

    def check(self, plan: BuildPlan, config: FunctionConfig, *, forced: bool) -> BuildNeed:
        """Hash the inputs and compare."""
        return _need(plan, config, forced)

    def record(self, plan: BuildPlan, need: BuildNeed, result: BuildResult, trigger: str | None) -> str | None:
        """Put the build on record. One that cannot be written costs a build next time."""
        return _record(plan, need, result, trigger)


def _need(plan: BuildPlan, config: FunctionConfig, forced: bool) -> BuildNeed:
    from tui.building.inputs.inputs import read_inputs

    inputs = read_inputs(plan.cwd)
    if forced:  # the rest is loaded while the compiler works
        return BuildNeed(fresh=False, reason="forced", key=inputs)
    from tui.building.compilers.chosen import ChosenCompiler
    from tui.building.inputs.freshness import staleness
    from tui.building.process.module_fault import module_fault
    from tui.building.record.history import load_history

    history = load_history(plan.cwd)
    compiler = ChosenCompiler(plan.compiler)
    state = staleness(plan.cwd, config, compiler=compiler, history=history, inputs=inputs)
    proven = _on_record(plan, history.last_built, inputs.fingerprint)
    fresh = state.state == "fresh" and proven and module_fault(plan.output) is None
    return BuildNeed(fresh, state.reason or "unchanged since the last build", inputs)


def _on_record(plan: BuildPlan, record: BuildRecord | None, fingerprint: str) -> bool:
    """Whether this very module was built from inputs of this fingerprint, by the compiler that is there now."""
    if record is None or record.fingerprint != fingerprint:
        return False
    from tui.building.compilers.versions import installed_at

    try:
        same = plan.output.stat().st_mtime_ns == record.wasm_modified_ns
    except OSError:
        return False
    return same and installed_at(plan.executable or plan.argv0) < record.finished


def _record(plan: BuildPlan, need: BuildNeed, result: BuildResult, trigger: str | None) -> str | None:
    from tui.building.inputs.freshness import remember_build
    from tui.building.inputs.inputs import Inputs

    inputs = need.key if isinstance(need.key, Inputs) else None
    return remember_build(result, plan, inputs, compiler_version=_compiler_version(plan), trigger=trigger)


def _compiler_version(plan: BuildPlan) -> str | None:
    from tui.building.compilers import by_name

    if plan.executable is None:
        return None
    return by_name(plan.compiler).known_version(plan.executable)
