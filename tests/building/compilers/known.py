"""A compiler of which everything is given: what a build would use, without one on this machine."""

from __future__ import annotations

from dataclasses import dataclass

from tui.building.plan.build_plan import CompilerName


@dataclass(frozen=True)
class Known:
    """See `tui.building.compilers.chosen.Compiler`."""

    name: CompilerName = "tinygo"
    version: str | None = None
    program: str | None = "/opt/compiler"
    go_version: str | None = None
