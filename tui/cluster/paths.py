"""Paths of a worker in what a compiler prints, as they are on the person's own machine."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tui.building.plan.build_plan import BuildPlan
from tui.cluster.modules import module_cache


@cache
def installed_in(program: str) -> str:
    """The folder that a compiler was installed into: its own sources may stand in errors."""
    return str(Path(program).resolve().parent.parent)


@dataclass(frozen=True, slots=True)
class Mapped:
    """Pairs of folders: there, here."""

    pairs: tuple[tuple[str, str], ...]

    @classmethod
    def between(cls, plan: BuildPlan, root: Path, there: Iterable[str]) -> Mapped:
        """Of the root of what was sent, the module cache, and where the compiler is installed."""
        here = (str(root), str(module_cache(os.environ)), installed_in(plan.executable or "/"))
        pairs = [(one.rstrip("/"), other.rstrip("/")) for one, other in zip(there, here, strict=True)]
        return cls(tuple(pair for pair in pairs if pair[0].count("/") > 1 and pair[0] != pair[1]))

    def back(self, line: str) -> str:
        """A line with the paths of this machine."""
        for there, here in self.pairs:
            if there in line:
                line = line.replace(f"{there}/", f"{here}/").replace(there, here or "/")
        return line
