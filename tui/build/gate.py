"""What decides, just before a build, whether it is needed: a port that the queue and the runner call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from tui.build.model import BuildPlan, BuildResult
from tui.workspace.model import FunctionConfig


@dataclass(frozen=True, slots=True)
class Look:
    """What was found before a build. `key` goes back unread to `settle` after it."""

    fresh: bool  # the module is up to date: no build unless forced
    reason: str  # "unchanged since ...", "function.go changed"
    key: object = None  # e.g. the hash of the inputs as they were before the build


class Gate(Protocol):
    """Knows which functions are up to date. Both methods may take their time: they are awaited."""

    async def look(self, plan: BuildPlan, config: FunctionConfig) -> Look:
        """Whether function.wasm is up to date, and the state of the inputs now. Called with the function locked."""

    async def settle(self, plan: BuildPlan, config: FunctionConfig, look: Look, result: BuildResult) -> None:
        """Remember how the build ended. Called for built and failed ones, before `BuildEnded` goes out."""


class AlwaysStale:
    """A gate that lets every build through and remembers nothing."""

    async def look(self, plan: BuildPlan, config: FunctionConfig) -> Look:  # noqa: ARG002
        """Never fresh."""
        return Look(fresh=False, reason="not checked")

    async def settle(self, plan: BuildPlan, config: FunctionConfig, look: Look, result: BuildResult) -> None:
        """Nothing to remember."""
