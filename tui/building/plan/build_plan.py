"""The plan of a build. Apart from the other models, since a command that only plans should start fast."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal

from tui.facts import Fact

CompilerName = str  # of a compiler: "tinygo", "go"
BuildMode = Literal["command", "reactor"]
_NOTHING: Final[Mapping[str, str]] = {}


class BuildPlan(Fact):
    """The command that builds one function: a pure function of its directory, its config and the compiler."""

    argv: tuple[str, ...]
    cwd: Path
    output: Path
    mode: BuildMode
    reason: str  # why this mode
    compiler: CompilerName
    env: Mapping[str, str] = _NOTHING  # added to the environment
    env_defaults: Mapping[str, str] = _NOTHING  # added only where the person has set none
    executable: str | None = None  # the program found for argv0; None where there is none
    note: str | None = None  # the deploy tool's own line on the mode, where it has one

    @property
    def argv0(self) -> str:
        """The program as the plan names it."""
        return self.argv[0]
