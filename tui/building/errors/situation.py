"""What is known of a build that failed, besides its output: explanations hang on it."""

from __future__ import annotations

from dataclasses import dataclass

from tui.building.compilers import DEFAULT, by_name
from tui.building.plan.build_plan import BuildPlan, CompilerName


@dataclass(frozen=True, slots=True)
class Situation:
    """The plan of the build, and how it ended."""

    reactor: bool = False  # built with -buildmode=c-shared
    compiler: CompilerName = DEFAULT
    ended: str = ""  # the deploy tool's sentence: "tinygo build failed: signal: killed"
    free_memory: int | None = None  # bytes, just after it ended; None where it was not asked for

    @property
    def compiler_words(self) -> str:
        """The compiler as sentences name it."""
        return by_name(self.compiler).words.title


def situation_of(plan: BuildPlan, ended: str, *, here: bool = True) -> Situation:
    """What the plan of a build, and how it ended, say. Asks for the free memory where it was killed `here`."""
    free: int | None = None
    if here and ended.endswith("signal: killed"):
        from tui.building.process.jobs import free_memory

        free = free_memory()
    return Situation(plan.mode == "reactor", plan.compiler, ended, free)
